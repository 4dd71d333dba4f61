import Evaluate
import Foundation
import IR
import ONNXFormat
import Frameworks
import Pricing
import Testing
import TestSupport

@testable import Rewrite

/// What protocol-level rewrites save, and that what they write runs anywhere.
@Suite struct ProtocolLevelTests {
    private func optimize(
        _ graph: Graph, _ framework: any Framework, level: Rule.Level = .protocol
    ) throws -> LevelOptimizer.Result {
        var options = Optimizer.Options(objective: .bytes)
        options.level = level
        options.limits.seconds = .infinity
        options.limits.states = 40
        return try LevelOptimizer(
            rules: RuleCatalog.builtIn().rules, framework: framework, evaluator: Interpreter(), options: options
        ).optimize(graph)
    }

    private func load(_ name: String) throws -> Graph {
        try loadModel(at: Fixtures.path(name), evaluator: Interpreter()).graph
    }

    /// Three totals, none dearer than the one before.
    @Test(
        arguments: ["models/minionn.onnx", "truth/spu_models/bert_layer_32_128.onnx"])
    func figures(model: String) throws {
        let graph = try load(model)
        var table = "\(model): online bytes and rounds\n"
        for (name, parties) in [
            ("crypten", 2), ("crypten", 3), ("semi2k", 2), ("cryptflow2", 2), ("cheetah", 2), ("aby3", 3),
        ] {
            let framework = try FrameworkCatalog.make(name, parties: parties)
            let result = try optimize(graph, framework)
            let (before, portable, after) = (result.portable.before, result.portable.after, result.after)
            table += "  \(name) \(parties): \(before.online) -> \(portable.online) -> \(after.online)"
            table += "; offline \(before.offline.bytes) -> \(portable.offline.bytes) -> \(after.offline.bytes) B"
            if let found = result.protocolLevel {
                table += "; once \(found.session.offline.bytes) B; "
                let counts = Dictionary(grouping: found.rewrites, by: \.rule).mapValues(\.count)
                table += counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
            } else {
                table += "; \(result.notes.last ?? "")"
            }
            table += "\n"
            func bytes(_ cost: Cost) -> Int { cost.online.bytes + cost.offline.bytes }
            #expect(bytes(after) <= bytes(portable) && bytes(portable) <= bytes(before), "\(name) \(model)")
        }
        print(table)
    }

    /// Convolutions that are taken to pieces are opened piece by piece: here it costs less to leave them whole.
    @Test func productsStayWholeWhereThatCostsLess() throws {
        let rules = try RuleCatalog.builtIn().rules
        var options = Optimizer.Options(objective: .bytes)
        options.level = .protocol
        options.limits.seconds = .infinity
        options.limits.states = 200
        let framework = try FrameworkCatalog.make("semi2k")
        let result = try LevelOptimizer(
            rules: rules, framework: framework, evaluator: Interpreter(), options: options
        ).optimize(load("models/minionn.onnx"))
        let cutting = try rules.filter { try $0.cutsProducts }.map(\.name)
        #expect(cutting.contains("conv-kernel-rows-apart"))
        #expect(!result.portable.rewrites.contains { cutting.contains($0.rule) })
        #expect(result.after.online.bytes < result.portable.after.online.bytes * 3 / 4)
    }

    @Test func theDefaultLevelUsesNoProtocolLevelRule() throws {
        let graph = try load("models/minionn.onnx")
        let result = try optimize(graph, try FrameworkCatalog.make("semi2k"), level: .portable)
        #expect(result.protocolLevel == nil && !result.graph.isProtocolLevel)
        let levels = Dictionary(uniqueKeysWithValues: try RuleCatalog.builtIn().rules.map { ($0.name, $0.level) })
        #expect(result.portable.rewrites.allSatisfy { levels[$0.rule] != .protocol })
    }

    @Test(
        arguments: [("minionn", "semi2k"), ("minionn", "cryptflow2"), ("lenet", "crypten")])
    func writtenFilesRunAnywhereAndCostTheSame(model: String, framework name: String) throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let original = folder.appendingPathComponent("original.onnx").path
        let optimized = folder.appendingPathComponent("optimized.onnx").path
        _ = try Oracle.run(script: "fill_weights.py", arguments: [Fixtures.path("models/\(model).onnx"), original])
        let framework = try FrameworkCatalog.make(name)
        let result = try optimize(try loadModel(at: original, evaluator: Interpreter()).graph, framework)
        #expect(result.graph.isProtocolLevel)
        try ONNXWriter(opset: Graph.opsetVersion).write(result.graph, to: optimized)

        _ = try Oracle.run(script: "check_model.py", arguments: [optimized])
        let output = try Oracle.run(script: "compare_models.py", arguments: [original, optimized])
        print("\(model) for \(name) in onnxruntime: \(output)")
        struct Difference: Decodable { let maxAbsError: Double }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let difference = try decoder.decode(Difference.self, from: Data(output.utf8))
        #expect(difference.maxAbsError < 1e-3)

        let read = try loadModel(at: optimized, evaluator: Interpreter()).graph
        #expect(read.isProtocolLevel)
        let profile = try Profiler(framework, evaluator: Interpreter()).profile(read)
        #expect(profile.total == result.after)

        // In the textual syntax, too.
        let text = ONNXText.print(read)
        var again = try ONNXText.parseModel(text)
        try again.inferTypes(evaluator: Interpreter())
        #expect(try Profiler(framework, evaluator: Interpreter()).profile(again).total == result.after)
    }
}
