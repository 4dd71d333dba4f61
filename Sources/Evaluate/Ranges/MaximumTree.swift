import IR

/// Recognizes maxima along an axis that are written as trees of pairwise maxima over parts of a tensor.
struct MaximumTree {
    /// Longer axes are not looked at: every step of a tree holds a list of all positions.
    private static let longestAxis = 1 << 12

    /// Which positions along the axis each position of a value is the maximum of.
    private typealias Cover = [[Int]]

    private let call: RangeCall
    private let source: ValueID
    private let axis: Int
    private let length: Int
    private var found: [ValueID: Cover?] = [:]

    /// The axis along which a value is the maximum of another one, which it keeps with length 1; nil if it is no such maximum.
    ///
    /// - Complexity: O(n log n) for a balanced tree over n elements.
    static func axis(of maximum: ValueID, over source: ValueID, in call: RangeCall) -> Int? {
        guard call.producers[maximum.index] != nil,
            let lengths = call.graph[source].type?.lengths, let result = call.graph[maximum].type?.lengths,
            lengths.count == result.count
        else { return nil }
        let differing = lengths.indices.filter { lengths[$0] != result[$0] }
        guard differing.count == 1, result[differing[0]] == 1, lengths[differing[0]] <= longestAxis else { return nil }
        var tree = MaximumTree(call: call, source: source, axis: differing[0], length: lengths[differing[0]])
        guard let cover = tree.cover(maximum, depth: 0) else { return nil }
        return Set(cover[0]).count == tree.length ? tree.axis : nil
    }

    private init(call: RangeCall, source: ValueID, axis: Int, length: Int) {
        self.call = call
        self.source = source
        self.axis = axis
        self.length = length
    }

    /// What a value covers; nil if it is made of anything else than the source.
    private mutating func cover(_ id: ValueID, depth: Int) -> Cover? {
        if id == source { return (0..<length).map { [$0] } }
        if let known = found[id] { return known }
        guard depth < Self.deepest, let producer = call.producers[id.index] else { return nil }
        let result = cover(of: call.graph.nodes[producer], id, depth: depth + 1)
        found[id] = .some(result)
        return result
    }

    /// Trees are as deep as a length has binary digits, with a few nodes a level.
    private static let deepest = 128

    private mutating func cover(of node: Node, _ id: ValueID, depth: Int) -> Cover? {
        switch node.op {
        case "Identity": return node.input(0).flatMap { cover($0, depth: depth) }
        case "Max": return union(node.inputs, depth: depth)
        case "Add":
            guard let (one, other) = RangeCall(node: node, in: call).pairwiseMaximum else { return nil }
            return union([one, other], depth: depth)
        case "Concat":
            guard isAxis(try? node.int("axis")) else { return nil }
            var parts: Cover = []
            for input in node.inputs {
                guard let input, let part = cover(input, depth: depth) else { return nil }
                parts += part
            }
            return parts
        case "Slice": return slice(node, depth: depth)
        case "Gather":
            guard isAxis(try? node.int("axis")), let input = node.input(0),
                let part = cover(input, depth: depth), let indices = integers(node.input(1), rank: 1)
            else { return nil }
            let places = indices.map { $0 < 0 ? $0 + part.count : $0 }
            return places.allSatisfy(part.indices.contains) ? places.map { part[$0] } : nil
        case "ReduceMax":
            guard let input = node.input(0), let axes = call.reducedAxes(node), axes == [axis],
                (try? node.flag("keepdims")) != false, let part = cover(input, depth: depth)
            else { return nil }
            return [Array(part.joined())]
        default: return nil
        }
    }

    /// Position by position what several values cover.
    private mutating func union(_ ids: [ValueID?], depth: Int) -> Cover? {
        var result: Cover?
        for id in ids {
            guard let id, let cover = cover(id, depth: depth) else { return nil }
            guard let sum = result else {
                result = cover
                continue
            }
            guard sum.count == cover.count else { return nil }
            result = zip(sum, cover).map { $0 + $1 }
        }
        return result
    }

    private mutating func slice(_ node: Node, depth: Int) -> Cover? {
        guard let input = node.input(0), let part = cover(input, depth: depth),
            let start = integers(node.input(1), rank: 1), let end = integers(node.input(2), rank: 1), start.count == 1,
            end.count == 1
        else { return nil }
        let axes = node.input(3) == nil ? [0] : integers(node.input(3), rank: 1)
        let steps = node.input(4) == nil ? [1] : integers(node.input(4), rank: 1)
        guard axes?.count == 1, isAxis(axes?[0]), let step = steps?.first, step > 0 else { return nil }
        func place(_ position: Int) -> Int {
            min(max(position < 0 ? position + part.count : position, 0), part.count)
        }
        return stride(from: place(start[0]), to: place(end[0]), by: step).map { part[$0] }
    }

    /// Whether an axis, perhaps counted from the end, is the one.
    private func isAxis(_ other: Int?) -> Bool {
        guard let other, let rank = call.graph[source].type?.rank else { return false }
        return (other < 0 ? other + rank : other) == axis
    }

    private func integers(_ id: ValueID?, rank: Int) -> [Int]? {
        guard let id, let tensor = call.graph[id].knownTensor, tensor.shape.count == rank else { return nil }
        return try? tensor.integers()
    }
}
