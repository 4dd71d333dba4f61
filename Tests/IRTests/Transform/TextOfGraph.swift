import Foundation
import IR

/// A model with that graph, in ONNX's textual syntax.
func model(_ graph: String) throws -> Graph { try ONNXText.parseModel(graph) }

extension Graph {
    /// The nodes as the textual syntax writes them, a line each.
    var nodeLines: [String] {
        let lines = ONNXText.print(self).split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        guard let start = lines.firstIndex(of: "{"), let end = lines[start...].firstIndex(of: "}") else { return [] }
        return Array(lines[(start + 1)..<end])
    }

    /// The names of the initializers.
    var initializerNames: [String] { values.filter { $0.constant?.form == .initializer }.map(\.name) }
}

/// Adds and multiplies vectors of one length (and scalars), and nothing else.
struct SmallEvaluator: ConstantEvaluator {
    func evaluate(_ node: Node, inputs: [Tensor?]) throws -> [Tensor?]? {
        guard node.op == "Add" || node.op == "Mul", let one = try inputs[0]?.doubles(),
            let two = try inputs[1]?.doubles()
        else { return nil }
        guard one.count == two.count else { throw HarrierError("operands of different lengths") }
        let result = zip(one, two).map { node.op == "Add" ? $0 + $1 : $0 * $1 }
        guard let type = inputs[0]?.elementType else { return nil }
        let shape = inputs[0]?.shape ?? []
        return [
            type == .int64
                ? Tensor(int64: result.map { Int($0) }, shape: shape)
                : Tensor(float32: result.map { Float($0) }, shape: shape)
        ]
    }
}
