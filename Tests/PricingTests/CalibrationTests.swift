import Calibration
import Evaluate
import Foundation
import IR
import ONNXFormat
@testable import Frameworks
import Pricing
import TestSupport
import Testing

/// Measured runs beside predictions: the files of measurements as they are, files that deviate, and files that are broken.
@Suite struct CalibrationTests {
    private let text = """
        g (float[2,3] x, float[2,3] y, float[3,4] w) => (r)
        { p = Mul(x, y) m = MatMul(p, w) a = Add(m, m) r = Relu(a) }
        """

    private func read(_ texts: [String], _ selection: RunSelection = RunSelection()) throws -> MeasuredRun {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let paths = try texts.enumerated().map { index, text in
            let path = folder.appendingPathComponent("run\(index)").path
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            return path
        }
        return try MeasuredRun.read(paths, selection)
    }

    private func calibration(_ texts: String...) throws -> CalibrationResult {
        let graph = try model(text)
        let profile = try Profiler(CrypTen()).profile(graph, model: "small")
        return try CalibrationResult(of: try read(texts), with: profile, in: graph)
    }

    private func fixture(
        _ file: String, _ folder: String, _ name: String, _ framework: String, parties: Int? = nil
    ) throws -> CalibrationResult {
        let pricing = try FrameworkCatalog.make(framework, parties: parties)
        let graph = try loadModel(at: Fixtures.path("truth/\(folder)/\(name).onnx"), evaluator: Interpreter()).graph
        let run = try MeasuredRun.read(
            [try Fixtures.path("truth/\(file)")], RunSelection(model: name, framework: pricing.info))
        let profile = try Profiler(pricing, evaluator: Interpreter()).profile(graph, model: name)
        return try CalibrationResult(of: run, with: profile, in: graph)
    }

    // MARK: Files of measurements

    @Test(arguments: [("lenet", 2), ("minionn", 2), ("lenet", 3), ("minionn", 3), ("resnet18_64", 3), ("mlp", 2)])
    func crypTenRunsAgree(name: String, parties: Int) throws {
        let calibration = try fixture("crypten_models.json", "crypten_models", name, "crypten", parties: parties)
        #expect(calibration.total.agrees && calibration.total.ratio == 1)
        #expect(calibration.nodes.count > 4)
        #expect(calibration.nodes.filter { !$0.agrees }.isEmpty)
        #expect(calibration.operators.filter { !$0.agrees }.isEmpty)
        #expect(calibration.unknown.isEmpty && calibration.unmeasured.isEmpty)
    }

    @Test(arguments: ["lenet_b1", "minionn_b1", "mlp_b128", "vgg16_cifar_b1", "resnet18_64_b1", "bert_layer_32_128"])
    func spuRunsAgreeByLayerAndByKernel(name: String) throws {
        let calibration = try fixture("spu_models.json", "spu_models", name, "semi2k")
        #expect(calibration.total.agrees)
        #expect(calibration.nodes.filter { !$0.agrees }.isEmpty)
        #expect(calibration.operators.filter { !$0.agrees }.isEmpty)
        #expect(calibration.kernels.count > 4)
        #expect(calibration.kernels.filter { !$0.agrees }.isEmpty, "\(calibration.kernels)")
        #expect(calibration.unmeasured.isEmpty)
        print("\(name): \(calibration.nodes.count) layers and \(calibration.kernels.count) kernels agree")
    }

