import IR

/// A way to make an array out of elements of others without computing: what data movement operators are made of.
protocol Rearrangement {
    /// The elements of the result.
    func apply<Element>(_ sources: [[Element]]) throws -> [Element]
}

extension NumericArray {
    /// The array of the given shape that a rearrangement makes of this one.
    func rearranged(_ rearrangement: some Rearrangement, shape: [Int]) throws -> NumericArray {
        try Self.rearranged([self], rearrangement, shape: shape)
    }

    /// The array of the given shape that a rearrangement makes of several, which must be of one type.
    static func rearranged(
        _ sources: [NumericArray], _ rearrangement: some Rearrangement, shape: [Int]
    ) throws -> NumericArray {
        _ = try checkedCount(shape)
        guard let first = sources.first else { throw HarrierError("needs at least one operand") }
        for other in sources where other.elementType != first.elementType {
            throw HarrierError("operands of types \(first.kindName) and \(other.kindName) do not go together")
        }
        let storage: Storage =
            switch first.storage {
            case .doubles: .doubles(try rearrangement.apply(sources.map { try $0.doubles() }))
            case .floats: .floats(try rearrangement.apply(sources.map { try Float.elements(of: $0) }))
            case .integers: .integers(try rearrangement.apply(sources.map { try $0.integers() }))
            case .strings: .strings(try rearrangement.apply(sources.map { try $0.strings() }))
            case .sequence: throw HarrierError("expects a tensor, not a sequence")
            }
        return NumericArray(unchecked: first.elementType, shape, storage)
    }

    /// The elements of a string tensor.
    func strings() throws -> [String] {
        guard case .strings(let values) = storage else {
            throw HarrierError("expects a tensor of strings, not \(kindName)")
        }
        return values
    }
}

/// The first source read with the given strides. The caller guarantees that all offsets are inside it.
struct StridedCopy: Rearrangement {
    var shape: [Int]
    var strides: [Int]
    var offset = 0

    func apply<Element>(_ sources: [[Element]]) -> [Element] {
        let loop = StridedLoop(shape: shape, strides: [strides], offsets: [offset])
        let count = loop.rowCount * loop.rowLength
        let stride = loop.rowStrides[0]
        return sources[0].withUnsafeBufferPointer { source in
            [Element](unsafeUninitializedCapacity: count) { result, filled in
                filled = count
                guard count > 0, let source = source.baseAddress, var target = result.baseAddress else { return }
                loop.forEachRow { _, offsets in
                    var element = source + offsets[0]
                    if stride == 1 {
                        target.initialize(from: element, count: loop.rowLength)
                    } else if stride == 0 {
                        target.initialize(repeating: element.pointee, count: loop.rowLength)
                    } else {
                        for index in 0..<loop.rowLength {
                            (target + index).initialize(to: element.pointee)
                            element += stride
                        }
                    }
                    target += loop.rowLength
                }
            }
        }
    }
}

/// Runs of elements of the first source, one after another, all equally long.
struct BlockCopy: Rearrangement {
    /// Where each run starts.
    var starts: [Int]
    /// Elements of a run.
    var length: Int

    func apply<Element>(_ sources: [[Element]]) throws -> [Element] {
        let source = sources[0]
        for start in starts where start < 0 || start > source.count - length {
            throw HarrierError("an index is out of range")
        }
        if length == 1 { return starts.map { source[$0] } }
        var result: [Element] = []
        result.reserveCapacity(starts.count * length)
        for start in starts { result.append(contentsOf: source[start..<start + length]) }
        return result
    }
}

/// Elements of the first source by their offsets; where an offset is negative, the only element of the second source.
struct FillingCopy: Rearrangement {
    var offsets: [Int]

    func apply<Element>(_ sources: [[Element]]) -> [Element] {
        let source = sources[0]
        let fill = sources[1][0]
        return offsets.map { $0 < 0 ? fill : source[$0] }
    }
}

/// The sources joined along an axis: for every step before the axis a run of each.
struct Joining: Rearrangement {
    /// Number of steps before the axis.
    var outer: Int
    /// For every source the elements of a run.
    var lengths: [Int]

    func apply<Element>(_ sources: [[Element]]) -> [Element] {
        var result: [Element] = []
        result.reserveCapacity(outer * lengths.reduce(0, +))
        for step in 0..<outer {
            for (source, length) in zip(sources, lengths) {
                result.append(contentsOf: source[step * length..<(step + 1) * length])
            }
        }
        return result
    }
}
