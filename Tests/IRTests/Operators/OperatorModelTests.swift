import Evaluate
import Foundation
import IR
import ONNXFormat
import Testing
import TestSupport

/// Shape inference over whole models.
@Suite struct OperatorModelTests {
    private struct Expected: Decodable {
        var type: Int
        var shape: [Int?]
    }

    private static let models = (try? Fixtures.paths(in: "models", extension: "onnx")) ?? []

    @Test func thereAreModels() { #expect(Self.models.count >= 7) }

    @Test(arguments: models) func everyValueHasAStaticShape(path: String) throws {
        let graph = try loadModel(at: path, evaluator: Interpreter()).graph
        for (index, node) in graph.nodes.enumerated() {
            for case let output? in node.outputs {
                #expect(graph[output].type?.lengths != nil, "\(graph.label(ofNode: index)): \(graph[output])")
            }
        }
    }

    @Test(arguments: models) func shapesAreThoseThatONNXInfers(path: String) throws {
        let graph = try loadModel(at: path, evaluator: Interpreter()).graph
        let text = try Oracle.run(script: "model_types.py", arguments: [path])
        let expected = try JSONDecoder().decode([String: Expected].self, from: Data(text.utf8))
        var compared = 0
        for output in graph.nodes.flatMap(\.outputs).compactMap({ $0 }) {
            let value = graph[output]
            guard let other = expected[value.name], let type = value.type, let lengths = type.lengths else { continue }
            compared += 1
            #expect(type.elementType.rawValue == other.type, "\(value.name)")
            #expect(lengths.count == other.shape.count, "\(value.name)")
            for (length, otherLength) in zip(lengths, other.shape) where otherLength != nil {
                #expect(length == otherLength, "\(value.name): \(type) and \(other.shape)")
            }
        }
        #expect(compared > 0)
    }
}
