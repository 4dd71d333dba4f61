import IR

extension GraphBuilder.Term {
    /// The number that a literal of one element is.
    var literalNumber: Double? {
        guard case .literal? = value.constant?.form, value.constant?.tensor.elementCount == 1 else { return nil }
        return value.constant?.tensor.scalar
    }

    /// A product with a number, worked out if this is a number itself.
    func scaled(by factor: Double) throws -> Self {
        if factor == 1 { return self }
        if let number = literalNumber, shape?.isEmpty == true { return scalar(number * factor) }
        return try self * factor
    }

    /// The gradient in the shape of its value.
    func expanded(to lengths: [Int]) throws -> Self {
        if try self.lengths == lengths { return self }
        return try apply("Expand", builder.integers(lengths))
    }

    /// The gradient with as many axes as a value of that rank, which an operator that moves axes needs.
    func withRank(_ rank: Int) throws -> Self {
        let lengths = try lengths
        return lengths.count == rank
            ? self : try reshapedIfNeeded(Array(repeating: 1, count: max(0, rank - lengths.count)) + lengths)
    }

    /// The same elements in another shape, without a node if it is the shape they have.
    func reshapedIfNeeded(_ lengths: [Int]) throws -> Self {
        try self.lengths == lengths ? self : try reshaped(lengths)
    }

    /// The axes in another order, without a node if it is the order they have.
    func transposedIfNeeded(_ order: [Int]) throws -> Self {
        order == Array(order.indices) ? self : try transposed(order)
    }

    /// A gradient of the result of broadcasting, summed up to the shape of an operand.
    ///
    /// - Parameters:
    ///   - outer: the lengths of the result; this term broadcasts to them.
    ///   - inner: the lengths of the operand.
    func summed(from outer: [Int], to inner: [Int]) throws -> Self {
        let added = outer.count - inner.count
        let own = try lengths
        let skipped = outer.count - own.count
        var summed: [Int] = []
        var factor = 1
        for axis in outer.indices where outer[axis] != 1 && (axis < added || inner[axis - added] == 1) {
            if axis >= skipped, own[axis - skipped] != 1 {
                summed.append(axis - skipped)
            } else {
                factor *= outer[axis]
            }
        }
        var result = self
        let isLeading = summed == Array(0..<added) && skipped == 0
        if !summed.isEmpty { result = try reduced("ReduceSum", axes: summed, keepsAxes: !isLeading) }
        let rest = try result.lengths
        // A sum of everything is a scalar, and axes in front are gone.
        if rest.count > inner.count { result = try result.reshaped(Array(rest.suffix(inner.count))) }
        return try result.scaled(by: Double(factor))
    }

    /// The product with a factor, summed up to the shape of an operand of the broadcasting product.
    func multiplied(by factor: Self, from outer: [Int], to inner: [Int]) throws -> Self {
        if let number = factor.literalNumber { return try summed(from: outer, to: inner).scaled(by: number) }
        if let number = literalNumber { return try factor.summed(from: outer, to: inner).scaled(by: number) }
        let added = outer.count - inner.count
        let kept = inner.indices.filter { inner[$0] != 1 }.map { $0 + added }
        let (left, right) = (try labelled(in: outer), try factor.labelled(in: outer))
        let missing = outer.indices.filter {
            outer[$0] != 1 && !kept.contains($0) && !left.labels.contains($0) && !right.labels.contains($0)
        }
        return try left.contracted(with: right, keeping: kept)
            .inShape(of: inner, axes: inner.indices.map { $0 + added })
            .scaled(by: Double(missing.map { outer[$0] }.reduce(1, *)))
    }

    /// The term's axes labelled by those of a shape that it broadcasts to.
    private func labelled(in outer: [Int]) throws -> LabelledTerm {
        let skipped = try outer.count - rank
        return try LabelledTerm(self, axes: Array(skipped..<outer.count))
    }
}