    @Test func runsWithoutAModel() throws {
        let crypten = try CrypTen()
        let run = try MeasuredRun.read(
            [try Fixtures.path("truth/crypten_models.json")], RunSelection(model: "minionn", framework: crypten.info))
        let (graph, visibility) = try run.graphOfLayers(evaluator: Interpreter())
        let profile = try Profiler(crypten).profile(graph, policy: VisibilityPolicy(exceptions: visibility))
        let calibration = try CalibrationResult(of: run, with: profile, in: graph)
        #expect(calibration.total.agrees)
        #expect(calibration.nodes.filter { !$0.agrees }.isEmpty)
        #expect(throws: HarrierError.self) { try MeasuredRun(total: .init(bytes: 1)).graphOfLayers() }
        #expect(throws: HarrierError.self) {
            try MeasuredRun(layers: [.init(name: "conv", counters: .init(bytes: 1))]).graphOfLayers()
        }
    }

    // MARK: Where they part

    /// Mul opens 12 elements, MatMul 18, Relu 29 each of 8: 16 bytes an element.
    @Test func deviationsComeWorstFirst() throws {
        let calibration = try calibration(
            """
            {"parties": 2, "nodes": [
              {"name": "p", "op": "Mul", "bytes": 192, "rounds": 1},
              {"name": "m", "op": "MatMul", "bytes": [150, 150], "rounds": [1, 2]},
              {"name": "r", "bytes": 7424, "rounds": 18},
              {"name": "lost", "op": "Conv", "bytes": 5, "rounds": 1}]}
            """)
        #expect(calibration.nodes.map(\.name) == ["r", "m", "p"])
        #expect(calibration.nodes.map(\.ratio) == [2, 300.0 / 288, 1])
        #expect(calibration.nodes.map(\.excessRounds) == [9, 1, 0])
        #expect(calibration.operators.map(\.name) == ["Relu", "MatMul", "Mul"])
        #expect(calibration.unknown.map(\.name) == ["lost"])
        #expect(calibration.unmeasured.isEmpty)
        #expect(calibration.total.measured == .init(bytes: 192 + 300 + 7424 + 5, rounds: 22))
        #expect(calibration.total.predicted == Traffic(bytes: 192 + 288 + 3712, rounds: 11))
    }

    @Test func layersWithoutNamesAreTakenInOrder() throws {
        let calibration = try calibration(
            "[{\"op\": \"Mul\", \"bytes\": 192}, {\"op\": \"Relu\", \"rounds\": 9}, {\"op\": \"Relu\", \"bytes\": 1}]")
        #expect(calibration.nodes.map(\.op) == ["Mul", "Relu"])
        #expect(calibration.nodes.filter { !$0.agrees }.isEmpty)
        #expect(calibration.unknown.count == 1)
        #expect(calibration.unmeasured.map(\.op) == ["MatMul"])
    }

    /// Harrier's own JSON is a measurement, too, so that two versions or configurations can be compared.
    @Test func profilesCanBeCompared() throws {
        let profile = try Profiler(CrypTen()).profile(try model(text), model: "small")
        let calibration = try calibration(String(decoding: profile.json(network: .wan), as: UTF8.self))
        #expect(calibration.total.agrees)
        #expect(try String(decoding: calibration.json(), as: UTF8.self).contains("\"ratio\" : 1"))
    }

    // MARK: CrypTen's statistics

    @Test(arguments: [
        "{\"rounds\": 11, \"bytes\": 4192, \"time\": 0.5}",
        "[{\"rounds\": 44, \"bytes\": 9999, \"time\": 1e-3}, {\"rounds\": 11, \"bytes\": 4192, \"time\": 0.5}]",
        "INFO:root:====Communication Stats====\nINFO:root:Rounds: 11\nINFO:root:Bytes : 4192\nComm time: 0.1\n",
        """
        {"parties": 2, "total": {"rounds": 11, "bytes": 4192, "time": 0.5}, "layers":
         {"r": {"rounds": 9, "bytes": 3712, "time": 0.1}, "p": [{"rounds": 1, "bytes": 192, "time": 0.1}]}}
        """,
        "{\"crypten_bytes\": [4192, 4192], \"rounds\": [11, 11]}",
        "{\"crypten_bytes\": [5000, 4192], \"crypten_bytes_prov\": [808, 0], \"rounds\": [14, 11], \"rounds_prov\": [3, 0]}",
        "{\"handed\": 2096, \"rounds\": 11}",
    ])
    func statistics(_ text: String) throws {
        let calibration = try calibration(text)
        #expect(calibration.total.agrees, "\(calibration.total)")
        #expect(calibration.nodes.filter { !$0.agrees }.isEmpty)
    }

    // MARK: SPU's logs

    private func log(_ bytes: Int, actions: Int, twice: Bool = false) -> String {
        let profile = """
            [2025-11-21 10:00:00.000] [info] [thread_pool.cc:30] Create a fixed thread pool with size 1
            [2025-11-21 10:00:01.000] [info] [api.cc:163] [Profiling] SPU execution f completed, input processing took 1e-06s, execution took 0.01s, output processing took 1e-06s, total time 0.01s.
            [2025-11-21 10:00:01.000] [info] [api.cc:213] HLO profiling: total time 0.009
            [2025-11-21 10:00:01.000] [info] [api.cc:216] - pphlo.dot, executed 1 times, duration 0.004s, send bytes \(bytes) recv bytes \(bytes), send actions 1, recv actions 1
            [2025-11-21 10:00:01.000] [info] [api.cc:213] MPC profiling: total time 0.008
            [2025-11-21 10:00:01.000] [info] [api.cc:216] - mmul_aa, executed 1 times, duration 0.004s, send bytes \(bytes - 8) recv bytes 1, send actions \(actions), recv actions 1
            [2025-11-21 10:00:01.000] [info] [api.cc:216] - rand_a, executed 1 times, duration 0s, send bytes 0 recv bytes 0, send actions 0, recv actions 0
            [2025-11-21 10:00:01.000] [info] [api.cc:226] Link details: total send bytes \(bytes), recv bytes \(bytes), send actions \(actions), recv actions 1
            """
        return twice ? profile.replacing("\(bytes)", with: "12345") + "\n" + profile : profile
    }

    @Test func profileLogs() throws {
        let run = try read([log(1000, actions: 3), log(2000, actions: 4, twice: true)])
        #expect(run.parties == 2)
        #expect(run.total == .init(bytes: 3000, rounds: 4))
        #expect(run.kernels.map(\.name) == ["pphlo.dot", "mmul_aa", "rand_a"])
        #expect(run.kernels.map(\.level) == ["HLO", "MPC", "MPC"])
        #expect(run.kernels[1].counters == .init(bytes: 2984, rounds: 4))
        let graph = try model("g (float[4,8] x, float[8,2] w) => (y) { y = MatMul(x, w) }")
        let profile = try Profiler(try FrameworkCatalog.make("semi2k")).profile(graph)
        let calibration = try CalibrationResult(of: run, with: profile, in: graph)
        let product = try #require(calibration.kernels.first { $0.name == "MPC mmul_aa" })
        #expect(product.predicted == Traffic(bytes: 16 * (32 + 16), rounds: 1))
        #expect(calibration.kernels.contains { $0.name == "HLO dot" && $0.op == "MatMul" })
    }

    // MARK: Broken files

    @Test(arguments: [
        ("", "neither JSON"), ("{\"nodes\": [", "neither JSON"), ("\u{0}\u{1}\u{2}garbage", "neither JSON"),
        ("3", "no measurements"), ("{}", "no measurements"), ("[]", "no measurements"),
        ("{\"nodes\": 3}", "neither a list"),
        ("{\"nodes\": [3]}", "not an object"), ("[{\"name\": \"p\"}]", "neither bytes nor rounds"),
        ("[{\"bytes\": 1}]", "neither a name"), ("[{\"name\": \"p\", \"bytes\": -1}]", "'bytes'"),
        ("[{\"name\": \"p\", \"bytes\": 1.5}]", "'bytes'"), ("[{\"name\": \"p\", \"bytes\": \"many\"}]", "'bytes'"),
        ("[{\"name\": \"p\", \"bytes\": [1, null]}]", "'bytes'"),
        ("[{\"name\": \"nowhere\", \"bytes\": 1}]", "none of the 1"),
        ("[{\"name\": \"p\", \"bytes\": 1}, {\"name\": \"p\", \"bytes\": 1}]", "same node"),
        ("{\"rows\": [{\"model\": \"a\"}, {\"model\": \"b\"}]}", "--run"),
        ("{\"crypten_bytes\": [1, 2, 3]}", "3 parties"), ("{\"mpc\": {\"mul_aa\": 3}}", "calls and bytes"),
        ("[{\"rounds\": 1, \"bytes\": 2, \"time\": 0}, {\"bytes\": 2, \"time\": 0}]", "CrypTen's statistics"),
        ("====Communication Stats====\nRounds: many\n", "lack their rounds"),
        ("MPC profiling: total time 1\n- mul_aa, executed 1 times, duration 1s, send by", "no complete profile"),
        ("Link details: total send bytes 12, recv byt", "cut off"),
        ("{\"nodes\": [{\"name\": \"p\", \"bytes\": 99999999999999999999999}]}", "'bytes'"),
    ])
    func brokenFilesAreRefused(text: String, reason: String) throws {
        let error = #expect(throws: HarrierError.self) { try calibration(text) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "no error")")
    }

    @Test func deepDocumentsDoNoHarm() {
        let text = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(throws: HarrierError.self) { try calibration(text) }
    }

    @Test func missingFilesAreNamed() {
        let error = #expect(throws: HarrierError.self) { try MeasuredRun.read(["/nowhere/run.json"]) }
        #expect(error?.file == "/nowhere/run.json")
        #expect(throws: HarrierError.self) { try MeasuredRun.read([]) }
    }
}
