/// The shape of a tensor of ring elements inside a secure function: like a list of axis lengths, with arithmetic that
/// saturates instead of trapping, because lengths come from files.
public struct Extent: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// Axis lengths, outermost first.
    public let lengths: [Int]

    /// A tensor with those axis lengths.
    public init(_ lengths: [Int]) { self.lengths = lengths }

    /// The tensor with these axis lengths.
    public init(arrayLiteral elements: Int...) { lengths = elements }

    /// Number of elements, `Int.max` where it does not fit.
    public var count: Int { lengths.saturatingProduct() }

    /// Number of axes.
    public var rank: Int { lengths.count }

    /// The length of an axis; negative axes count from the end, as in ONNX. 1 for an axis that is not there.
    public subscript(axis: Int) -> Int {
        let index = axis < 0 ? axis + rank : axis
        return lengths.indices.contains(index) ? lengths[index] : 1
    }

    /// Tensors of this shape stacked on a new first axis.
    package func stacked(_ copies: Int) -> Extent { Extent([copies] + lengths) }

    /// The shape with the length of one axis replaced; unchanged if there is no such axis.
    package func replacing(_ axis: Int, with length: Int) -> Extent {
        let index = axis < 0 ? axis + rank : axis
        guard lengths.indices.contains(index) else { return self }
        var result = lengths
        result[index] = length
        return Extent(result)
    }

    /// The shape that two tensors broadcast to, the longer axis winning where they do not fit.
    package func broadcast(with other: Extent) -> Extent {
        if lengths == other.lengths { return self }
        let rank = max(rank, other.rank)
        return Extent(
            (0..<rank).map { index in
                let left = self[index - rank]
                let right = other[index - rank]
                return left == 1 ? right : right == 1 ? left : max(left, right)
            })
    }

    /// The axis lengths in brackets.
    public var description: String { "[" + lengths.map(String.init).joined(separator: ",") + "]" }
}
