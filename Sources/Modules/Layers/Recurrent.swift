import IR

/// What recurrent layers over a sequence have in common. PyTorch's `RNNBase`.
///
/// Each layer is one ONNX operator. PyTorch and ONNX order the gates differently, so that rows of the weights are moved first.
public class Recurrent: Module {
    /// A layer in one direction.
    private struct Cell {
        let suffix: String
        let inputWeight: Parameter
        let hiddenWeight: Parameter
        let inputBias: Parameter?
        let hiddenBias: Parameter?
    }

    private let op: OperatorName
    /// For each of ONNX's gates the place of PyTorch's.
    private let gateOrder: [Int]
    private let attributes: [String: Attribute]
    private let inputSize: Int
    private let hiddenSize: Int
    private let batchFirst: Bool
    private let isBidirectional: Bool
    /// The cells of each layer: forward, then backward.
    private let layers: [[Cell]]

    /// What a recurrent layer is made of.
    struct Shape {
        var inputSize: Int
        var hiddenSize: Int
        var numLayers: Int
        var bias: Bool
        var batchFirst: Bool
        var bidirectional: Bool
    }

    init(_ op: OperatorName, _ shape: Shape, gateOrder: [Int], _ attributes: [String: Attribute]) {
        self.op = op
        self.gateOrder = gateOrder
        self.attributes = attributes
        inputSize = shape.inputSize
        hiddenSize = shape.hiddenSize
        batchFirst = shape.batchFirst
        isBidirectional = shape.bidirectional
        let rows = gateOrder.count * shape.hiddenSize
        let start = Parameter.Initializer.uniform(bound: 1 / Float(max(1, shape.hiddenSize)).squareRoot())
        let directions = shape.bidirectional ? ["", "_reverse"] : [""]
        layers = (0..<max(1, shape.numLayers)).map { layer in
            let width = layer == 0 ? shape.inputSize : shape.hiddenSize * directions.count
            return directions.map { direction in
                Cell(
                    suffix: "_l\(layer)\(direction)", inputWeight: Parameter([rows, width], start),
                    hiddenWeight: Parameter([rows, shape.hiddenSize], start),
                    inputBias: shape.bias ? Parameter([rows], start) : nil,
                    hiddenBias: shape.bias ? Parameter([rows], start) : nil)
            }
        }
    }

    /// The weights and biases of all layers and directions.
    public var members: [(name: String, member: any ModuleMember)] {
        layers.joined().flatMap { cell -> [(name: String, member: any ModuleMember)] in
            let named: [(String, Parameter?)] = [
                ("weight_ih", cell.inputWeight), ("weight_hh", cell.hiddenWeight), ("bias_ih", cell.inputBias),
                ("bias_hh", cell.hiddenBias),
            ]
            return named.compactMap { name, parameter in parameter.map { (name + cell.suffix, $0) } }
        }
    }

    /// The hidden states of the last layer at every step.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor { try run(input).output }

    /// The hidden states of the last layer at every step, and the last hidden states of all layers and directions:
    /// PyTorch's `output` and `h_n`.
    ///
    /// - Throws: ``HarrierError`` with the module's path if the input does not fit.
    public func states(_ input: SymbolicTensor) throws -> (output: SymbolicTensor, hidden: SymbolicTensor) {
        try input.model.within(self) { try run(input) }
    }

    private func run(_ input: SymbolicTensor) throws -> (output: SymbolicTensor, hidden: SymbolicTensor) {
        let shape = try input.shape
        guard shape.count == 3, shape[2] == inputSize else {
            let axes = batchFirst ? "batch, sequence" : "sequence, batch"
            throw HarrierError("takes \(axes) and \(inputSize) features, but its input has shape \(shape)")
        }
        var output = try batchFirst ? input.permute([1, 0, 2]) : input
        var hidden: [SymbolicTensor] = []
        for cells in layers {
            let states = try layer(cells, output)
            output = states.output
            hidden.append(states.hidden)
        }
        return (try batchFirst ? output.permute([1, 0, 2]) : output, try .concatenate(hidden, dim: 0))
    }

