import IR

extension GraphBuilder.Term {
    /// Elements of an axis, from one to another.
    func sliced(axis: Int, from start: Int, to end: Int) throws -> Self {
        try start == 0 && end == lengths[axis] ? self : self[axis: axis, start..<max(start, end)]
    }

    /// The elements of an axis in the opposite order.
    func reversed(axis: Int) throws -> Self {
        try apply(
            "Slice", builder.integers([-1]), builder.integers([Int(Int32.min)]), builder.integers([axis]),
            builder.integers([-1]))
    }

    /// The term with zeros around it, or without its margins where a number is negative.
    func padded(begin: [Int], end: [Int]) throws -> Self {
        let own = try lengths
        if own.indices.contains(where: { own[$0] + min(0, begin[$0], end[$0], begin[$0] + end[$0]) <= 0 }) {
            // Nothing of the term is left.
            return try zeros(own.indices.map { own[$0] + begin[$0] + end[$0] })
        }
        var result = self
        for axis in begin.indices where begin[axis] < 0 || end[axis] < 0 {
            let length = try result.lengths[axis]
            result = try result.sliced(axis: axis, from: max(0, -begin[axis]), to: length + min(0, end[axis]))
        }
        let pads = (begin + end).map { max(0, $0) }
        return pads.allSatisfy { $0 == 0 } ? result : try result.apply("Pad", builder.integers(pads))
    }

    /// A tensor of zeros with this term's elements in it, a distance apart: the transpose of a slice with steps.
    ///
    /// - Parameters:
    ///   - begin: where the first element is, by axis.
    ///   - steps: how far apart they are.
    ///   - lengths: the result's lengths, large enough for all of them.
    func placed(begin: [Int], steps: [Int], in lengths: [Int]) throws -> Self {
        let own = try self.lengths
        let result = try spaced(steps)
        let end = own.indices.map { lengths[$0] - begin[$0] - own[$0] * steps[$0] }
        return try result.padded(begin: begin, end: end)
    }

    /// The term with zeros behind every element, so that each takes a whole step.
    func spaced(_ steps: [Int]) throws -> Self {
        guard steps.contains(where: { $0 > 1 }) else { return self }
        let own = try lengths
        let split = own.indices.flatMap { steps[$0] > 1 ? [own[$0], 1] : [own[$0]] }
        let zeros = own.indices.flatMap { steps[$0] > 1 ? [0, steps[$0] - 1] : [0] }
        return try reshapedIfNeeded(split).padded(begin: zeros.map { _ in 0 }, end: zeros)
            .reshaped(zip(own, steps).map { $0 * $1 })
    }

    /// Zeros of this term's type.
    func zeros(_ lengths: [Int]) throws -> Self { try scalar(0).expanded(to: lengths) }

    /// The transpose of Gather: a tensor with the given length along an axis, to which the elements of this term are added at
    /// the places that indices say.
    ///
    /// - Parameter indices: integers of any shape, whose axes this term has in the place of that axis.
    func scattered(to indices: Self, axis: Int, length: Int) throws -> Self {
        let (own, places) = (try lengths, try indices.rank)
        let rest = Array(own[..<axis] + own[(axis + places)...])
        let front = Array(axis..<axis + places)
        let order = front + own.indices.filter { !front.contains($0) }
        let column = try indices.apply("Unsqueeze", builder.integers([-1]))
        let sum = try zeros([length] + rest)
            .apply("ScatterND", column, transposedIfNeeded(order), attributes: ["reduction": .string("add")])
        // The axis goes back to its place.
        return try sum.transposedIfNeeded(Array(1..<axis + 1) + [0] + Array((axis + 1)..<rest.count + 1))
    }
}
