import Foundation
import TestSupport
import Testing

/// The JSON of `calibrate`.
private struct CalibrationJSON: Decodable {
    struct Counters: Decodable, Equatable {
        let bytes: Int?
        let rounds: Int?
    }

    struct Row: Decodable {
        let name: String
        let op: String?
        let predicted: Counters?
        let measured: Counters?
        let ratio: Double?
    }

    let model: String
    let framework: String
    let totals: Row
    let operators: [Row]
    let nodes: [Row]
    let kernels: [Row]
    let unknown: [Row]
    let unmeasured: [Row]
}

@Suite("harrier calibrate")
struct CalibrateTests {
    private func arguments(_ measured: String, _ more: [String] = []) throws -> [String] {
        ["calibrate", try Fixtures.path("truth/crypten_models/lenet.onnx"), "--framework", "crypten"]
            + ["--measured", measured] + more
    }

    private func truth() throws -> String { try Fixtures.path("truth/crypten_models.json") }

    @Test("a run of the version that is priced agrees in everything")
    func agreeing() throws {
        let text = try Command.output(try arguments(try truth()))
        #expect(text.contains("2,914,144"))
        #expect(text.contains("all 12 agree"))
        #expect(!text.contains("\u{1b}"))
        let json = try Command.json(CalibrationJSON.self, try arguments(try truth(), ["--format", "json"]))
        #expect(json.model == "lenet" && json.framework == "crypten")
        #expect(json.totals.predicted == json.totals.measured && json.totals.ratio == 1)
        #expect(json.nodes.map(\.ratio) == Array(repeating: 1, count: 12))
        #expect(json.unknown.isEmpty && json.unmeasured.isEmpty && json.kernels.isEmpty)
    }

    @Test("a run that deviates shows where, worst first, and what was not measured")
    func deviating() throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("run.json").path
            let run = """
                {"parties": 2, "nodes": [
                  {"name": "/conv/conv.0/Conv", "bytes": 14944, "rounds": 1},
                  {"name": "/conv/conv.1/Relu", "bytes": 3000000, "rounds": 9},
                  {"name": "/conv/conv.99/Conv", "bytes": 17}]}
                """
            try Data(run.utf8).write(to: URL(fileURLWithPath: path))
            let json = try Command.json(CalibrationJSON.self, try arguments(path, ["--format", "json"]))
            #expect(json.nodes.map(\.name) == ["/conv/conv.1/Relu", "/conv/conv.0/Conv"])
            #expect(json.nodes[0].ratio ?? 0 > 1)
            #expect(json.nodes[1].ratio == 1)
            #expect(json.operators.first?.name == "Relu")
            #expect(json.unknown.map(\.name) == ["/conv/conv.99/Conv"])
            #expect(json.unmeasured.count > 3)
            let text = try Command.output(try arguments(path))
            for word in ["/conv/conv.1/Relu", "not in the model", "not measured", "1 of 2 agree"] {
                #expect(text.contains(word), "\(text)")
            }
        }
    }

    @Test("without a model the layers of the file are priced")
    func withoutModel() throws {
        let json = try Command.json(
            CalibrationJSON.self,
            ["calibrate", "--framework", "crypten", "--measured", try truth(), "--run", "9", "--format", "json"])
        #expect(json.model == "minionn")
        #expect(json.totals.ratio == 1)
    }

    @Test("SPU's layers and kernels")
    func spu() throws {
        let text = try Command.output([
            "calibrate", try Fixtures.path("truth/spu_models/lenet_b1.onnx"), "--framework", "semi2k", "--measured",
            try Fixtures.path("truth/spu_models.json"),
        ])
        #expect(text.contains("by kernel: all"))
    }

    @Test(
        "broken files are bad input, said in one line",
        arguments: [
            "", "{\"nodes\": [{\"name\": \"x\", \"by", "no json", "{\"nodes\": [{\"name\": \"x\", \"bytes\": 1}]}",
        ])
    func broken(text: String) throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("run.json").path
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            let outcome = try Command.run(try arguments(path))
            #expect(outcome.status == 1)
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors.contains("run.json: "), "\(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").count == 1)
        }
    }

    @Test("a run of other parties, and a file with several runs, are told apart")
    func ambiguous() throws {
        let parties = try Command.run(try arguments(try truth(), ["--run", "6"]))
        #expect(parties.status == 1 && parties.errors.contains("3 parties"), "\(parties.errors)")
        let model = try Fixtures.path("models/minionn.onnx")
        let copy = ["calibrate", model, "--framework", "semi2k", "--measured", try truth()]
        let other = try Command.run(copy)
        #expect(other.status == 1 && other.errors.contains("--run"), "\(other.errors)")
    }

    @Test(
        "wrong usage",
        arguments: [
            (["--framework", "crypten"], "--measured"), (["--measured", "x"], "--framework"),
            (["--framework", "crypten", "--measured", "x", "--run", "0"], "--run"),
            (["--framework", "crypten", "--measured", "x", "--all", "--format", "json"], "--all"),
        ])
    func usage(arguments: [String], reason: String) throws {
        let outcome = try Command.run(["calibrate"] + arguments)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(reason), "\(outcome.errors)")
    }
}
