import Graph

/// Cuts a graph into runs of nodes, for each to be searched by itself.
///
/// Cuts are put where the fewest values cross, which is between the layers of a network: so that equal layers are cut
/// alike, and what a rule looks for lies within one run. Nodes with bodies stay outside.
struct Partition {
    /// The runs, in order. Nodes that are run beforehand do not count.
    let ranges: [Range<Int>]

    /// - Parameters:
    ///   - size: nodes of a run, at least (but for what is left over) and at most.
    ///   - isShifted: whether to cut in the middle of the runs instead, so that what lay on both sides of a cut comes together.
    init(_ graph: Graph, facts: GraphFacts, size: ClosedRange<Int>, isShifted: Bool = false) {
        let crossing = Self.crossings(graph, facts)
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

    /// For each node, how many values that depend on inputs are computed before it and read by it or after it.
    private static func crossings(_ graph: Graph, _ facts: GraphFacts) -> [Int] {
        var changes = [Int](repeating: 0, count: graph.nodes.count + 1)
        for index in graph.values.indices where !facts.isConstant[index] {
            guard let last = facts.uses[index].max() else { continue }
            changes[facts.producers[index].map { $0 + 1 } ?? 0] += 1
            changes[last + 1] -= 1
        }
        var sum = 0
        return changes.map { change in
            sum += change
            return sum
        }
    }

    /// Runs over nodes at those positions.
    private static func runs(
        _ positions: [Int], _ crossing: [Int], _ size: ClosedRange<Int>, isShifted: Bool
    ) -> [Range<Int>] {
        guard let last = positions.last else { return [] }
        var cuts = [0]
        while let cut = cuts.last, positions.count - cut > size.upperBound {
            let choices = (cut + size.lowerBound)...(cut + size.upperBound)
            let best = choices.min { (crossing[positions[$0]], $0) < (crossing[positions[$1]], $1) }
            cuts.append(best ?? cut + size.upperBound)
        }
        cuts.append(positions.count)
        if isShifted {
            let middles = zip(cuts, cuts.dropFirst()).map { ($0 + $1) / 2 }
            cuts = [0] + middles + [positions.count]
        }
        return zip(cuts, cuts.dropFirst()).compactMap { first, next in
            guard first < next else { return nil }
            return positions[first]..<(next < positions.count ? positions[next] : last + 1)
        }
    }
}
