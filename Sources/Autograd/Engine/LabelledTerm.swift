import IR

/// A tensor whose axes have labels, as in an Einsum. Axes of length 1 have none.
struct LabelledTerm {
    /// The tensor, which may have axes of length 1 anywhere.
    let term: GraphBuilder.Term
    /// The labels of its other axes.
    let labels: [Int]

    /// A tensor with a label for each axis. Those of length 1 are ignored.
    init(_ term: GraphBuilder.Term, axes: [Int]) throws {
        self.term = term
        labels = zip(try term.lengths, axes).filter { $0.0 != 1 }.map(\.1)
    }

    private init(term: GraphBuilder.Term, labels: [Int]) {
        self.term = term
        self.labels = labels
    }

    /// The axis of every label.
    private var axes: [Int] {
        get throws {
            let lengths = try term.lengths
            return lengths.indices.filter { lengths[$0] != 1 }
        }
    }

    private func length(_ label: Int) throws -> Int {
        guard let position = labels.firstIndex(of: label) else { return 1 }
        return try term.lengths[axes[position]]
    }

    private func length(_ labels: [Int]) throws -> Int { try labels.reduce(1) { try $0 * length($1) } }

    /// The sum over axes that are not among the given ones.
    private func summed(keeping kept: Set<Int>) throws -> LabelledTerm {
        let summed = try zip(labels, axes).filter { !kept.contains($0.0) }.map(\.1)
        guard !summed.isEmpty else { return self }
        return LabelledTerm(
            term: try term.reduced("ReduceSum", axes: summed, keepsAxes: false), labels: labels.filter(kept.contains))
    }

    /// The tensor with its axes in the given order, as far as it has them. Axes of length 1 come first if anything moves.
    private func ordered(_ order: [Int]) throws -> LabelledTerm {
        let wanted = order.filter(labels.contains)
        if wanted == labels { return self }
        let axes = try axes
        let moved = wanted.compactMap { label in labels.firstIndex(of: label).map { axes[$0] } }
        let single = try term.lengths.indices.filter { !axes.contains($0) }
        return LabelledTerm(term: try term.transposed(single + moved), labels: wanted)
    }

    /// The sum of products over all labels but the given ones, which come out in their order, as far as an operand has them.
    ///
    /// What only one operand has is summed before the product. Products that are summed are a matrix product, so that a
    /// framework pays for a dot product and not for products that it then adds.
    func contracted(with other: LabelledTerm, keeping kept: [Int]) throws -> LabelledTerm {
        let left = try summed(keeping: Set(kept + other.labels))
        let right = try other.summed(keeping: Set(kept + labels))
        let result = kept.filter { left.labels.contains($0) || right.labels.contains($0) }
        let inner = left.labels.filter { right.labels.contains($0) && !kept.contains($0) }
        if inner.isEmpty { return try left.product(with: right, labels: result) }
        let shared = result.filter { left.labels.contains($0) && right.labels.contains($0) }
        let rows = result.filter { !right.labels.contains($0) }
        let columns = result.filter { !left.labels.contains($0) }
        if !rows.isEmpty, let first = result.first(where: { !shared.contains($0) }), columns.contains(first) {
            // The other way round the result needs no transpose.
            return try right.contracted(with: left, keeping: kept)
        }
        let batch = shared.isEmpty ? [] : [try left.length(shared)]
        let terms = try inner.reduce(1) { try $0 * left.length($1) }
        let product = try left.ordered(shared + rows + inner).term
            .reshapedIfNeeded(batch + [left.length(rows), terms])
            .matrixProduct(
                right.ordered(shared + inner + columns).term.reshapedIfNeeded(batch + [terms, right.length(columns)]))
        let lengths = try (shared + rows).map { try left.length($0) } + columns.map { try right.length($0) }
        return try LabelledTerm(term: product.reshapedIfNeeded(lengths), labels: shared + rows + columns)
            .ordered(result)
    }

    /// The products without a sum.
    private func product(with other: LabelledTerm, labels result: [Int]) throws -> LabelledTerm {
        func aligned(_ operand: LabelledTerm) throws -> GraphBuilder.Term {
            let wanted = try result.map { try operand.length($0) }
            let ordered = try operand.ordered(result).term
            // Axes of length 1 in front need not be written.
            if try ordered.lengths.drop(while: { $0 == 1 }) == wanted.drop(while: { $0 == 1 }) { return ordered }
            return try ordered.reshaped(wanted)
        }
        return LabelledTerm(term: try aligned(self) * aligned(other), labels: result)
    }

    /// The tensor as a gradient of a value of that shape whose axes have these labels; axes that are missing have length 1.
    func inShape(of lengths: [Int], axes: [Int]) throws -> GraphBuilder.Term {
        try ordered(axes).term.reshapedIfNeeded(axes.map { try length($0) })
    }
}
