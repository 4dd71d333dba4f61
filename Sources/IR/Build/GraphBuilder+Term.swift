extension GraphBuilder {
    /// A value of the graph that a builder writes. Operators on terms write nodes.
    public struct Term {
        /// Who writes the graph.
        public let builder: GraphBuilder
        /// The value.
        public let id: ValueID

        /// The value, with its name.
        public var value: Value { builder.graph[id] }

        /// The type, as far as it is known.
        public var type: TensorType? { builder.graph[id].type }

        /// The element type; where it is not known, the one that the graph computes in.
        public var elementType: ElementType { type?.elementType ?? builder.defaultElementType }

        /// Axis lengths, if the rank is known.
        public var shape: [Dimension]? { type?.shape }

        /// The number of axes.
        ///
        /// - Throws: ``HarrierError`` if it is not known.
        public var rank: Int {
            get throws {
                guard let shape else { throw HarrierError("the rank of this value is not known", place: place) }
                return shape.count
            }
        }

        /// Axis lengths.
        ///
        /// - Throws: ``HarrierError`` if one is not known.
        public var lengths: [Int] {
            get throws {
                guard let lengths = type?.lengths else {
                    throw HarrierError(
                        "the shape of this value is not known", place: place,
                        hint: "symbolic dimensions must be given lengths first")
                }
                return lengths
            }
        }

        private var place: String { "'\(value.name)'" }
    }
}

extension GraphBuilder.Term {
    /// The output of an operator with this term as its first operand.
    public func apply(
        _ op: OperatorName, _ others: Self?..., attributes: [String: Attribute] = [:]
    ) throws -> Self {
        try builder.apply(op, [self] + others, attributes)
    }

    /// A literal scalar of this term's element type.
    public func scalar(_ value: Double) -> Self { builder.scalar(value, elementType) }

    /// A reduction along axes, which stay with length 1 unless told otherwise.
    public func reduced(_ op: OperatorName, axes: [Int], keepsAxes: Bool = true) throws -> Self {
        try apply(op, builder.integers(axes), attributes: keepsAxes ? [:] : ["keepdims": .int(0)])
    }

    /// The same elements in another shape, in which 0 is a length, and -1 what is left.
    public func reshaped(_ lengths: [Int]) throws -> Self {
        try apply(
            "Reshape", builder.integers(lengths), attributes: lengths.contains(0) ? ["allowzero": .int(1)] : [:])
    }

    /// The axes in another order.
    public func transposed(_ order: [Int]) throws -> Self {
        try apply("Transpose", attributes: ["perm": .ints(order)])
    }

    /// The term with axes of length 1 added at its end, so that a list of channels broadcasts to an image.
    public func withTrailingAxes(_ count: Int) throws -> Self {
        guard count > 0 else { return self }
        let (rank, ones) = (shape?.count ?? 1, [Int](repeating: 1, count: count))
        // A list can be reshaped whatever its length, which importers take that add one axis at a time.
        if rank == 1 { return try apply("Reshape", builder.integers([-1] + ones)) }
        return try apply("Unsqueeze", builder.integers(Array(rank..<rank + count)))
    }

    /// The elements in another type; the same term if they are of that type.
    public func cast(to elementType: ElementType) throws -> Self {
        if elementType == self.elementType { return self }
        return try apply("Cast", attributes: ["to": .int(elementType.rawValue)])
    }

    /// The elements in a range of positions along an axis.
    public subscript(axis axis: Int, range: Range<Int>) -> Self {
        get throws {
            try apply(
                "Slice", builder.integers([range.lowerBound]), builder.integers([range.upperBound]),
                builder.integers([axis]))
        }
    }

    /// The square, as a power: frameworks have a protocol for it that is cheaper than a product of two secrets.
    public func squared() throws -> Self { try apply("Pow", scalar(2)) }

    /// The matrix product, over leading axes that broadcast.
    public func matrixProduct(_ right: Self) throws -> Self { try apply("MatMul", right) }

    /// Whether elements are greater than those of another term.
    public func isGreater(than other: Self) throws -> Self { try apply("Greater", other) }

    /// Whether elements are greater than a number.
    public func isGreater(than number: Double) throws -> Self { try isGreater(than: scalar(number)) }

    /// Whether elements are less than those of another term.
    public func isLess(than other: Self) throws -> Self { try apply("Less", other) }

    /// Whether elements are less than a number.
    public func isLess(than number: Double) throws -> Self { try isLess(than: scalar(number)) }

    /// Elements of one term where this one is true, of the other where it is not.
    public func chooses(_ yes: Self, else no: Self) throws -> Self { try apply("Where", yes, no) }

    /// The elements with their signs changed.
    public static prefix func - (operand: Self) throws -> Self { try operand.apply("Neg") }
    /// The sum, with broadcasting.
    public static func + (left: Self, right: Self) throws -> Self { try left.apply("Add", right) }
    /// The difference, with broadcasting.
    public static func - (left: Self, right: Self) throws -> Self { try left.apply("Sub", right) }
    /// The product element by element, with broadcasting.
    public static func * (left: Self, right: Self) throws -> Self { try left.apply("Mul", right) }
    /// The quotient element by element, with broadcasting.
    public static func / (left: Self, right: Self) throws -> Self { try left.apply("Div", right) }
    /// The sum with a number.
    public static func + (left: Self, right: Double) throws -> Self { try left + left.scalar(right) }
    /// The difference to a number.
    public static func - (left: Self, right: Double) throws -> Self { try left - left.scalar(right) }
    /// The difference of a number and the elements.
    public static func - (left: Double, right: Self) throws -> Self { try right.scalar(left) - right }
    /// The product with a number.
    public static func * (left: Self, right: Double) throws -> Self { try left * left.scalar(right) }
    /// The quotient by a number.
    public static func / (left: Self, right: Double) throws -> Self { try left / left.scalar(right) }
    /// The quotient of a number and the elements.
    public static func / (left: Double, right: Self) throws -> Self { try right.scalar(left) / right }
}
