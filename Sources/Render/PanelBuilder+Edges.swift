import IR
import Pricing

extension PanelBuilder {
    /// The two ends of a line, or a value and its reader.
    struct Ends: Hashable {
        let from: Int
        let to: Int
    }

    /// A box that reads a value.
    private struct Reader {
        let node: Int
        /// What opening the operand costs there; nil without a price.
        var bytes: Int?
        /// Which of two graphs reads it.
        var change = Drawing.Edge.Change.none
    }

    /// A value with more readers than this gets no line to those that are far away.
    private static let nearReaderCount = 4
    /// Readers further from the first one than this many boxes are far away. Long lines across the drawing are what
    /// makes Graphviz slow and drawings hard to read.
    private static let nearDistance = 4
    /// A tooltip names no more values than this.
    private static let tooltipValueLimit = 8

    /// Draws a line for each value from where it comes from to each box that reads it.
    mutating func addEdges() {
        let readers = readers()
        let sources = sources()
        for index in graph.values.indices where !readers[index].isEmpty {
            guard let source = sources[index].node else { continue }
            let outside = readers[index].filter { $0.node != source }
            if outside.isEmpty { continue }
            addFlow(ValueID(index), from: source, rest: sources[index].rest, to: outside)
        }
        nameConstants(readers, sources)
        nameDistant()
    }

    /// Lines for one value. What the producer sends beyond opening its operands (`rest`) is drawn once: on the line
    /// itself if there is one reader, else on a trunk up to where the lines part.
    private mutating func addFlow(_ id: ValueID, from source: Int, rest: Int, to readers: [Reader]) {
        let text = description(of: id)
        let first = readers[0].node
        var start = source
        var carried = rest
        if readers.count > 1, rest > 0 {
            start = add(.junction, "", tooltip: text, near: source < groups.count ? source : nil)
            connect(source, start, bytes: rest, change: .none, text)
            carried = 0
        }
        for reader in readers {
            let isFar =
                readers.count > PanelBuilder.nearReaderCount && reader.node < groups.count
                && reader.node - max(first, source < groups.count ? source : 0) > PanelBuilder.nearDistance
            if isFar {
                distant[reader.node, default: []].append((id, reader.bytes))
            } else {
                let bytes = reader.bytes.map { sum($0, carried) } ?? (carried > 0 ? carried : nil)
                connect(start, reader.node, bytes: profile == nil ? nil : bytes, change: reader.change, text)
            }
        }
    }

    /// Names in each box the constants whose opening costs something.
    private mutating func nameConstants(_ readers: [[Reader]], _ sources: [Source]) {
        var constants: [Int: [Distant]] = [:]
        for index in graph.values.indices where sources[index].node == nil {
            for reader in readers[index] where reader.node < groups.count {
                guard let bytes = reader.bytes, bytes > 0 else { continue }
                constants[reader.node, default: []].append((ValueID(index), bytes))
            }
        }
        for (node, found) in constants {
            let name = graph[found[0].value].name
            let last = name.split { $0 == "." || $0 == "/" }.last.map(String.init) ?? name
            mention(found, in: node, one: last, many: "\(found.count) constants")
        }
    }

    /// Names in each box the values that come from far away.
    private mutating func nameDistant() {
        for (node, found) in distant {
            mention(found, in: node, one: "from " + graph[found[0].value].name, many: "from \(found.count) values")
        }
    }

    private mutating func mention(_ found: [Distant], in node: Int, one: String, many: String) {
        let bytes = found.compactMap(\.bytes)
        nodes[node].operands.append(
            Drawing.Operand(
                title: found.count == 1 ? one : many, shape: found.count == 1 ? shape(found[0].value) : "",
                bytes: bytes.isEmpty ? nil : bytes.reduce(0, sum)))
        let named = found.prefix(PanelBuilder.tooltipValueLimit)
        for (value, bytes) in named {
            let opening = bytes.map { ", opened for \(ByteFormat.count($0)) bytes" } ?? ""
            nodes[node].tooltip += "\noperand \(description(of: value))\(opening)"
        }
        if found.count > named.count { nodes[node].tooltip += "\nand \(found.count - named.count) more operands" }
    }

