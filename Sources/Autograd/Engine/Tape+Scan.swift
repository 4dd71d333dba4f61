import IR

extension Tape {
    /// The most steps of a Scan that are written out.
    private static let mostSteps = 4096

    /// Writes a Scan step by step: backward goes through them from the last to the first.
    ///
    /// - Parameter captured: the values that the body reads from around it, by name.
    mutating func unroll(_ scan: Node, captured: [String: ValueID?]) throws {
        let layout = try ScanLayout(scan, builder)
        guard layout.steps <= Self.mostSteps else {
            throw HarrierError("a Scan of \(layout.steps) steps is too long to be differentiated")
        }
        let body = layout.body
        var parts = try layout.sequences.map { try split($0, of: layout, in: scan) }
        for index in parts.indices where layout.sequences[index].isReversed { parts[index].reverse() }
        var states = layout.initial
        var stacked = [[ValueID]](repeating: [], count: layout.results.count)
        for step in 0..<layout.steps {
            var ids: [ValueID: ValueID] = [:]
            for (inner, outer) in zip(body.inputs, states + parts.map { $0[step] }) { ids[inner] = outer }
            for capture in body.captures { ids[capture] = captured[body[capture].name] ?? nil }
            for inner in body.nodes { try write(builder.translated(inner, of: body, &ids), inPlaceOf: scan) }
            let outputs = body.outputs.map { builder.translated($0, of: body, &ids) }
            states = Array(outputs.prefix(states.count))
            for (index, output) in outputs.dropFirst(states.count).enumerated() {
                let axis = builder.integers([layout.results[index].axis]).id
                stacked[index].append(try emit("Unsqueeze", [output, axis], in: scan))
            }
        }
        for (index, state) in states.enumerated() {
            if let output = scan.output(index) { try emit("Identity", [state], in: scan, output: output) }
        }
        for (index, result) in layout.results.enumerated() {
            guard let output = scan.output(states.count + index) else { continue }
            let order = result.isReversed ? stacked[index].reversed() : stacked[index]
            try emit("Concat", order, ["axis": .int(result.axis)], in: scan, output: output)
        }
    }

    /// The elements of a scanned input along its axis, which they do not have.
    private mutating func split(_ sequence: ScanLayout.Sequence, of layout: ScanLayout, in scan: Node) throws
        -> [ValueID]
    {
        guard let input = sequence.value else { throw HarrierError("Scan lacks a scanned input") }
        let lengths = builder.integers(Array(repeating: 1, count: layout.steps)).id
        let pieces = (0..<layout.steps).map { _ in builder.newValue("Split") }
        try write(
            Node(
                op: "Split", inputs: [input, lengths], outputs: pieces, attributes: ["axis": .int(sequence.axis)]),
            inPlaceOf: scan)
        let axis = builder.integers([sequence.axis]).id
        return try pieces.map { try emit("Squeeze", [$0, axis], in: scan) }
    }

    @discardableResult
    private mutating func emit(
        _ op: OperatorName, _ inputs: [ValueID?], _ attributes: [String: Attribute] = [:], in scan: Node,
        output: ValueID? = nil
    ) throws -> ValueID {
        let result = output ?? builder.newValue(op.type)
        try write(Node(op: op, inputs: inputs, outputs: [result], attributes: attributes), inPlaceOf: scan)
        return result
    }
}

/// What a Scan goes over.
private struct ScanLayout {
    /// An input or output with an axis of steps.
    struct Sequence {
        let value: ValueID?
        let axis: Int
        let isReversed: Bool
    }

    let body: Graph
    let steps: Int
    let initial: [ValueID]
    let sequences: [Sequence]
    let results: [Sequence]

    init(_ scan: Node, _ builder: GraphBuilder) throws {
        guard case .graph(let body)? = scan.attributes["body"], case let count = try scan.int("num_scan_inputs"),
            count > 0, count <= scan.inputs.count, body.inputs.count == scan.inputs.count,
            body.outputs.count >= scan.inputs.count - count
        else { throw HarrierError("a Scan whose body does not fit its inputs") }
        self.body = body
        let states = scan.inputs.count - count
        initial = try scan.inputs.prefix(states).map {
            guard let state = $0 else { throw HarrierError("Scan lacks an initial state") }
            return state
        }
        let resultCount = body.outputs.count - states
        let axes = try scan.ints("scan_input_axes", count: count)
        let directions = try scan.ints("scan_input_directions", count: count)
        let resultAxes = try scan.ints("scan_output_axes", count: resultCount)
        let resultDirections = try scan.ints("scan_output_directions", count: resultCount)
        sequences = try scan.inputs.dropFirst(states).enumerated().map { index, value in
            let rank = try value.map { try builder[$0].rank } ?? 0
            return Sequence(
                value: value, axis: axes[index] < 0 ? axes[index] + rank : axes[index],
                isReversed: directions[index] == 1)
        }
        results = try (0..<resultCount).map { index in
            let rank = try builder.rank(of: scan.output(states + index), orIn: body, body.outputs[states + index])
            return Sequence(
                value: nil, axis: resultAxes[index] < 0 ? resultAxes[index] + rank : resultAxes[index],
                isReversed: resultDirections[index] == 1)
        }
        guard let first = sequences.first, let value = first.value else { throw HarrierError("Scan lacks an input") }
        steps = try builder[value].lengths[first.axis]
    }
}

extension GraphBuilder {
    /// The rank of a stacked result, from its own type or from that of its elements in a body.
    fileprivate func rank(of result: ValueID?, orIn body: Graph, _ element: ValueID) throws -> Int {
        if let rank = result.flatMap({ graph[$0].type?.rank }) { return rank }
        guard let rank = body[element].type?.rank else {
            throw HarrierError("the rank of a result of Scan is not known")
        }
        return rank + 1
    }
}
