import IR

/// Which node of one graph is which of another.
///
/// Nodes that compute the same from the inputs are paired first, then nodes from which the same is done up to the outputs, then
/// nodes of one name, and between those the remaining ones in the order of the computation so that as much as possible
/// fits: operators, attributes, types, names, and pairs around them. Names help but are not needed.
struct GraphAlignment: Sendable {
    let first: AlignedGraph
    let second: AlignedGraph
    /// Inputs of the two graphs that belong together.
    let inputs: [(first: ValueID, second: ValueID)]
    /// Outputs of the two graphs that belong together.
    let outputs: [(first: ValueID, second: ValueID)]
    /// For each node of the first graph its partner.
    private(set) var partners: [Int?]
    /// For each node of the second graph its partner.
    private(set) var inverse: [Int?]

    /// - Complexity: O(nodes + edges), and quadratic in the lengths of the runs of nodes that differ.
    init(_ first: Graph, _ second: Graph) {
        inputs = Self.pairs(first, first.inputs, second, second.inputs)
        outputs = Self.pairs(first, first.outputs, second, second.outputs)
        self.first = AlignedGraph(first, outputs: outputs.map(\.first))
        self.second = AlignedGraph(second, outputs: outputs.map(\.second))
        partners = Array(repeating: nil, count: first.nodes.count)
        inverse = Array(repeating: nil, count: second.nodes.count)
        pairByHash(forwardHashes(self.first, inputs.map(\.first)), forwardHashes(self.second, inputs.map(\.second)))
        pairByHash(backwardHashes(self.first, outputs.map(\.first)), backwardHashes(self.second, outputs.map(\.second)))
        pairByName()
        var sequences = SequenceAlignment(self)
        for (one, two) in sequences.pairs() { pair(one, two) }
        pairAround()
    }

    /// Notes that two nodes are the same.
    mutating func pair(_ one: Int, _ two: Int) {
        partners[one] = two
        inverse[two] = one
    }

    /// Values that belong together: those of one name, and the others by position.
    private static func pairs(_ first: Graph, _ ones: [ValueID], _ second: Graph, _ twos: [ValueID])
        -> [(first: ValueID, second: ValueID)]
    {
        let names = Dictionary(twos.map { (second[$0].name, $0) }) { one, _ in one }
        var partner: [ValueID: ValueID] = [:]
        for id in ones { partner[id] = names[first[id].name] }
        let taken = Set(partner.values)
        let left = ones.filter { partner[$0] == nil }
        for (one, two) in zip(left, twos.filter { !taken.contains($0) }) { partner[one] = two }
        return ones.compactMap { id in partner[id].map { (id, $0) } }
    }

    // MARK: Hashes

    /// For each node a hash of how it computes its outputs from the inputs; parameters count by type.
    private func forwardHashes(_ side: AlignedGraph, _ inputs: [ValueID]) -> [UInt64] {
        let graph = side.graph
        var values = graph.values.map { value -> UInt64 in
            var hasher = StableHasher("constant")
            if let constant = value.constant { hasher.combine(constant.tensor, isParameter: constant.isParameter) }
            return hasher.value
        }
        for (position, input) in inputs.enumerated() {
            var hasher = StableHasher("input")
            hasher.combine(position)
            values[input.index] = hasher.value
        }
        return graph.nodes.map { node in
            var operands = node.inputs.map { $0.map { values[$0.index] } ?? 0 }
            if OperatorTable[node.op]?.traits.contains(.commutative) == true { operands.sort() }
            var hasher = StableHasher("node")
            hasher.combine(AlignedGraph.attributeHash(of: node))
            hasher.combine(operands) { $0.combine($1) }
            for (position, output) in node.outputs.enumerated() {
                guard let output else { continue }
                var copy = hasher
                copy.combine(position)
                values[output.index] = copy.value
            }
            return hasher.value
        }
    }

    /// For each node a hash of what is done with its outputs, up to the graph's outputs.
    private func backwardHashes(_ side: AlignedGraph, _ outputs: [ValueID]) -> [UInt64] {
        let graph = side.graph
        let positions = Dictionary(outputs.enumerated().map { ($1, $0) }) { one, _ in one }
        var reads = [[UInt64]](repeating: [], count: graph.values.count)
        var result = [UInt64](repeating: 0, count: graph.nodes.count)
        for index in graph.nodes.indices.reversed() {
            let node = graph.nodes[index]
            var hasher = StableHasher("uses")
            hasher.combine(side.signatures[index])
            for output in node.outputs {
                hasher.combine(output.flatMap { positions[$0] } ?? -1)
                hasher.combine(output.map { reads[$0.index].sorted() } ?? []) { $0.combine($1) }
            }
            result[index] = hasher.value
            let isCommutative = OperatorTable[node.op]?.traits.contains(.commutative) == true
            for (position, input) in node.inputs.enumerated() {
                guard let input else { continue }
                var copy = hasher
                copy.combine(isCommutative ? 0 : position)
                reads[input.index].append(copy.value)
            }
        }
        return result
    }

    /// Pairs free nodes of one hash, if both graphs have as many of them, in order.
    private mutating func pairByHash(_ ones: [UInt64], _ twos: [UInt64]) {
        let free = Dictionary(grouping: second.order.filter { inverse[$0] == nil }) { twos[$0] }
        let groups = Dictionary(grouping: first.order.filter { partners[$0] == nil }) { ones[$0] }
        for (hash, nodes) in groups {
            guard let others = free[hash], others.count == nodes.count else { continue }
            for (one, two) in zip(nodes, others) { pair(one, two) }
        }
    }

    /// Pairs free nodes of one name and operator.
    private mutating func pairByName() {
        func named(_ side: AlignedGraph, isFree: (Int) -> Bool) -> [String: Int] {
            let groups = Dictionary(grouping: side.graph.nodes.indices.filter(isFree)) {
                "\(side.graph.nodes[$0].op) \(side.graph.nodes[$0].name)"
            }
            return groups.compactMapValues { $0.count == 1 ? $0[0] : nil }
        }
        let twos = named(second) { inverse[$0] == nil && !second.graph.nodes[$0].name.isEmpty }
        for (name, one) in named(first, isFree: { partners[$0] == nil && !first.graph.nodes[$0].name.isEmpty }) {
            if let two = twos[name] { pair(one, two) }
        }
    }

    /// Pairs free nodes of one signature whose operands, or whose readers, are partners: what the order kept apart.
    private mutating func pairAround() {
        var changed = true
        while changed {
            changed = false
            for one in first.order where partners[one] == nil {
                guard let two = candidates(for: one).first(where: { fits(one, $0) }) else { continue }
                pair(one, two)
                changed = true
            }
        }
    }

    private func candidates(for one: Int) -> [Int] {
        let below = first.dataOperands(of: one).compactMap { first.producers[$0.index] }.compactMap { partners[$0] }
        let above = first.consumers(of: one).compactMap { partners[$0] }
        let found =
            below.flatMap { second.consumers(of: $0) }
            + above.flatMap { second.dataOperands(of: $0) }.compactMap { second.producers[$0.index] }
        return Set(found).filter { inverse[$0] == nil && second.signatures[$0] == first.signatures[one] }.sorted()
    }

    private func fits(_ one: Int, _ two: Int) -> Bool {
        let below = first.dataOperands(of: one).map { first.producers[$0.index].flatMap { partners[$0] } }
        let found = second.dataOperands(of: two).map { second.producers[$0.index] }
        return Set(below) == Set(found)
            || Set(first.consumers(of: one).map { partners[$0] }) == Set(second.consumers(of: two).map { Optional($0) })
    }
}
