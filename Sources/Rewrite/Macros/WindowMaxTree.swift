import IR

extension Macros {
    /// `WindowMaxTree` with the attributes of a MaxPool: maxima of windows, axis by axis, two values at a time.
    ///
    /// Positions in the padding become the nearest element of the tensor, which every window that reaches there holds as
    /// well, so that no maximum changes; where windows can lie so that this is not true, the macro refuses.
    static let windowMaxTree: Writer = { node in
        let x = try node.input(0)
        let lengths = try x.lengths
        guard lengths.count > 2, let kernel = try node.node.optionalInts("kernel_shape"),
            kernel.allSatisfy({ (1...WindowPlan.longest).contains($0) })
        else { throw Refusal() }
        let spatial = lengths.dropFirst(2).map { Dimension.known($0) }
        let geometry = try WindowGeometry(of: node.node, kernel: kernel, spatial: spatial)
        var result = x
        for axis in spatial.indices.reversed() {
            guard let starts = geometry.windowStarts(axis, length: lengths[axis + 2]) else { throw Refusal() }
            let step = geometry.dilations[axis]
            let writer = WindowWriter(source: result, axis: axis + 2, length: lengths[axis + 2], step: step)
            result = try writer.maxima(starts: starts, width: kernel[axis])
        }
        return result
    }
}

extension WindowGeometry {
    /// Where the windows along an axis begin, counted from the first element and negative in the padding; nil if the
    /// nearest element of a position in the padding could lie outside of its window.
    fileprivate func windowStarts(_ axis: Int, length: Int) -> [Int]? {
        guard case .known(let count) = outputLengths[axis], length > 0, padsBegin[axis] >= 0, padsEnd[axis] >= 0
        else { return nil }
        let starts = (0..<count).map { $0 * strides[axis] - padsBegin[axis] }
        let extent = (kernel[axis] - 1) * dilations[axis]
        let leavesTensor = starts.contains { $0 < 0 || $0 + extent >= length }
        if leavesTensor && dilations[axis] != 1 { return nil }
        return starts.allSatisfy { $0 < length && $0 + extent >= 0 } ? starts : nil
    }
}

/// Writes the maxima of windows along one axis.
private struct WindowWriter {
    let source: GraphBuilder.Term
    let axis: Int
    let length: Int
    /// Distance between the elements of a window.
    let step: Int

    /// The maximum of every window of that width that begins at one of the positions.
    func maxima(starts: [Int], width: Int) throws -> GraphBuilder.Term {
        switch WindowPlan(starts: starts, width: width, step: step) {
        case .elements: return try elements(of: source, at: starts.map { min(max($0, 0), length - 1) }, count: length)
        case .apart(let first):
            let left = try maxima(starts: starts, width: first)
            return try left.larger(of: maxima(starts: starts.map { $0 + first * step }, width: width - first))
        case .shared(let first, let union):
            let parts = try maxima(starts: union, width: first)
            let places = Dictionary(uniqueKeysWithValues: union.enumerated().map { ($1, $0) })
            func part(_ shift: Int) throws -> GraphBuilder.Term {
                try elements(of: parts, at: starts.compactMap { places[$0 + shift] }, count: union.count)
            }
            return try part(0).larger(of: part((width - first) * step))
        }
    }

    private func elements(of term: GraphBuilder.Term, at positions: [Int], count: Int) throws -> GraphBuilder.Term {
        if positions == Array(0..<count) { return term }
        return try term.apply("Gather", term.builder.integers(positions), attributes: ["axis": .int(axis)])
    }
}

/// How the maxima of windows are made of maxima of narrower ones.
private enum WindowPlan {
    /// The windows hold one element.
    case elements
    /// The first elements of the windows and the rest, for themselves: nothing is shared where windows do not overlap.
    case apart(first: Int)
    /// Windows of the given width at all of these positions serve as beginnings and as ends of windows; the two may overlap,
    /// which changes no maximum.
    case shared(first: Int, union: [Int])

    /// Windows longer than this are not taken apart.
    static let longest = 64

    /// The plan with the fewest comparisons.
    init(starts: [Int], width: Int, step: Int) {
        guard width > 1 else {
            self = .elements
            return
        }
        let half = Self.half(of: width)
        let union = Self.union(starts, width, half, step)
        let isShared =
            Self.comparisons(union, half, step)
            < Self.comparisons(starts, half, step) + Self.comparisons(starts, width - half, step)
        self = isShared ? .shared(first: half, union: union) : .apart(first: half)
    }

    private static func comparisons(_ starts: [Int], _ width: Int, _ step: Int) -> Int {
        guard width > 1 else { return 0 }
        let half = half(of: width)
        let shared = comparisons(union(starts, width, half, step), half, step)
        let apart = comparisons(starts, half, step) + comparisons(starts, width - half, step)
        return starts.count + min(shared, apart)
    }

    /// The largest power of two below the width: a tree of them has the least depth.
    private static func half(of width: Int) -> Int { 1 << (width.ceilLog2 - 1) }

    private static func union(_ starts: [Int], _ width: Int, _ half: Int, _ step: Int) -> [Int] {
        Set(starts).union(starts.map { $0 + (width - half) * step }).sorted()
    }
}
