import IR
import Pricing

/// Two graphs as one: what both have once, what only one of them has beside it.
///
/// The order of the nodes is that of the graph after, each lost node before the first node that came after it. The graph is for
/// drawing and not well formed: a node that once read a lost value has that as a further operand.
struct DifferenceGraph {
    /// The graph after with the lost nodes of the graph before; prices are each node's own.
    let model: Drawing.Model
    /// What happened to each node.
    let changes: [Drawing.Change]
    /// The graph that each node comes from, and its position there.
    let places: [Place]
    /// Operands that a node has on one side only.
    let reads: [Read: Drawing.Edge.Change]

    /// An operand of a node: the positions of both.
    struct Read: Hashable {
        let node: Int
        let operand: Int
    }

    /// - Parameter partners: for each node of the graph after, the node of the graph before that it is.
    init(before: Drawing.Model, after: Drawing.Model, partners: [Int?], changes: Changes) {
        var merger = Merger(before.graph, after.graph, partners)
        merger.merge()
        places = merger.places
        self.changes = merger.places.map { place in
            switch place {
            case .before(let index): changes.before[index]
            case .after(let index): changes.after[index]
            }
        }
        reads = merger.reads
        let profiles = (before.profile, after.profile)
        var profile = profiles.1 ?? profiles.0
        profile?.entries = merger.placed(profiles.0?.entries ?? [], profiles.1?.entries ?? [], \.index)
        profile?.unpriced = merger.placed(profiles.0?.unpriced ?? [], profiles.1?.unpriced ?? [], \.index)
        model = Drawing.Model(merger.graph, profile)
    }

    /// A node's graph and its position there.
    enum Place: Hashable {
        case before(Int)
        case after(Int)
    }

    /// Says by the positions in their own graphs what operators a box stands for.
    func placeMembers(of node: inout Drawing.Node) {
        let members = node.members
        node.members = []
        for member in members {
            switch places[member] {
            case .before(let index): node.lostMembers.append(index)
            case .after(let index): node.members.append(index)
            }
        }
    }

    private struct Merger {
        private let before: Graph
        private let after: Graph
        private let partners: [Int?]
        private(set) var graph: Graph
        private(set) var places: [Place] = []
        private(set) var reads: [Read: Drawing.Edge.Change] = [:]
        /// For each value of the graph before, the value that it is here.
        private var values: [ValueID?]

        init(_ before: Graph, _ after: Graph, _ partners: [Int?]) {
            (self.before, self.after, self.partners) = (before, after, partners)
            graph = after
            graph.nodes = []
            values = Array(repeating: nil, count: before.values.count)
        }

        mutating func merge() {
            takeOverValues()
            let kept = Set(partners.compactMap { $0 })
            var lost = before.nodes.indices.filter { !kept.contains($0) }[...]
            for (index, partner) in partners.enumerated() {
                if let partner {
                    while let first = lost.first, first < partner {
                        appendLost(first)
                        lost.removeFirst()
                    }
                }
                append(index, partner)
            }
            for index in lost { appendLost(index) }
        }

        /// Inputs of one name are one, and so are the results of partners and constants of one name. Others are new values.
        private mutating func takeOverValues() {
            let names = after.valuesByName()
            for (node, partner) in zip(after.nodes, partners) {
                guard let partner else { continue }
                for (mine, other) in zip(before.nodes[partner].outputs, node.outputs) {
                    if let mine { values[mine.index] = other }
                }
            }
            let sources = Set((before.inputs + before.captures).map(\.index))
            for index in before.values.indices where values[index] == nil {
                let value = before.values[index]
                let isSource = value.constant != nil || sources.contains(index)
                let namesake = isSource ? names[value.name] : nil
                values[index] = namesake ?? graph.add(value)
            }
        }

        private mutating func appendLost(_ index: Int) {
            var node = before.nodes[index]
            node.inputs = node.inputs.map { $0.flatMap { values[$0.index] } }
            node.outputs = node.outputs.map { $0.flatMap { values[$0.index] } }
            note(Array(node.inputs.indices), .lost)
            graph.nodes.append(node)
            places.append(.before(index))
        }

        private mutating func append(_ index: Int, _ partner: Int?) {
            var node = after.nodes[index]
            let former = partner.map { before.nodes[$0].inputs.map { $0.flatMap { values[$0.index] } } }
            note(node.inputs.indices.filter { former?.contains(node.inputs[$0]) != true }, .added)
            let lost = (former ?? []).filter { $0 != nil && !node.inputs.contains($0) }
            note(Array(node.inputs.count..<node.inputs.count + lost.count), .lost)
            node.inputs += lost
            graph.nodes.append(node)
            places.append(.after(index))
        }

        private mutating func note(_ operands: [Int], _ change: Drawing.Edge.Change) {
            for operand in operands { reads[Read(node: places.count, operand: operand)] = change }
        }

        /// The rows of two profiles by the nodes' places here, without those of former partners.
        func placed<Row>(_ ones: [Row], _ twos: [Row], _ index: WritableKeyPath<Row, Int>) -> [Row] {
            let rows = (
                Dictionary(ones.map { ($0[keyPath: index], $0) }) { first, _ in first },
                Dictionary(twos.map { ($0[keyPath: index], $0) }) { first, _ in first }
            )
            return places.enumerated().compactMap { position, place in
                var row =
                    switch place {
                    case .before(let node): rows.0[node]
                    case .after(let node): rows.1[node]
                    }
                row?[keyPath: index] = position
                return row
            }
        }
    }
}
