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
    /// The node's bodies with their types filled in, by attribute name, where inference went into them.
    public var inferredBodies: [String: Graph] = [:]
    /// Infers the types inside a body whose inputs have the given types; it sees the values around the node.
    /// Without it, bodies say what their files declare.
    let inferBody: (@Sendable (Graph, [TensorType?]) throws -> Graph)?

    /// The view of a node with the given inputs.
    public init(node: Node, inputTypes: [TensorType?], inputTensors: [Tensor?]) {
        self.init(node: node, inputTypes: inputTypes, inputTensors: inputTensors, inferBody: nil)
    }

    init(
        node: Node, inputTypes: [TensorType?], inputTensors: [Tensor?],
        inferBody: (@Sendable (Graph, [TensorType?]) throws -> Graph)?
    ) {
        self.node = node
        self.inputTypes = inputTypes
        self.inputTensors = inputTensors
        self.inferBody = inferBody
        outputCount = node.outputs.count
        outputTypes = Array(repeating: nil, count: node.outputs.count)
    }

    /// The type of an input, nil if it is left out or not known.
    public func type(_ index: Int) -> TensorType? { index < inputTypes.count ? inputTypes[index] : nil }

    /// Whether the node has the input.
    public func has(_ index: Int) -> Bool { node.input(index) != nil }

    /// The value of an integer input, if known.
    public func integers(_ index: Int) throws -> [Int]? {
        guard let tensor = tensor(index) else { return nil }
        return try tensor.integers()
    }

    /// Sets the type of an output that the node has.
    public mutating func setOutput(_ index: Int = 0, _ type: TensorType?) {
        if index < outputTypes.count { outputTypes[index] = type }
    }
}

extension TypeInference {
    /// The value of an input, if it is known and can be read.
    func tensor(_ index: Int) -> Tensor? {
        guard index < inputTensors.count, let tensor = inputTensors[index], tensor.isAvailable else { return nil }
        return tensor
    }

    /// The axis lengths of an input, if its rank is known.
    func shape(_ index: Int) -> [Dimension]? { type(index)?.shape }

    /// The element type of an input, if known.
    func elementType(_ index: Int) -> ElementType? { type(index)?.elementType }

    /// The number of elements of an input that is a list, such as axes or a shape, if that is known.
    func listLength(_ index: Int) throws -> Int? {
        guard let shape = shape(index) else { return nil }
        guard shape.count <= 1 else {
            throw HarrierError("input \(index) of \(node.op) must be a list, not of shape \(display(shape))")
        }
        let length = shape.first.map(\.value) ?? 1
        guard let length, !(0...TensorType.maximumRank).contains(length) else { return length }
        throw HarrierError(
            "input \(index) of \(node.op) lists \(length) axes, but a tensor has at most \(TensorType.maximumRank)")
    }

    /// Sets the type of an output from its parts; does nothing if the element type is not known.
    mutating func setOutput(_ index: Int = 0, _ elementType: ElementType?, _ shape: [Dimension]?) {
        if let elementType { setOutput(index, TensorType(elementType, shape)) }
    }

    /// The element type that the given inputs share (ONNX's type variable), from those whose types are known.
    ///
    /// - Throws: ``HarrierError`` if two of them differ.
    @discardableResult
    func sharedElementType(_ indices: some Sequence<Int>) throws -> ElementType? {
        var found: ElementType?
        for index in indices {
            guard let elementType = elementType(index) else { continue }
            if let found, found != elementType {
                throw HarrierError(
                    "operands of \(node.op) have different element types, \(found.onnxName) and \(elementType.onnxName)"
                )
            }
            found = elementType
        }
        return found
    }

    /// Checks that an input, if its type is known, has elements of a certain sort.
    func require(_ index: Int, _ sort: String, where holds: (ElementType) -> Bool) throws {
        guard let elementType = elementType(index), !holds(elementType) else { return }
        throw HarrierError("input \(index) of \(node.op) must have \(sort) elements, not \(elementType.onnxName)")
    }

    /// Checks that an input, if its type is known, has boolean elements.
    func requireBool(_ index: Int) throws { try require(index, "bool") { $0 == .bool } }

    /// Checks that an input, if its type is known, has integer elements.
    func requireIntegers(_ index: Int) throws { try require(index, "integer") { $0.isInteger } }

    /// The axis lengths of an input after checking its rank; nil if its rank is not known.
    func shape(_ index: Int, rank: ClosedRange<Int>) throws -> [Dimension]? {
        guard let shape = shape(index) else { return nil }
        guard rank.contains(shape.count) else {
            let expected =
                rank.upperBound == rank.lowerBound
                ? "\(rank.lowerBound)"
                : rank.upperBound == .max
                    ? "at least \(rank.lowerBound)" : "\(rank.lowerBound) to \(rank.upperBound)"
            throw HarrierError(
                "input \(index) of \(node.op) must have rank \(expected), but its shape is \(display(shape))")
        }
        return shape
    }

    /// An axis counted from the front.
    ///
    /// - Throws: ``HarrierError`` if a tensor of that rank has no such axis.
    func normalized(axis: Int, rank: Int) throws -> Int {
        guard axis >= -rank, axis < rank else {
            throw HarrierError("axis \(axis) of \(node.op) is outside of a tensor of rank \(rank)")
        }
        return axis < 0 ? axis + rank : axis
    }

    /// Axes counted from the front, in the order given.
    ///
    /// - Throws: ``HarrierError`` if a tensor of that rank has no such axis, or one is there twice.
    func normalized(axes: [Int], rank: Int) throws -> [Int] {
        let result = try axes.map { try normalized(axis: $0, rank: rank) }
        guard Set(result).count == result.count else {
            throw HarrierError("an axis of \(node.op) is given twice in \(axes)")
        }
        return result
    }

    /// The axis in an integer attribute, counted from the front.
    func axis(_ name: String = "axis", rank: Int) throws -> Int { try normalized(axis: node.int(name), rank: rank) }

    /// An integer attribute that must be positive.
    func positive(_ name: String) throws -> Int {
        let number = try node.int(name)
        guard number > 0 else {
            throw HarrierError("attribute '\(name)' of \(node.op) must be positive, not \(number)")
        }
        return number
    }

    /// The element type in an attribute that holds ONNX's number of it; nil if it is absent.
    func elementTypeAttribute(_ name: String) throws -> ElementType? {
        guard let number = try node.optionalInt(name) else { return nil }
        guard let elementType = ElementType(rawValue: number) else {
            throw HarrierError("attribute '\(name)' of \(node.op) is \(number), which is no element type of ONNX")
        }
        return elementType
    }

    /// What two statements about one length say together.
    ///
    /// - Throws: ``HarrierError`` naming what has that length if they contradict each other.
    func merge(_ one: Dimension, _ two: Dimension, _ what: String) throws -> Dimension {
        guard let merged = one.merged(with: two) else {
            throw HarrierError("\(what) of \(node.op) do not fit: \(one) and \(two)")
        }
        return merged
    }
}
