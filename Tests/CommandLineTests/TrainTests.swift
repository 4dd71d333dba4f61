import Foundation
import TestSupport
import Testing

@Suite("harrier train")
struct TrainTests {
    private func arguments(
        _ model: String, loss: String = "cross_entropy", optimizer: String = "sgd", _ more: [String] = []
    ) throws -> [String] {
        ["train", try Fixtures.path(model), "--loss", loss, "--optimizer", optimizer] + more
    }

    @Test("CrypTen's own training costs what was measured, phase by phase")
    func measured() throws {
        let training = try Command.json(
            TrainingJSON.self,
            try arguments(
                "truth/crypten_models/mlp.onnx", ["--batch", "32", "--framework", "crypten", "--format", "json"]))
        #expect(training.model == "mlp")
        #expect(training.loss == "cross_entropy")
        #expect(training.optimizer == "sgd")
        #expect(training.batch == 32)
        #expect(training.gradients == "framework")
        #expect(training.unpriced.isEmpty)
        let online = training.phases.mapValues(\.online)
        #expect(online["forward"] == TrafficJSON(bytes: 6_221_824, rounds: 21))
        #expect(online["loss"] == TrafficJSON(bytes: 776_704, rounds: 127))
        #expect(online["backward"] == TrafficJSON(bytes: 3_241_296, rounds: 15))
        #expect(online["optimizer"] == TrafficJSON(bytes: 0, rounds: 0))
        #expect(training.totals.online == TrafficJSON(bytes: 10_239_824, rounds: 163))
    }

    @Test("phases and layers add up to the totals", arguments: ["framework", "harrier", "jax"])
    func sums(gradients: String) throws {
        let training = try Command.json(
            TrainingJSON.self,
            try arguments(
                "truth/crypten_models/lenet.onnx", optimizer: "adam",
                ["--framework", "semi2k", "--gradients", gradients, "--format", "json"]))
        #expect(training.gradients == (gradients == "harrier" ? "harrier" : "jax"))
        #expect(Set(training.phases.keys) == ["forward", "loss", "backward", "optimizer"])
        #expect(training.phases.values.reduce(0) { $0 + $1.online.bytes } == training.totals.online.bytes)
        #expect(training.phases.values.reduce(0) { $0 + $1.online.rounds } == training.totals.online.rounds)
        #expect(training.layers.reduce(0) { $0 + $1.total.online.bytes } == training.totals.online.bytes)
        let backward = try #require(training.layers.first { $0.name == "fc.0" }?.phases["backward"])
        #expect(backward.online.bytes > 0)
    }

    @Test("several frameworks are told in one document, with or without commas")
    func several() throws {
        for names in [["semi2k", "crypten"], ["semi2k,crypten"]] {
            let several = try Command.json(
                SeveralTrainingJSON.self,
                try arguments("models/minionn.onnx", ["--framework"] + names + ["--format", "json"]))
            #expect(several.frameworks.map(\.framework) == ["semi2k", "crypten"])
        }
    }

    @Test("the table is split by phase and layer")
    func table() throws {
        let text = try Command.output(try arguments("models/minionn.onnx", ["--framework", "crypten"]))
        for word in ["forward", "loss", "backward", "optimizer", "total", "Conv", "cross_entropy, sgd, batch of 1"] {
            #expect(text.contains(word), "\(text)")
        }
        #expect(text.split(separator: "\n").allSatisfy { !$0.hasSuffix(" ") })
    }

