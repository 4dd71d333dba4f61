import IR

/// What backward needs to know of forward: the nodes between the values and the loss, in order.
struct Tape {
    /// The gradients so far, by value. A gradient may have axes of length 1 where its value has more elements, all of the
    /// same gradient.
    private(set) var gradients: [ValueID: GraphBuilder.Term] = [:]

    let builder: GraphBuilder
    /// For every value whether it depends on the values that gradients are wanted of.
    private var depends: [Bool]
    /// For every value of the original graph whether the loss depends on it.
    private let matters: [Bool]
    private var records: [Record] = []

    private struct Record {
        let node: Node
        let needed: [Bool]
        let row: GradientTable.Row
    }

    init(_ builder: GraphBuilder, from sources: [ValueID], to ends: [ValueID]) {
        self.builder = builder
        let graph = builder.graph
        depends = Array(repeating: false, count: graph.values.count)
        for source in sources { depends[source.index] = true }
        matters = graph.liveValues(for: ends)
    }

    // MARK: Forward

    /// Goes through the nodes of the graph, brings those that are to be differentiated into a form that can be, and notes
    /// them down.
    mutating func record() throws {
        try builder.rewriteNodes { node in
            guard isBetween(node) else { return builder.append(node) }
            do { try record(node) } catch let error as HarrierError { throw error.at(label(node)) }
        }
    }

    private func isBetween(_ node: Node) -> Bool {
        carriesGradients(node) && node.isLive(matters)
    }

    /// Whether a change of an operand that depends on the sources changes the node's result other than by steps.
    private func carriesGradients(_ node: Node) -> Bool {
        guard !GradientTable.steps.contains(node.op), node.metadata[DifferentiableForms.detachedKey] == nil else {
            return false
        }
        return node.inputs.contains { $0.map { dependsOnSources($0) } ?? false }
            || !node.subgraphs.isEmpty && builder.graph.capturesOf(node).contains(where: dependsOnSources)
    }

    private func dependsOnSources(_ id: ValueID) -> Bool {
        id.index < depends.count && depends[id.index] && builder[id].elementType.isFloatingPoint
    }

    private mutating func record(_ node: Node) throws {
        if node.op == "Scan" { return try unroll(node, captured: builder.graph.valuesByName()) }
        let context = builder.context(of: node)
        if let body = try DifferentiableForms.body(of: context) { return try inline(body, for: node) }
        if let row = GradientTable.rows[node.op] {
            builder.append(node)
            records.append(
                Record(node: node, needed: node.inputs.map { $0.map { dependsOnSources($0) } ?? false }, row: row))
            return noteDependent(node)
        }
        guard let body = try DifferentiableForms.functionBody(of: context) else {
            throw HarrierError(
                "\(node.op) has no gradient", hint: "freeze the parameters before it, or write it with other operators")
        }
        try inline(body, for: node)
    }

    /// Writes a graph in the place of a node: inputs and outputs correspond by position.
    private mutating func inline(_ body: Graph, for node: Node) throws {
        var ids: [ValueID: ValueID] = [:]
        for (inner, outer) in zip(body.inputs, node.inputs) { ids[inner] = outer }
        for (inner, outer) in zip(body.outputs, node.outputs) { ids[inner] = outer }
        let names = body.nodes.contains { !$0.subgraphs.isEmpty } ? body.valuesByName() : [:]
        for inner in body.nodes {
            let copy = builder.translated(inner, of: body, &ids)
            if inner.op == "Scan" {
                let captured = inner.subgraphs.flatMap { scan in scan.captures.map { scan[$0].name } }
                let known = captured.map { name in
                    (name, names[name].map { builder.translated($0, of: body, &ids) })
                }
                try unroll(copy, captured: Dictionary(known) { first, _ in first })
            } else {
                try write(copy, inPlaceOf: node)
            }
        }
    }

    mutating func write(_ inner: Node, inPlaceOf node: Node) throws {
        var copy = inner
        copy.scope = node.scope
        copy.metadata = node.metadata
        let isDetached = inner.metadata[DifferentiableForms.detachedKey] != nil
        if let output = inner.outputs.first ?? nil { copy.name = builder[output].value.name }
        if let row = GradientTable.rows[copy.op], DifferentiableForms.rows[copy.op] == nil {
            try builder.appendInferring(copy)
            guard !isDetached, carriesGradients(copy) else { return }
            records.append(
                Record(node: copy, needed: copy.inputs.map { $0.map { dependsOnSources($0) } ?? false }, row: row))
            noteDependent(copy)
        } else if isDetached || !carriesGradients(copy) {
            try builder.appendInferring(copy)
        } else {
            // The types of its results, which a form of its own may ask for.
            try builder.inferOutputs(of: copy)
            try record(copy)
        }
    }

    private mutating func noteDependent(_ node: Node) {
        for case let output? in node.outputs {
            while depends.count <= output.index { depends.append(false) }
            depends[output.index] = true
        }
    }

    private func label(_ node: Node) -> String {
        if !node.name.isEmpty { return "node '\(node.name)' (\(node.op))" }
        let result = node.outputs.compactMap { $0 }.first.map { builder[$0].value.name }
        return "the \(node.op) that computes '\(result ?? "nothing")'"
    }

    // MARK: Backward

    /// Adds to the gradient of a value.
    mutating func add(_ gradient: GraphBuilder.Term, to value: ValueID) throws {
        gradients[value] = try gradients[value].map { try $0 + gradient } ?? gradient
    }

    /// Runs the rows of the noted nodes from the last to the first.
    mutating func run() throws {
        var choices = BranchChoices(builder.graph)
        for record in records.reversed() {
            let incoming = record.node.outputs.map { $0.flatMap { gradients[$0] } }
            guard incoming.contains(where: { $0 != nil }) else { continue }
            builder.scope = record.node.scope
            builder.metadata[Phase.layerKey] = record.node.metadata[Phase.layerKey]
            let backward = Backward(
                node: builder.context(of: record.node), outputs: record.node.outputs.map { $0.map { builder[$0] } },
                gradients: incoming, needed: record.needed)
            do {
                try record.row(backward)
                for (index, gradient) in backward.given {
                    guard let input = record.node.input(index) else { continue }
                    try add(choices.cleaned(gradient, for: record.node), to: input)
                }
                try choices.note(record.node, in: builder)
            } catch let error as HarrierError {
                throw error.at(label(record.node))
            }
        }
    }
}

extension Graph {
    /// What the bodies of a node read from the graph.
    fileprivate func capturesOf(_ node: Node) -> [ValueID] {
        let names = valuesByName()
        return node.subgraphs.flatMap { body in body.captures.compactMap { names[body[$0].name] } }
    }
}
