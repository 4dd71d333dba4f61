import Foundation
import Frameworks
import Pricing
import TestSupport
import Testing

@Suite("harrier profile")
struct ProfileTests {
    private func arguments(_ model: String, _ more: [String] = []) throws -> [String] {
        ["profile", try Fixtures.path("models/\(model).onnx"), "--framework", "crypten"] + more
    }

    @Test("the JSON has what the contract promises, and adds up")
    func json() throws {
        let profile = try Command.json(ProfileJSON.self, try arguments("resnet18", ["--format", "json"]))
        #expect(profile.model == "resnet18")
        #expect(profile.framework == "crypten")
        #expect(profile.parties == 2)
        #expect(profile.config["provider"] == "TFP")
        #expect(profile.unpriced.isEmpty)
        #expect(profile.time.network == "wan")
        let bytes = profile.nodes.map(\.online.bytes).reduce(0, +)
        let rounds = profile.nodes.map(\.online.rounds).reduce(0, +)
        #expect(profile.totals.online == TrafficJSON(bytes: bytes, rounds: rounds))
        #expect(profile.totals.offline == TrafficJSON(bytes: 0, rounds: 0))
        let maxPool = try #require(profile.nodes.first { $0.op == "MaxPool" })
        #expect(maxPool.name == "/maxpool/MaxPool")
        #expect(maxPool.scope == "maxpool")
        #expect(maxPool.online.bytes * 2 > bytes)
        let convolution = try #require(profile.nodes.first { $0.name == "/layer1/layer1.0/conv1/Conv" })
        #expect(convolution.scope == "layer1.0.conv1")
    }

    @Test("several lengths of a dimension are a row each; a length that is missing is asked for")
    func lengths() throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("open.onnxtxt").path
            try """
            <ir_version: 8, opset_import: ["" : 17]>
            open (float[N,T] x) => (float[N,T] y) { y = Relu (x) }
            """.write(toFile: path, atomically: true, encoding: .utf8)
            let arguments = ["profile", path, "--framework", "crypten"]
            let series = try Command.json(LengthsJSON.self, arguments + ["--dim", "T=2,4,8", "--format", "json"])
            let single = try Command.json(ProfileJSON.self, arguments + ["--dim", "T=4", "--format", "json"])
            #expect(series.lengths.map(\.dimensions) == [["T": 2], ["T": 4], ["T": 8]])
            #expect(series.lengths[1].totals == single.totals)
            let bytes = series.lengths.map(\.totals.online.bytes)
            #expect(bytes[0] * 2 == bytes[1] && bytes[1] * 2 == bytes[2])
            #expect(try Command.output(arguments + ["--dim", "T=2,4,8"]).split(separator: "\n").count == 5)
            let missing = try Command.run(arguments)
            #expect(missing.status == 0 && missing.output.contains("online, at least"))
            #expect(try Command.run(["optimize", path, "--framework", "crypten"]).status == 1)
            #expect(missing.errors.contains("the model leaves open: 'T' (set them: --dim 'T=128')"))
            #expect(try Command.run(["optimize", path, "--framework", "crypten", "--dim", "T=2,4"]).status == 1)
            #expect(try Command.run(arguments + ["--dim", "T=2,4", "--format", "csv"]).status == 2)
        }
    }

    @Test("a network of the zoo costs what PyTorch's export of it costs")
    func zoo() throws {
        let path = Fixtures.packageRoot.appendingPathComponent("Graphs/resnet18.onnxtxt").path
        let own = try Command.json(ProfileJSON.self, ["profile", path, "--framework", "crypten", "--format", "json"])
        let export = try Command.json(ProfileJSON.self, try arguments("resnet18", ["--format", "json"]))
        #expect(own.totals == export.totals)
        #expect(own.nodes.map(\.scope).contains("layer1.0.conv1"))
    }

    @Test(
        "time is bytes over bandwidth and rounds times latency",
        arguments: [("lan", 384e6, 0.3e-3), ("wan", 44e6, 40e-3), ("100Mbps,20ms", 12.5e6, 20e-3)])
    func time(network: String, bytesPerSecond: Double, latency: Double) throws {
        let profile = try Command.json(
            ProfileJSON.self, try arguments("minionn", ["--format", "json", "--network", network]))
        let online = profile.totals.online
        let expected = Double(online.bytes) / bytesPerSecond + Double(online.rounds) * latency
        #expect(profile.time.network == network)
        #expect(abs(profile.time.seconds - expected) < 1e-9 * expected)
    }

    @Test("public weights make products cheaper, and a name can be told apart from its group")
    func visibility() throws {
        func bytes(_ more: [String]) throws -> Int {
            try Command.json(ProfileJSON.self, try arguments("minionn", ["--format", "json"] + more)).totals.online
                .bytes
        }
        let all = try bytes([])
        let publicWeights = try bytes(["--public", "weights"])
        #expect(publicWeights < all)
        #expect(try bytes(["--public", "inputs,weights"]) == 0)
        #expect(try bytes(["--public", "weights", "--public", "input"]) == 0)
        #expect(try bytes(["--private", "weights", "inputs"]) == all)
    }

    @Test("a name that the model does not have is bad input")
    func unknownName() throws {
        let outcome = try Command.run(try arguments("minionn", ["--public", "nowhere"]))
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("'nowhere'"))
    }

    @Test("the table shows the dearest operators first, all of them if asked, or modules")
    func table() throws {
        let short = try Command.output(try arguments("resnet18"))
        let all = try Command.output(try arguments("resnet18", ["--all"]))
        let modules = try Command.output(try arguments("resnet18", ["--depth", "1"]))
        #expect(short.contains("/maxpool/MaxPool"))
        #expect(!short.contains("/layer4/layer4.1/conv2/Conv"))
        #expect(all.contains("/layer4/layer4.1/conv2/Conv"))
        #expect(modules.contains("layer4\n"))
        #expect(!modules.contains("/maxpool/MaxPool"))
        #expect(!short.contains("\u{1b}"))
        #expect(short.split(separator: "\n").allSatisfy { !$0.hasSuffix(" ") })
    }

    @Test("operators without a price are named in every report of people and programs")
    func unpriced() throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("model.onnx").path
            let bytes = ModelBytes.model(nodes: [.node("Nonsense", ["x"], ["y"])])
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let arguments = ["profile", path, "--framework", "crypten"]
            #expect(try Command.output(arguments).contains("Nonsense"))
            let profile = try Command.json(ProfileJSON.self, arguments + ["--format", "json"])
            #expect(profile.unpriced.map(\.op) == ["Nonsense"])
            #expect(profile.nodes.isEmpty)
        }
    }

    @Test("other formats hold every operator")
    func formats() throws {
        let lines = try Command.output(try arguments("minionn", ["--format", "csv"])).split(separator: "\n")
        let profile = try Command.json(ProfileJSON.self, try arguments("minionn", ["--format", "json"]))
        #expect(lines.count == 1 + profile.nodes.count)
        let stacks = try Command.output(try arguments("minionn", ["--format", "folded"])).split(separator: "\n")
        let total = try stacks.map { try #require(Int($0.split(separator: " ").last ?? "")) }.reduce(0, +)
        #expect(total == profile.totals.online.bytes)
        #expect(try Command.output(try arguments("minionn", ["--format", "speedscope"])).contains("speedscope"))
    }

    @Test("an output file holds what standard output would")
    func outputFile() throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("out.json").path
            let printed = try Command.output(try arguments("minionn", ["--format", "json"]))
            #expect(try Command.output(try arguments("minionn", ["--format", "json", "--output", path])).isEmpty)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == printed)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out.json"])
        }
    }

    @Test("a reader that goes away is no failure")
    func brokenPipe() throws {
        let command = try Command.path
        let model = try Fixtures.path("models/resnet50.onnx")
        let script = "set -o pipefail; '\(command)' profile '\(model)' --framework crypten --format json | head -c 1"
        let outcome = try Oracle.launch(try Oracle.program("bash"), ["-c", script])
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
    }
}