    /// One layer in all its directions on a sequence (steps × batch × features).
    private func layer(_ cells: [Cell], _ input: SymbolicTensor) throws -> (
        output: SymbolicTensor, hidden: SymbolicTensor
    ) {
        let model = input.model
        func stacked(_ parts: [SymbolicTensor]) throws -> SymbolicTensor {
            try .concatenate(parts.map { try $0.unsqueeze(dim: 0) }, dim: 0)
        }
        let weights = try stacked(cells.map { try reordered(model.tensor(of: $0.inputWeight)) })
        let recurrence = try stacked(cells.map { try reordered(model.tensor(of: $0.hiddenWeight)) })
        let biases = try cells.compactMap { cell -> SymbolicTensor? in
            guard let inputBias = cell.inputBias, let hiddenBias = cell.hiddenBias else { return nil }
            let parts = try [inputBias, hiddenBias].map { try reordered(model.tensor(of: $0)) }
            return try .concatenate(parts, dim: 0)
        }
        var attributes = attributes
        attributes["hidden_size"] = .int(hiddenSize)
        if isBidirectional { attributes["direction"] = .string("bidirectional") }
        let bias = try biases.isEmpty ? nil : stacked(biases)
        let outputs = try input.apply(op, weights, recurrence, bias, attributes: attributes, outputCount: 2)
        let shape = try input.shape
        let states = try outputs[0].permute([0, 2, 1, 3]).reshape([shape[0], shape[1], cells.count * hiddenSize])
        return (states, outputs[1])
    }

    /// The rows of a weight or bias in ONNX's order of gates.
    private func reordered(_ tensor: SymbolicTensor) throws -> SymbolicTensor {
        guard gateOrder != Array(gateOrder.indices) else { return tensor }
        let gates = try tensor.chunk(gateOrder.count, dim: 0)
        return try .concatenate(gateOrder.map { gates[$0] }, dim: 0)
    }
}

/// A recurrent layer: `h' = tanh(W x + R h + b)`. PyTorch's `torch.nn.RNN`.
public final class RNN: Recurrent {
    /// The function of a step.
    public enum Nonlinearity: String, Hashable, Sendable {
        case tanh = "Tanh"
        case relu = "Relu"
    }

    /// A layer with PyTorch's defaults.
    public init(
        _ inputSize: Int, _ hiddenSize: Int, numLayers: Int = 1, nonlinearity: Nonlinearity = .tanh, bias: Bool = true,
        batchFirst: Bool = false, bidirectional: Bool = false
    ) {
        let shape = Shape(
            inputSize: inputSize, hiddenSize: hiddenSize, numLayers: numLayers, bias: bias, batchFirst: batchFirst,
            bidirectional: bidirectional)
        let activations = Array(repeating: nonlinearity.rawValue, count: bidirectional ? 2 : 1)
        super.init("RNN", shape, gateOrder: [0], ["activations": .strings(activations)])
    }
}

/// A layer of long short-term memory. PyTorch's `torch.nn.LSTM`.
public final class LSTM: Recurrent {
    /// A layer with PyTorch's defaults.
    public init(
        _ inputSize: Int, _ hiddenSize: Int, numLayers: Int = 1, bias: Bool = true, batchFirst: Bool = false,
        bidirectional: Bool = false
    ) {
        let shape = Shape(
            inputSize: inputSize, hiddenSize: hiddenSize, numLayers: numLayers, bias: bias, batchFirst: batchFirst,
            bidirectional: bidirectional)
        // PyTorch: input, forget, cell, output. ONNX: input, output, forget, cell.
        super.init("LSTM", shape, gateOrder: [0, 3, 1, 2], [:])
    }
}

/// A layer of gated recurrent units. PyTorch's `torch.nn.GRU`.
public final class GRU: Recurrent {
    /// A layer with PyTorch's defaults.
    public init(
        _ inputSize: Int, _ hiddenSize: Int, numLayers: Int = 1, bias: Bool = true, batchFirst: Bool = false,
        bidirectional: Bool = false
    ) {
        let shape = Shape(
            inputSize: inputSize, hiddenSize: hiddenSize, numLayers: numLayers, bias: bias, batchFirst: batchFirst,
            bidirectional: bidirectional)
        // PyTorch: reset, update, new. ONNX: update, reset, hidden. PyTorch resets after the product.
        super.init("GRU", shape, gateOrder: [1, 0, 2], ["linear_before_reset": .int(1)])
    }
}
