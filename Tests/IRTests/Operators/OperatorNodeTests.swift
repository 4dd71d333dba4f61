import Foundation
import IR
import Testing
import TestSupport

/// Shape inference against the types of the results in the node tests of the onnx package.
@Suite struct OperatorNodeTests {
    private struct Case: Decodable {
        struct Operand: Decodable {
            var type: Int
            var shape: [Int]
            var values: [Double]?

            var tensorType: TensorType? {
                ElementType(rawValue: type).map { TensorType($0, lengths: shape) }
            }

            var tensor: Tensor? {
                guard let values else { return nil }
                switch ElementType(rawValue: type) {
                case .int64: return Tensor(int64: values.map { Int($0) }, shape: shape)
                case .int32:
                    return Tensor(
                        .int32, shape: shape, payload: .bytes(littleEndianBytes(values.map { Int32($0) })))
                case .float16:
                    return Tensor(
                        .float16, shape: shape,
                        payload: .bytes(littleEndianBytes(values.map { Float16($0).bitPattern })))
                case .bfloat16:
                    let bits = values.map { UInt16(Float($0).bitPattern >> 16) }
                    return Tensor(.bfloat16, shape: shape, payload: .bytes(littleEndianBytes(bits)))
                case .float32: return Tensor(float32: values.map { Float($0) }, shape: shape)
                case .float64: return Tensor(float64: values, shape: shape)
                case .bool: return Tensor(bool: values.map { $0 != 0 }, shape: shape)
                default: return nil
                }
            }
        }
        struct PlainAttribute: Decodable {
            var kind: Int
            var value: Content

            var attribute: Attribute? {
                guard let kind = Attribute.Kind(rawValue: kind) else { return nil }
                switch value {
                case .tensor(let operand): return operand.tensor.map(Attribute.tensor)
                case .plain(let literal): return literal.attribute(kind: kind)
                }
            }
        }
        enum Content: Decodable {
            case tensor(Operand)
            case plain(Literal)

            init(from decoder: any Decoder) throws {
                if let literal = try? Literal(from: decoder) {
                    self = .plain(literal)
                } else {
                    self = .tensor(try Operand(from: decoder))
                }
            }
        }
        var name: String
        var version: Int
        var `operator`: String
        var inputs: [Operand?]
        var attributes: [String: PlainAttribute]
        var outputs: [Operand?]

        /// The types that inference finds.
        func inferred() throws -> [TensorType?] {
            var graph = Graph()
            var operands: [ValueID?] = []
            for (index, input) in inputs.enumerated() {
                guard let input, let type = input.tensorType else {
                    operands.append(nil)
                    continue
                }
                if let tensor = input.tensor {
                    operands.append(graph.addConstant("input\(index)", tensor))
                } else {
                    operands.append(graph.addInput("input\(index)", type))
                }
            }
            while operands.last == .some(nil) { operands.removeLast() }
            let results = outputs.indices.map { graph.add(Value(name: "output\($0)")) }
            graph.append(
                Node(
                    op: OperatorName(self.operator), inputs: operands, outputs: results,
                    attributes: attributes.compactMapValues(\.attribute)))
            try graph.inferTypes(evaluator: nil)
            return results.map { graph[$0].type }
        }
    }

    /// Operators whose output lengths depend on the data.
    private static let dataDependent: Set<String> = [
        "Compress", "ImageDecoder", "NonMaxSuppression", "NonZero", "StringNormalizer", "StringSplit", "Unique",
    ]

    @Test func resultsHaveTheTypesOfTheNodeTests() throws {
        let text = try Oracle.run(script: "node_types.py", arguments: ["\(Graph.opsetVersion)"])
        let cases = try JSONDecoder().decode([Case].self, from: Data(text.utf8))
        var checked = 0
        for test in cases where OperatorTable[OperatorName(test.operator)] != nil {
            checked += 1
            do {
                for (found, output) in zip(try test.inferred(), test.outputs) {
                    guard let expected = output?.tensorType else { continue }
                    if Self.dataDependent.contains(test.operator) {
                        #expect(throws: Never.self, "\(test.name)") { _ = try found?.refined(by: expected) }
                    } else {
                        #expect(found == expected, "\(test.name)")
                    }
                }
            } catch {
                Issue.record("\(test.name) (version \(test.version)): \(error)")
            }
        }
        #expect(checked > 1_000)
    }
}
