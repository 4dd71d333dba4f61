import Evaluate
import Foundation
import IR
import ONNXFormat

extension NodeCase {
    /// What the interpreter computes outside of its interval on the case's data; nil if nothing. The operands are inputs with the
    /// ranges of their data; then all but the first are constants.
    func escape(in folder: URL) throws -> String? {
        let path = folder.appendingPathComponent(name + ".onnx").path
        let graph = try loadModel(at: path, evaluator: Interpreter(precision: .float32)).graph
        for number in 0..<dataSets {
            let data = try NodeData(folder.appendingPathComponent("\(name).\(number).data.onnx").path)
            var inputs: [String: NumericArray] = [:]
            var ranges = RangeAssumptions()
            for (index, id) in graph.inputs.enumerated() {
                let array = try data.value("input/\(index)")
                inputs[graph[id].name] = array
                if array.elementType.isFloatingPoint { ranges.named[graph[id].name] = try RangeCheck.bounds(of: array) }
            }
            if let escape = try RangeCheck.escape(of: graph, inputs: inputs, assumptions: ranges) { return escape }
            guard let constant = graph.withConstants(inputs) else { continue }
            if let escape = try RangeCheck.escape(of: constant, inputs: inputs, assumptions: ranges) {
                return "with constants, \(escape)"
            }
        }
        return nil
    }
}

extension Graph {
    /// The graph with the data of all inputs but the first as constants; nil if some are no tensors or do not fit.
    fileprivate func withConstants(_ data: [String: NumericArray]) -> Graph? {
        guard inputs.count > 1 else { return nil }
        var result = self
        for id in inputs.dropFirst() {
            guard let tensor = try? data[self[id].name]?.tensor() else { return nil }
            result[id].constant = Constant(tensor, form: .literal(nodeName: self[id].name))
        }
        result.inputs = Array(inputs.prefix(1))
        guard (try? result.inferTypes(evaluator: Interpreter())) != nil else { return nil }
        return result
    }
}
