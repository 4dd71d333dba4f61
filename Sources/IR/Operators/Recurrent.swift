extension OperatorTable {
    /// Recurrent layers over whole sequences.
    static let recurrentOperators: [OperatorDefinition] = [
        OperatorDefinition(
            "GRU", inputs: 3...6, outputs: 0...2,
            attributes: recurrentAttributes + [
                .optional("activations", .strings), .optional("linear_before_reset", .int(0)),
            ], body: { try $0.gruBody() }
        ) { try $0.inferRecurrent(gates: 3) },
        OperatorDefinition(
            "LSTM", inputs: 3...8, outputs: 0...3,
            attributes: recurrentAttributes + [.optional("activations", .strings), .optional("input_forget", .int(0))],
            body: { try $0.lstmBody() }
        ) { try $0.inferRecurrent(gates: 4) },
        OperatorDefinition(
            "RNN", inputs: 3...6, outputs: 0...2,
            attributes: recurrentAttributes + [.optional("activations", .strings(["Tanh", "Tanh"]))],
            body: { try $0.rnnBody() }
        ) { try $0.inferRecurrent(gates: 1) },
    ]

    /// The activations of a layer with that many gates whose node names none.
    package static func recurrentActivations(gates: Int) -> [String] {
        switch gates {
        case 1: ["Tanh"]
        case 3: ["Sigmoid", "Tanh"]
        default: ["Sigmoid", "Tanh", "Tanh"]
        }
    }

    private static let recurrentAttributes: [AttributeDefinition] = [
        .optional("activation_alpha", .floats), .optional("activation_beta", .floats), .optional("clip", .float),
        .optional("direction", .string("forward")), .optional("hidden_size", .int), .optional("layout", .int(0)),
    ]
}

extension TypeInference {
    /// All states, and the last ones, of a layer whose weights have the rows of that many gates.
    fileprivate mutating func inferRecurrent(gates: Int) throws {
        let elementType = try sharedElementType([0, 1, 2, 3, 5])
        let direction = try node.choice("direction", of: ["forward", "reverse", "bidirectional"])
        let directions = Dimension.known(direction == "bidirectional" ? 2 : 1)
        let input = try shape(0, rank: 3...3) ?? [.unknown, .unknown, .unknown]
        let weights = try shape(1, rank: 3...3)
        let recurrence = try shape(2, rank: 3...3)
        var hidden: Dimension = .unknown
        if node.attributes["hidden_size"] != nil { hidden = .known(try positive("hidden_size")) }
        if let recurrence {
            hidden = try merge(hidden, recurrence[2], "hidden sizes")
            _ = try merge(directions, recurrence[0], "the numbers of directions")
            _ = try merge(.known(gates) * hidden, recurrence[1], "the rows of the recurrence weights and the gates")
        }
        if let weights {
            _ = try merge(input[2], weights[2], "the lengths of the input and the rows of its weights")
            _ = try merge(directions, weights[0], "the numbers of directions")
        }
        // Layout 1 puts the batch first.
        let batchFirst = try node.flag("layout")
        let (steps, batch) = batchFirst ? (input[1], input[0]) : (input[0], input[1])
        setOutput(
            0, elementType,
            batchFirst ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden])
        for output in 1..<3 {
            setOutput(output, elementType, batchFirst ? [batch, directions, hidden] : [directions, batch, hidden])
        }
    }
}