    @Test("a file that inherits trains as the framework does that it inherits from")
    func heir() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("heir.yaml").path
            try "inherits: crypten\nprimitives:\n  and: {online: {bytes: 32 * n, rounds: 1}}\n"
                .write(toFile: file, atomically: true, encoding: .utf8)
            let totals = try ["crypten", file].map { framework in
                try Command.json(
                    TrainingJSON.self,
                    try arguments("models/minionn.onnx", ["--framework", framework, "--format", "json"]))
            }
            #expect(totals[0].totals == totals[1].totals && totals[1].gradients == "framework")
        }
    }

    @Test("a step that is written is a model like any other, and costs what was said")
    func written() throws {
        try withTemporaryFolder { folder in
            let step = folder.appendingPathComponent("step.onnx").path
            let training = try Command.json(
                TrainingJSON.self,
                try arguments(
                    "models/lenet.onnx", optimizer: "adam",
                    ["--framework", "crypten", "--gradients", "harrier", "--format", "json", "--output", step]))
            _ = try Oracle.run(script: "check_model.py", arguments: [step])
            let profile = try Command.json(
                ProfileJSON.self, ["profile", step, "--framework", "crypten", "--format", "json"])
            #expect(profile.totals == training.totals)
            #expect(profile.unpriced.isEmpty)
        }
    }

    @Test("steps run in onnxruntime train a network on handwritten digits", arguments: ["sgd", "adam"])
    func digits(optimizer: String) throws {
        struct Outcome: Decodable {
            let accuracy: Double
        }
        try withTemporaryFolder { folder in
            let (model, step) = (
                folder.appendingPathComponent("digits.onnx").path, folder.appendingPathComponent("step.onnx").path
            )
            _ = try Oracle.run(script: "digits.py", arguments: ["model", model])
            _ = try Command.output([
                "train", model, "--loss", "cross_entropy", "--optimizer", optimizer, "--batch", "32", "--lr",
                optimizer == "sgd" ? "0.2" : "0.003", "--output", step,
            ])
            let text = try Oracle.run(script: "digits.py", arguments: ["train", model, step])
            print("digits, \(optimizer): \(text)")
            let outcome = try JSONDecoder().decode(Outcome.self, from: Data(text.utf8))
            #expect(outcome.accuracy > 0.95)
        }
    }

    @Test("an epsilon that a framework cannot see is warned about")
    func vanishingEpsilon() throws {
        let model = "models/minionn.onnx"
        let hidden = try Command.run(try arguments(model, optimizer: "adam", ["--framework", "crypten"]))
        #expect(hidden.status == 0)
        #expect(hidden.errors.contains("eps of adam"))
        #expect(hidden.errors.contains("16 bits"))
        let seen = try Command.run(
            try arguments(model, optimizer: "adam", ["--framework", "crypten", "--eps", "0.001"]))
        #expect(!seen.errors.contains("eps of adam"))
    }

    @Test(
        "wrong usage names what is known",
        arguments: [
            (["--loss", "hinge", "--optimizer", "sgd"], "cross_entropy"),
            (["--loss", "mse", "--optimizer", "newton"], "adafactor"),
            (["--loss", "mse", "--optimizer", "sgd", "--betas", "0.9,0.9"], "weight_decay"),
            (["--loss", "mse", "--optimizer", "sgd", "--lr", "fast"], "lr of sgd"),
            (["--loss", "mse", "--optimizer", "sgd", "--batch", "0"], "--batch"),
            (["--loss", "mse", "--optimizer", "sgd", "--set", "lr=1", "--lr", "1"], "twice"),
            (["--optimizer", "sgd"], "--loss"), (["--loss", "mse"], "--optimizer"),
            (["--loss", "mse", "--optimizer", "sgd", "--parties", "3", "--framework", "crypten,semi2k"], "--parties"),
        ])
    func wrongUsage(more: [String], reason: String) throws {
        let outcome = try Command.run(
            ["train", try Fixtures.path("models/minionn.onnx")] + more
                + (more.contains("--framework") ? [] : ["--framework", "crypten"]))
        #expect(outcome.status == 2, "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains(reason), "\(outcome.errors)")
    }

    @Test("nothing to do is wrong usage")
    func nothingToDo() throws {
        let outcome = try Command.run(try arguments("models/minionn.onnx"))
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("--framework"))
    }

    @Test("an operator without a gradient is bad input, named by its node")
    func noGradient() throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("model.onnxtxt").path
            let text = """
                <ir_version: 8, opset_import: ["" : 17]>
                g (float[2, 3, 3] x) => (float[2] y) <float[3, 3] w = {1, 2, 3, 4, 5, 6, 7, 8, 9}> {
                  [product] m = MatMul (x, w)
                  [determinant] y = Det (m)
                }
                """
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            let outcome = try Command.run([
                "train", path, "--loss", "mse", "--optimizer", "sgd", "--framework", "semi2k",
            ])
            #expect(outcome.status == 1)
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors.contains("determinant"), "\(outcome.errors)")
            #expect(outcome.errors.contains("Det"), "\(outcome.errors)")
        }
    }

    @Test("names of nodes do not matter", arguments: [("", "", ""), ("same", "same", "same"), ("", "b", "c")])
    func names(first: String, second: String, third: String) throws {
        func total(_ names: [String]) throws -> TrafficJSON {
            try withTemporaryFolder { folder in
                let path = folder.appendingPathComponent("model.onnxtxt").path
                let names = names.map { $0.isEmpty ? "" : "[\($0)] " }
                let text = """
                    <ir_version: 8, opset_import: ["" : 17]>
                    g (float[1, 1, 8, 8] x) => (float[1, 1, 2, 2] c) <float[1, 1, 1, 1] w = {1}> {
                      \(names[0])a = Conv <kernel_shape = [1, 1]> (x, w)
                      \(names[1])b = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (a)
                      \(names[2])c = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (b)
                    }
                    """
                try text.write(toFile: path, atomically: true, encoding: .utf8)
                let arguments = [
                    "train", path, "--loss", "mse", "--optimizer", "sgd", "--framework", "semi2k", "--format", "json",
                ]
                return try Command.json(TrainingJSON.self, arguments).totals.online
            }
        }
        #expect(try total([first, second, third]) == total(["conv", "pool", "last"]))
    }

    @Test("a loss that does not fit the output says so")
    func wrongShape() throws {
        let outcome = try Command.run(
            try arguments(
                "models/minionn.onnx", loss: "mse", ["--target", "indices", "--framework", "crypten"]))
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("mse_loss"), "\(outcome.errors)")
    }
}
