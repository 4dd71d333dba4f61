import Evaluate
import IR
import Modules
import ONNXFormat
import TestSupport
import Testing

/// A model that PyTorch exported, with the network that must be equal to it.
struct ExportedModel: CustomTestStringConvertible, Sendable {
    /// The export's file in `models`, without its extension.
    var file: String
    /// The network.
    var module: @Sendable () -> any Module
    /// Parameters that the exporter dropped, for they are zero in the exported model, by the end of their names.
    var droppedSuffixes: [String] = []
    /// What constants hold that are part of the program and whose data the file has lost, by name.
    var lostConstants: [String: Filling] = [:]
    /// Whether the exporter folded the batch normalizations into the convolutions.
    var isFolded = false

    var testDescription: String { file }

    /// What a constant holds.
    enum Filling: Sendable {
        case zeros
        case ones
        /// Zeros up to the diagonal, the least number above it.
        case causalMask

        func tensor(_ type: ElementType, shape: [Int]) throws -> Tensor {
            let count = shape.reduce(1, *)
            switch (self, type) {
            case (.zeros, .int64):
                return Tensor(.int64, shape: shape, payload: .bytes(Array(repeating: 0, count: 8 * count)))
            case (.ones, .bool): return Tensor(.bool, shape: shape, payload: .bytes(Array(repeating: 1, count: count)))
            case (.causalMask, .float32):
                let width = shape.last ?? 1
                let least = -Float.greatestFiniteMagnitude
                return Tensor(float32: (0..<count).map { $0 % width > $0 / width ? least : 0 }, shape: shape)
            default: throw TestSupportError("no constant of type \(type) is filled so")
            }
        }
    }

    /// The export.
    func export() throws -> Graph {
        var graph = try loadModel(at: Fixtures.path("models/\(file).onnx"), evaluator: Interpreter()).graph
        for (name, filling) in lostConstants {
            guard let id = graph.value(named: name), let tensor = graph[id].constant?.tensor else {
                throw TestSupportError("\(file) has no constant '\(name)'")
            }
            graph[id].constant?.tensor = try filling.tensor(tensor.elementType, shape: tensor.shape)
        }
        return graph
    }

    /// The network's graph for the export's input.
    func graph() throws -> Graph {
        let export = try export()
        guard let input = export.inputs.first, let shape = export[input].type?.lengths else {
            throw TestSupportError("\(file) has no input of known shape")
        }
        return try module().graph(name: file, input: shape)
    }
}

/// A parameter of a network and the initializer that it is in an export.
struct ParameterPair {
    var parameter: String
    var initializer: String
    /// Whether the export has it the other way round.
    var isTransposed: Bool
}

extension Graph {
    /// What operands of operators are called in PyTorch.
    private static let roles: [OperatorName: [Int: String]] = [
        "BatchNormalization": [1: "weight", 2: "bias", 3: "running_mean", 4: "running_var"],
        "Conv": [1: "weight", 2: "bias"], "Gemm": [1: "weight", 2: "bias"], "Gather": [0: "weight"],
        "LayerNormalization": [1: "weight", 2: "bias"], "MatMul": [1: "weight"], "Add": [0: "bias", 1: "bias"],
    ]

    /// The initializers by what they are to the modules: `layer1.0.conv1.weight`, whatever the exporter calls them (it merges
    /// equal ones and transposes weights of products).
    func initializersByRole() -> [String: (initializer: String, isTransposed: Bool)] {
        var result: [String: (initializer: String, isTransposed: Bool)] = [:]
        let producers = producers()
        for node in nodes {
            for (index, role) in Self.roles[node.op] ?? [:] {
                guard var operand = node.input(index) else { continue }
                var isTransposed = node.op == "MatMul"
                while let producer = producers[operand.index], ["Identity", "Transpose"].contains(nodes[producer].op),
                    let source = nodes[producer].input(0)
                {
                    if nodes[producer].op == "Transpose" { isTransposed.toggle() }
                    operand = source
                }
                guard let constant = self[operand].constant, constant.isParameter,
                    role != "bias" || constant.tensor.shape.count == 1
                else { continue }
                let scope = node.scope.description
                result[scope.isEmpty ? role : scope + "." + role] = (self[operand].name, isTransposed)
            }
        }
        return result
    }

    /// The graph with its parameters as an export has them: the same names, a product's weights the same way round, and zeros
    /// for those that it has not.
    func parameters(renamedTo pairs: [ParameterPair], of export: Graph) throws -> Graph {
        var result = self
        let pairs = Dictionary(uniqueKeysWithValues: pairs.map { ($0.parameter, $0) })
        let tensors = Dictionary(
            export.values.compactMap { value in value.constant.map { (value.name, $0.tensor) } }
        ) { one, _ in one }
        for index in values.indices {
            guard let constant = values[index].constant, constant.isParameter else { continue }
            let id = ValueID(index)
            guard let pair = pairs[values[index].name], let tensor = tensors[pair.initializer] else {
                let zeros = Array(repeating: Float(0), count: constant.tensor.elementCount)
                result[id].constant?.tensor = Tensor(float32: zeros, shape: constant.tensor.shape)
                continue
            }
            result[id].name = pair.initializer
            result[id].constant?.tensor = tensor
            result[id].type = tensor.type
            guard pair.isTransposed else { continue }
            // The weight takes the place of its transpose.
            guard let node = result.nodes.firstIndex(where: { $0.op == "Transpose" && $0.input(0) == id }),
                let output = result.nodes[node].output(0)
            else { throw TestSupportError("'\(pair.parameter)' is transposed in the export only") }
            result[output] = result[id]
            result.nodes.remove(at: node)
        }
        return result.compacted()
    }
}
