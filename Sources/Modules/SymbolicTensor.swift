import IR

/// A tensor of a network that is being built: it has a type and no elements. What is done to it becomes nodes of the graph.
public struct SymbolicTensor {
    /// Who builds the network.
    public let model: ModelBuilder
    /// The value in the graph.
    public let term: GraphBuilder.Term

    /// The tensor of a value.
    public init(_ term: GraphBuilder.Term, of model: ModelBuilder) {
        self.term = term
        self.model = model
    }

    /// Axis lengths.
    ///
    /// - Throws: ``HarrierError`` if they are not known.
    public var shape: [Int] { get throws { try term.lengths } }

    /// The first output of an ONNX operator with this tensor as its first operand.
    ///
    /// - Parameter others: further operands; nil for an optional one that is left out.
    /// - Throws: ``HarrierError`` if the operands do not fit together.
    public func apply(
        _ op: OperatorName, _ others: SymbolicTensor?..., attributes: [String: Attribute] = [:]
    ) throws -> SymbolicTensor {
        with(try model.graphBuilder.apply(op, [term] + others.map { $0?.term }, attributes))
    }

    /// The outputs of an ONNX operator that has several.
    public func apply(
        _ op: OperatorName, _ others: SymbolicTensor?..., attributes: [String: Attribute] = [:], outputCount: Int
    ) throws -> [SymbolicTensor] {
        let operands = [term] + others.map { $0?.term }
        return try model.graphBuilder.apply(op, operands, attributes, outputCount: outputCount).map(with)
    }

    /// A public list of integers, as axes and shapes are.
    public func integers(_ values: [Int]) -> SymbolicTensor { with(model.graphBuilder.integers(values)) }

    /// A public number of this tensor's element type.
    public func scalar(_ value: Double) -> SymbolicTensor { with(term.scalar(value)) }

    /// Another value of the same network.
    func with(_ term: GraphBuilder.Term) -> SymbolicTensor { SymbolicTensor(term, of: model) }
}

// MARK: - Arithmetic

extension SymbolicTensor {
    /// The sum, with broadcasting.
    public static func + (left: Self, right: Self) throws -> Self { try left.apply("Add", right) }
    /// The difference, with broadcasting.
    public static func - (left: Self, right: Self) throws -> Self { try left.apply("Sub", right) }
    /// The product element by element, with broadcasting.
    public static func * (left: Self, right: Self) throws -> Self { try left.apply("Mul", right) }
    /// The quotient element by element, with broadcasting.
    public static func / (left: Self, right: Self) throws -> Self { try left.apply("Div", right) }
    /// The sum with a public number.
    public static func + (left: Self, right: Double) throws -> Self { try left + left.scalar(right) }
    /// The product with a public number.
    public static func * (left: Self, right: Double) throws -> Self { try left * left.scalar(right) }
    /// The quotient by a public number.
    public static func / (left: Self, right: Double) throws -> Self { try left / left.scalar(right) }

    /// The matrix product over the last two axes, `torch.matmul`.
    public func matmul(_ other: Self) throws -> Self { try apply("MatMul", other) }

    /// The elements raised to a public power.
    public func pow(_ exponent: Double) throws -> Self { try apply("Pow", scalar(exponent)) }

    /// The softmax along an axis.
    public func softmax(dim: Int) throws -> Self { try apply("Softmax", attributes: ["axis": .int(dim)]) }

    /// The sum along axes.
    public func sum(_ dims: [Int], keepdim: Bool = false) throws -> Self {
        try apply("ReduceSum", integers(dims), attributes: ["keepdims": .int(keepdim ? 1 : 0)])
    }

    /// The mean along axes.
    public func mean(_ dims: [Int], keepdim: Bool = false) throws -> Self {
        try apply("ReduceMean", integers(dims), attributes: ["keepdims": .int(keepdim ? 1 : 0)])
    }
}

// MARK: - Shapes

extension SymbolicTensor {
    /// The same elements in another shape, of which one length can be -1: what is left.
    public func reshape(_ shape: [Int]) throws -> Self { with(try term.reshaped(shape)) }

    /// The axes in another order.
    public func permute(_ order: [Int]) throws -> Self { with(try term.transposed(order)) }

    /// All axes but the first as one.
    public func flatten() throws -> Self { try apply("Flatten", attributes: ["axis": .int(1)]) }

    /// An axis of length 1 more, at that position.
    public func unsqueeze(dim: Int) throws -> Self { try apply("Unsqueeze", integers([dim])) }

    /// The elements in a range of positions along an axis, `torch.narrow`.
    public func narrow(dim: Int, _ range: Range<Int>) throws -> Self { with(try term[axis: dim, range]) }

    /// Equal parts along an axis.
    ///
    /// - Throws: ``HarrierError`` if the axis cannot be divided so.
    public func chunk(_ count: Int, dim: Int) throws -> [Self] {
        let shape = try shape
        guard shape.indices.contains(dim), count > 0, shape[dim] % count == 0 else {
            throw HarrierError("axis \(dim) of a tensor of shape \(shape) cannot be divided into \(count) equal parts")
        }
        let length = shape[dim] / count
        return try (0..<count).map { try narrow(dim: dim, $0 * length..<($0 + 1) * length) }
    }

    /// Tensors one after another along an axis, `torch.cat`; a single one is itself.
    public static func concatenate(_ tensors: [Self], dim: Int) throws -> Self {
        guard let first = tensors.first else { throw HarrierError("there is nothing to concatenate") }
        guard tensors.count > 1 else { return first }
        let builder = first.model.graphBuilder
        return first.with(try builder.apply("Concat", tensors.map(\.term), ["axis": .int(dim)]))
    }
}
