import IR

/// A rewrite that could be done: what goes, what comes.
struct Candidate: Sendable {
    /// The rule's name.
    let rule: String
    /// Which of the rule's variants it is: what stands for the words under `variants`.
    let variant: [String: String]
    /// The matched node that the search started from; new nodes take its place.
    let anchor: Int
    /// Nodes that nobody needs afterwards, in increasing order.
    let removed: [Int]
    /// The nodes of the match, in increasing order.
    let matched: [Int]
    /// The new nodes. Its inputs stand for values of the graph.
    let fragment: Graph
    /// The value of the graph that each value of the fragment stands for; nil for new ones.
    let hostValues: [ValueID?]
    /// Value of the fragment by replaced value of the graph.
    let replaced: [(host: ValueID, fragment: ValueID)]

    /// Values of the graph that nothing computes afterwards.
    let lost: Set<ValueID>

    /// The first and the last of the matched nodes.
    var span: ClosedRange<Int> { (matched.first ?? anchor)...(matched.last ?? anchor) }

    /// Values of the graph that the new nodes read.
    var reads: Set<ValueID> { Set(hostValues.compactMap { $0 }) }
}