    /// Adds to the line between two boxes, making it if it is not there.
    private mutating func connect(
        _ from: Int, _ to: Int, bytes: Int?, change: Drawing.Edge.Change, _ text: String
    ) {
        let ends = Ends(from: from, to: to)
        guard let position = edgePositions[ends] else {
            edgePositions[ends] = edges.count
            edges.append(Drawing.Edge(from: from, to: to, bytes: bytes, change: change, tooltip: text))
            return
        }
        if edges[position].change != change { edges[position].change = .none }
        if let bytes { edges[position].bytes = sum(edges[position].bytes ?? 0, bytes) }
        edgeValues[position, default: 1] += 1
        let count = edgeValues[position] ?? 1
        if count <= PanelBuilder.tooltipValueLimit {
            edges[position].tooltip += "\n" + text
        } else if count == PanelBuilder.tooltipValueLimit + 1 {
            edges[position].tooltip += "\nand more"
        }
    }

    /// The boxes that read each value, in order and each once, with the bytes of all its reads.
    private func readers() -> [[Reader]] {
        var result = [[Reader]](repeating: [], count: graph.values.count)
        var positions: [Ends: Int] = [:]
        func read(_ id: ValueID, _ node: Int, _ bytes: Int?, _ change: Drawing.Edge.Change = .none) {
            guard let position = positions[Ends(from: id.index, to: node)] else {
                positions[Ends(from: id.index, to: node)] = result[id.index].count
                result[id.index].append(Reader(node: node, bytes: bytes, change: change))
                return
            }
            if result[id.index][position].change != change { result[id.index][position].change = .none }
            if let bytes { result[id.index][position].bytes = sum(result[id.index][position].bytes ?? 0, bytes) }
        }
        for (index, node) in graph.nodes.enumerated() {
            guard let box = groupOfNode[index] else { continue }
            let price = entries[index]?.price
            // What is drawn as another module reads what that reads, so that no line leads from the end of a module back to
            // its beginning.
            let like = graph.nodes[repetition.representative[index]]
            for position in node.inputs.indices {
                guard let input = like.input(position) else { continue }
                let change = difference?.reads[DifferenceGraph.Read(node: index, operand: position)] ?? .none
                read(drawn(input), box, price.map { opening($0, position) }, change)
            }
        }
        for (index, id) in graph.capturesByNode() {
            if let box = groupOfNode[index] { read(id, box, entries[index].map { _ in 0 }) }
        }
        for id in graph.outputs {
            for node in outputNodes[id] ?? [] { read(drawn(id), node, profile.map { _ in 0 }) }
        }
        for index in result.indices { result[index].sort { $0.node < $1.node } }
        return result
    }

    /// The value that a value is drawn as: that of the first of several modules alike.
    private func drawn(_ id: ValueID) -> ValueID {
        guard let producer = producers[id.index] else { return id }
        let like = repetition.representative[producer]
        guard like != producer, let place = graph.nodes[producer].outputs.firstIndex(of: id) else { return id }
        return graph.nodes[like].output(place) ?? id
    }

    /// Where a value comes from: the box, if one is drawn, and what that sends beyond opening its operands.
    private struct Source {
        var node: Int?
        var rest = 0
    }

    private func sources() -> [Source] {
        var result = [Source](repeating: Source(), count: graph.values.count)
        for (id, node) in inputNodes { result[id.index].node = node }
        let uses = graph.uses()
        let outputs = Set(graph.outputs)
        for (index, node) in graph.nodes.enumerated() {
            for case let output? in node.outputs { result[output.index].node = groupOfNode[index] }
            guard let price = entries[index]?.price else { continue }
            let isUsed = { (id: ValueID) in !uses[id.index].isEmpty || outputs.contains(id) }
            let opened = node.inputs.indices.reduce(0) { sum($0, opening(price, $1)) }
            if let carrier = node.outputs.compactMap({ $0 }).first(where: isUsed) {
                let rest = max(0, max(0, price.cost.online.bytes) - opened)
                let place = drawn(carrier).index
                result[place].rest = sum(result[place].rest, rest)
            }
        }
        return result
    }

    private func opening(_ price: OperatorPrice, _ position: Int) -> Int {
        position < price.operandBytes.count ? max(0, price.operandBytes[position]) : 0
    }

    /// A sum that stops at the largest number instead of trapping.
    private func sum(_ left: Int, _ right: Int) -> Int {
        (Traffic(bytes: left) + Traffic(bytes: right)).bytes
    }
}
