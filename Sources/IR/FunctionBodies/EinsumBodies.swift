/// `Einsum` as transpositions, sums and matrix products.
extension NodeContext {
    /// The operands are multiplied from left to right; letters that nobody needs any more are summed up at once.
    ///
    /// - Returns: nil for ellipses, for letters that an operand has twice, and if lengths are not known.
    func einsum() throws -> [GraphBuilder.Term]? {
        let equation = try EinsumEquation(node.string("equation"))
        guard let output = letters(equation.output) else { return nil }
        var operands: [Labelled] = []
        for (index, subscripts) in equation.operands.enumerated() {
            let term = try input(index)
            guard let labels = letters(subscripts), Set(labels).count == labels.count,
                term.type?.lengths?.count == labels.count
            else { return nil }
            operands.append(Labelled(term: term, labels: labels))
        }
        let lengths = operands.flatMap { $0.term.type?.lengths ?? [] }
        guard var result = operands.first,
            lengths.map({ max(1, $0) }).saturatingProduct() <= TensorType.maximumElementCount
        else { return nil }
        for (index, operand) in operands.dropFirst().enumerated() {
            let later = Set(output).union(operands[(index + 2)...].flatMap(\.labels))
            result = try result.summed(keeping: later.union(operand.labels))
                .product(operand.summed(keeping: later.union(result.labels)), keeping: later)
        }
        result = try result.summed(keeping: Set(output))
        return [try result.ordered(output).term]
    }

    private func letters(_ subscripts: [EinsumEquation.Subscript]) -> [Character]? {
        let found = subscripts.compactMap { item -> Character? in
            if case .letter(let letter) = item { letter } else { nil }
        }
        return found.count == subscripts.count ? found : nil
    }
}

/// A value whose axes have letters.
private struct Labelled {
    let term: GraphBuilder.Term
    let labels: [Character]

    /// The axes in another order.
    func ordered(_ order: [Character]) throws -> Labelled {
        if order == labels { return self }
        return Labelled(term: try term.transposed(order.compactMap { labels.firstIndex(of: $0) }), labels: order)
    }

    /// The sum over letters that nobody needs.
    func summed(keeping kept: Set<Character>) throws -> Labelled {
        let axes = labels.indices.filter { !kept.contains(labels[$0]) }
        guard !axes.isEmpty else { return self }
        return Labelled(
            term: try term.reduced("ReduceSum", axes: axes, keepsAxes: false), labels: labels.filter(kept.contains))
    }

    /// The matrix product over letters that both have and nobody needs afterwards, one for each value of those that both have and keep.
    func product(_ other: Labelled, keeping kept: Set<Character>) throws -> Labelled {
        let shared = labels.filter(other.labels.contains)
        let (batch, inner) = (shared.filter(kept.contains), shared.filter { !kept.contains($0) })
        let (rows, columns) = (labels.filter { !shared.contains($0) }, other.labels.filter { !shared.contains($0) })
        let (left, right) = (try ordered(batch + rows + inner), try other.ordered(batch + inner + columns))
        let (first, second) = (try left.term.lengths, try right.term.lengths)
        func count(_ lengths: ArraySlice<Int>) -> Int { lengths.reduce(1, *) }
        let entries = count(first[..<batch.count])
        let height = count(first[batch.count..<batch.count + rows.count])
        let depth = count(first[(batch.count + rows.count)...])
        let width = count(second[(batch.count + inner.count)...])
        guard Array(first[(batch.count + rows.count)...]) == Array(second[batch.count..<batch.count + inner.count])
        else {
            throw HarrierError("Einsum has a letter that is one length in one operand and another in the other")
        }
        let lead = batch.isEmpty ? [] : [entries]
        let product = try left.term.reshaped(lead + [height, depth])
            .matrixProduct(right.term.reshaped(lead + [depth, width]))
        let shape = first[..<(batch.count + rows.count)] + second[(batch.count + inner.count)...]
        return Labelled(term: try product.reshaped(Array(shape)), labels: batch + rows + columns)
    }
}
