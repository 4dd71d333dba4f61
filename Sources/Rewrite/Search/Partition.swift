import IR

/// Cuts a graph into runs of nodes, for each to be searched by itself.
///
/// Cuts are put where they separate the fewest nodes that a worthwhile rewrite matches together, and then where the fewest
/// values cross, which is between the layers of a network: so equal layers are cut alike. Nodes with bodies stay outside.
struct Partition {
    /// What a cut before a node would separate.
    private struct Crossing: Comparable {
        /// Rewrites on both sides of it.
        var rewrites = 0
        /// Values that depend on inputs, computed before it and read after it.
        var values = 0

        static func < (left: Crossing, right: Crossing) -> Bool {
            (left.rewrites, left.values) < (right.rewrites, right.values)
        }
    }

    /// The runs, in order. Nodes that are run beforehand do not count.
    let ranges: [Range<Int>]

    /// - Parameters:
    ///   - rewrites: the first and the last node of each rewrite that should not be cut apart.
    ///   - size: nodes of a run, at least (but for what is left over) and at most.
    ///   - isShifted: whether to cut inside the runs instead, so that what lay on both sides of a cut comes together.
    init(
        _ graph: Graph, facts: GraphFacts, rewrites: [ClosedRange<Int>], size: ClosedRange<Int>,
        isShifted: Bool = false
    ) {
        let crossing = Self.crossings(graph, facts, rewrites)
        let counted = graph.nodes.map { !$0.isPrecomputed && $0.subgraphs.isEmpty }
        var ranges: [Range<Int>] = []
        var start = 0
        for end in graph.nodes.indices.filter({ !graph.nodes[$0].subgraphs.isEmpty }) + [graph.nodes.count] {
            let positions = (start..<end).filter { counted[$0] }
            ranges += Self.runs(positions, crossing, size, isShifted: isShifted)
            start = end + 1
        }
        self.ranges = ranges
    }

    private static func crossings(
        _ graph: Graph, _ facts: GraphFacts, _ rewrites: [ClosedRange<Int>]
    ) -> [Crossing] {
        var changes = [Crossing](repeating: Crossing(), count: graph.nodes.count + 1)
        for index in graph.values.indices where !facts.isConstant[index] {
            guard let last = facts.uses[index].max() else { continue }
            changes[facts.producers[index].map { $0 + 1 } ?? 0].values += 1
            changes[last + 1].values -= 1
        }
        for rewrite in rewrites {
            changes[rewrite.lowerBound + 1].rewrites += 1
            changes[rewrite.upperBound + 1].rewrites -= 1
        }
        var sum = Crossing()
        return changes.map { change in
            sum.rewrites += change.rewrites
            sum.values += change.values
            return sum
        }
    }

    /// Runs over nodes at those positions.
    private static func runs(
        _ positions: [Int], _ crossing: [Crossing], _ size: ClosedRange<Int>, isShifted: Bool
    ) -> [Range<Int>] {
        guard let last = positions.last else { return [] }
        func best(_ choices: ClosedRange<Int>) -> Int {
            choices.min { (crossing[positions[$0]], $0) < (crossing[positions[$1]], $1) } ?? choices.lowerBound
        }
        var cuts = [0]
        while let cut = cuts.last, positions.count - cut > size.upperBound {
            cuts.append(best((cut + size.lowerBound)...(cut + size.upperBound - 1)))
        }
        cuts.append(positions.count)
        if isShifted {
            let inside = zip(cuts, cuts.dropFirst()).map { first, next in
                let quarter = (next - first) / 4
                return best((first + quarter)...max(first + quarter, next - quarter - 1))
            }
            cuts = [0] + inside + [positions.count]
        }
        return zip(cuts, cuts.dropFirst()).compactMap { first, next in
            guard first < next else { return nil }
            return positions[first]..<(next < positions.count ? positions[next] : last + 1)
        }
    }
}
