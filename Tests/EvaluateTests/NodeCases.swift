import Evaluate
import Foundation
import IR
import ONNXFormat
import TestSupport
import Testing

/// One of the node tests that ship with the onnx package, as `node_tests.py` writes them.
struct NodeCase: Sendable {
    let name: String
    /// The operator that is tested; the model may have others.
    let subject: String
    let dataSets: Int
    let relativeTolerance: Double
    let absoluteTolerance: Double

    /// The case in a line of the index.
    init(line: Substring) throws {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 5, let sets = Int(fields[2]), let rtol = Double(fields[3]), let atol = Double(fields[4])
        else { throw TestSupportError("a line of the index that is none: \(line)") }
        (name, subject, dataSets, relativeTolerance, absoluteTolerance) = (fields[0], fields[1], sets, rtol, atol)
    }

    /// What came of a case.
    enum Outcome: Equatable {
        case passed
        case failed(String)
        /// Operators that the interpreter has no kernel for.
        case unsupported([String])
    }

    /// Runs the case on all of its data sets.
    func run(in folder: URL) -> Outcome {
        do {
            let path = folder.appendingPathComponent(name + ".onnx").path
            let graph = try loadModel(at: path, evaluator: Interpreter(precision: .float32)).graph
            let missing = graph.allOperators().subtracting(Interpreter.operators)
            guard missing.isEmpty else { return .unsupported(missing.map(\.description)) }
            for number in 0..<dataSets {
                let data = try NodeData(folder.appendingPathComponent("\(name).\(number).data.onnx").path)
                if let difference = try difference(of: graph, on: data) { return .failed(difference) }
            }
            return .passed
        } catch {
            return .failed("\(error)".replacingOccurrences(of: folder.path, with: ""))
        }
    }

    private func difference(of graph: Graph, on data: NodeData) throws -> String? {
        var inputs: [String: NumericArray] = [:]
        for (index, id) in graph.inputs.enumerated() { inputs[graph[id].name] = try data.value("input/\(index)") }
        let outputs = try Interpreter(precision: .float32).run(graph, inputs: inputs)
        for (index, id) in graph.outputs.enumerated() {
            guard let found = outputs[graph[id].name] else { return "output \(index) is missing" }
            let wanted = try data.value("output/\(index)")
            if let text = try difference(found, wanted) { return "output \(index): \(text)" }
        }
        return nil
    }

    private func difference(_ found: NumericArray, _ wanted: NumericArray) throws -> String? {
        if case .sequence(let all) = found.storage {
            let others = if case .sequence(let others) = wanted.storage { others } else { [wanted] }
            guard all.count == others.count else { return "\(all.count) elements instead of \(others.count)" }
            return try zip(all, others).lazy.compactMap { try difference($0, $1) }.first
        }
        guard found.shape == wanted.shape, found.elementType == wanted.elementType else {
            return "\(found.elementType)\(found.shape) instead of \(wanted.elementType)\(wanted.shape)"
        }
        if case .strings = wanted.storage {
            return found.storage == wanted.storage ? nil : "\(found.storage) instead of \(wanted.storage)"
        }
        for (position, (one, two)) in zip(try found.doubles(), try wanted.doubles()).enumerated() {
            let same = one == two || (one.isNaN && two.isNaN)
            if !same && !(abs(one - two) <= absoluteTolerance + relativeTolerance * abs(two)) {
                return "\(one) instead of \(two) at \(position)"
            }
        }
        return nil
    }
}

extension Graph {
    /// The operators of all nodes, also in bodies.
    fileprivate func allOperators() -> Set<OperatorName> {
        Set(nodes.map(\.op)).union(nodes.flatMap(\.subgraphs).flatMap { $0.allOperators() })
    }
}

/// The operands and results of a node test.
struct NodeData {
    private let constants: [String: Tensor]

    /// The data in a file that `node_tests.py` wrote.
    init(_ path: String) throws {
        let graph = try ONNXReader().read(path).graph
        constants = Dictionary(
            uniqueKeysWithValues: graph.values.compactMap { value in value.constant.map { (value.name, $0.tensor) } })
    }

    /// A tensor, or a sequence or optional by its elements.
    func value(_ name: String) throws -> NumericArray {
        if let tensor = constants[name] { return try NumericArray(tensor, precision: .float32) }
        if constants[name + "/-"] != nil { return try NumericArray(.float32, shape: [], storage: .sequence([])) }
        var elements: [NumericArray] = []
        while constants[name + "/\(elements.count)"] != nil { elements.append(try value(name + "/\(elements.count)")) }
        guard let first = elements.first else { throw TestSupportError("the data has no '\(name)'") }
        return try NumericArray(first.elementType, shape: [], storage: .sequence(elements))
    }
}