@Suite("harrier frameworks")
struct FrameworksTests {
    @Test("every framework is listed, a row each")
    func listed() throws {
        let lines = try Command.output(["frameworks"]).split(separator: "\n")
        for name in FrameworkCatalog.names {
            #expect(lines.contains { $0.hasPrefix(name + " ") }, "\(name)")
        }
    }

    @Test("every framework tells its keys, what is private and what is offline", arguments: FrameworkCatalog.names)
    func described(name: String) throws {
        let text = try Command.output(["frameworks", name])
        let info = try FrameworkCatalog.make(name).info
        #expect(text.hasPrefix("\(name): \(info.title) \(info.version)"))
        for part in [info.offline, info.privateByDefault] + info.configurationKeys.map(\.name) {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test(
        "an unknown name, key, value or number of parties is bad input, and the message names what there is",
        arguments: [
            (["--framework", "krypton"], "crypten"), (["--framework", "crypten", "--parties", "1"], "2"),
            (["--framework", "crypten", "--config", "nonsense=1"], "nonsense"),
            (["--framework", "crypten", "--config", "provider=ABC"], "TTP"),
        ])
    func unknown(arguments: [String], reason: String) throws {
        let outcome = try Command.run(["profile", try Fixtures.path("models/minionn.onnx")] + arguments)
        #expect(outcome.status == 1)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains(reason))
    }

    @Test("asking after a framework that is not there is bad input")
    func unknownName() throws {
        let outcome = try Command.run(["frameworks", "nobody"])
        #expect(outcome.status == 1 && outcome.errors.contains("nobody"))
    }
}

/// The JSON of a model at several lengths.
private struct LengthsJSON: Decodable {
    struct Row: Decodable {
        var dimensions: [String: Int]
        var totals: TotalsJSON
    }
    var lengths: [Row]
}
