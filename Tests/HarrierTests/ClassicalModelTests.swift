import Evaluate
import Foundation
import Harrier
import TestSupport
import Testing

/// Models that scikit-learn exports (`Tests/Oracles/classical_models.py`): they run, are priced whole, and are written in operators that a
/// framework's importer reads.
@Suite struct ClassicalModelTests {
    private struct Row: Decodable {
        let input: [Double]
        let outputs: [[Double]]
    }

    private static let names = [
        "boosted", "boosted_numbers", "boosted_of_two", "clusters", "forest", "forest_of_numbers", "linear", "logistic",
        "logistic_of_two", "naive_bayes", "normalized", "scaled", "support_vectors", "tree",
    ]

    private func model(_ name: String) throws -> Model {
        try Model(contentsOf: Fixtures.path("classical/\(name).onnx"), dimensions: ["X[0]": 1])
    }

    private func rows(_ name: String) throws -> [Row] {
        let data = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("classical/results.json")))
        return try #require(JSONDecoder().decode([String: [Row]].self, from: data)[name])
    }

    /// What a graph makes of a row is what onnxruntime made of it.
    private func expectResults(of graph: Graph, _ name: String) throws {
        for row in try rows(name) {
            let input = try NumericArray(row.input, shape: [1, row.input.count], elementType: .float32)
            let found = try Interpreter().run(graph, inputs: [graph[graph.inputs[0]].name: input])
            for (output, expected) in zip(graph.outputs, row.outputs) {
                let numbers = try #require(found[graph[output].name]).doubles()
                #expect(numbers.count == expected.count)
                for (one, other) in zip(numbers, expected) { #expect(abs(one - other) <= 1e-5 * max(1, abs(other))) }
            }
        }
    }

    @Test(arguments: names) func runsAsInOnnxruntime(_ name: String) throws {
        try expectResults(of: model(name).graph, name)
    }

    @Test(arguments: names) func isPricedWhole(_ name: String) throws {
        for framework in ["crypten", "semi2k", "spu-aby3", "cryptflow2"] {
            let profile = try model(name).profile(under: FrameworkCatalog.make(framework))
            #expect(profile.unpriced.isEmpty, "\(framework): \(profile.unpriced)")
            #expect(profile.total.online.bytes > 0)
        }
    }

    /// CrypTen's importer has none of these operators: what is written has only maps of labels left.
    @Test(arguments: names) func isWrittenOut(_ name: String) throws {
        let found = try model(name).optimize(under: FrameworkCatalog.make("crypten"))
        #expect(found.check.status == .passed)
        let graph = found.result.graph
        #expect(
            Set(graph.nodes.map(\.op.domain)).subtracting([""]).isEmpty
                || graph.nodes.filter { !$0.op.domain.isEmpty }.map(\.op.type) == ["ZipMap"])
        try expectResults(of: graph, name)
    }
}
