import IR

/// An axis that is resampled: a product with a public matrix, each row of which holds the weights of one new element.
package struct Resampling: Hashable, Sendable {
    /// The axis.
    package let axis: Int
    /// Lengths before.
    package let operand: [Int]
    /// Lengths after.
    package let result: [Int]
}

extension Operation {
    /// The axes that a Resize or Upsample changes, one after another; none where elements are only repeated, or the operand is public.
    ///
    /// - Throws: ``Unpriced`` if a shape is not known.
    package func resamplings() throws -> [Resampling] {
        guard isSecret(0), try node.string("mode") != "nearest" else { return [] }
        var lengths = try extent(0).lengths
        let target = try result().lengths
        return lengths.indices.filter { lengths[$0] != target[$0] }.map { axis in
            let before = lengths
            lengths[axis] = target[axis]
            return Resampling(axis: axis, operand: before, result: lengths)
        }
    }
}
