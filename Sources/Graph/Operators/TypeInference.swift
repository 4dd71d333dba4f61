/// What an operator's shape inference sees of a node, and where it leaves what it found.
public struct TypeInference: Sendable {
    /// The node.
    public let node: Node
    /// Types of the inputs; nil where an input is left out or its type is not known.
    public let inputTypes: [TensorType?]
    /// Inputs whose value is known (shapes, axes, repeats, ...); nil for the others.
    public let inputTensors: [Tensor?]
    /// Number of the outputs that the node has.
    public let outputCount: Int
    /// Types of the outputs, to be filled in; nil where nothing can be said.
    public var outputTypes: [TensorType?]

    /// The view of a node with the given inputs.
    public init(node: Node, inputTypes: [TensorType?], inputTensors: [Tensor?]) {
        self.node = node
        self.inputTypes = inputTypes
        self.inputTensors = inputTensors
        outputCount = node.outputs.count
        outputTypes = Array(repeating: nil, count: node.outputs.count)
    }

    /// The type of an input, nil if it is left out or not known.
    public func type(_ index: Int) -> TensorType? { index < inputTypes.count ? inputTypes[index] : nil }

    /// Whether the node has the input.
    public func has(_ index: Int) -> Bool { node.input(index) != nil }

    /// The value of an integer input, if known.
    public func integers(_ index: Int) throws -> [Int]? {
        guard index < inputTensors.count, let tensor = inputTensors[index], tensor.isAvailable else { return nil }
        return try tensor.integers()
    }

    /// Sets the type of an output that the node has.
    public mutating func setOutput(_ index: Int = 0, _ type: TensorType?) {
        if index < outputTypes.count { outputTypes[index] = type }
    }
}
