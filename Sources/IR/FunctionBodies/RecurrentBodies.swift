// Recurrent layers as Scan over their steps. What does not depend on the state, the product with the input, is computed for all
// steps at once before the Scan. Only layers whose sequences have one length and whose activations are ONNX's defaults (for RNN
// any operator of the activation's name) have a body; peepholes and clipping have none.
extension NodeContext {
    func rnnBody() throws -> [GraphBuilder.Term]? {
        try RecurrentBody(self, gates: 1)?.outputs { step in
            let activation = OperatorName(step.activation)
            return [try (step.input + step.product + step.bias).apply(activation)]
        }
    }

    func lstmBody() throws -> [GraphBuilder.Term]? {
        guard try int("input_forget") == 0, optionalInput(7) == nil else { return nil }
        return try RecurrentBody(self, gates: 4)?.outputs { step in
            // Gates input, output, forget, cell: the first three are opened by one sigmoid.
            let sums = try step.input + step.product + step.bias
            let open = try step.gates(sums, 0..<3).apply("Sigmoid")
            let candidate = try step.gates(sums, 3..<4).apply("Tanh")
            let memory = try step.gates(open, 2..<3) * step.states[1] + step.gates(open, 0..<1) * candidate
            return [try step.gates(open, 1..<2) * memory.apply("Tanh"), memory]
        }
    }

    func gruBody() throws -> [GraphBuilder.Term]? {
        // Otherwise the state is reset before a product of its own, as PyTorch's is not.
        guard try int("linear_before_reset") != 0 else { return nil }
        return try RecurrentBody(self, gates: 3)?.outputs { step in
            // Gates update, reset, hidden.
            let recurrent = try step.product + step.bias
            let open = try (step.gates(step.input, 0..<2) + step.gates(recurrent, 0..<2)).apply("Sigmoid")
            let reset = try step.gates(open, 1..<2) * step.gates(recurrent, 2..<3)
            let candidate = try (step.gates(step.input, 2..<3) + reset).apply("Tanh")
            return [try candidate + step.gates(open, 0..<1) * (step.states[0] - candidate)]
        }
    }
}

/// A step of a recurrent layer, inside the body of its Scan.
private struct RecurrentStep {
    /// The input's part of the gates, with its bias (batch × gates).
    let input: GraphBuilder.Term
    /// The hidden state, and an LSTM's memory.
    let states: [GraphBuilder.Term]
    /// The hidden state times the recurrence weights (batch × gates).
    let product: GraphBuilder.Term
    /// The bias of that product.
    let bias: GraphBuilder.Term
    /// The name of the first activation.
    let activation: String
    let hidden: Int

    /// The numbers of a range of gates.
    func gates(_ sums: GraphBuilder.Term, _ range: Range<Int>) throws -> GraphBuilder.Term {
        try sums[axis: 1, range.lowerBound * hidden..<range.upperBound * hidden]
    }
}

/// Writes the body of a recurrent operator: inputs X, W, R, B, sequence lengths, initial state, and for LSTM initial memory.
private struct RecurrentBody {
    private let context: NodeContext
    private let gates: Int
    private let stateCount: Int
    private let directions: [Direction]
    private let batch: Int
    private let hidden: Int

    private struct Direction {
        let isReverse: Bool
        let activation: String
    }

    /// Nil for layers that have no body.
    init?(_ context: NodeContext, gates: Int) throws {
        let node = context.node
        guard let input = context.inputs.first??.type?.lengths, input.count == 3,
            let weights = try context.input(2).type?.lengths, weights.count == 3, context.optionalInput(4) == nil,
            try context.int("layout") == 0, node.attributes["clip"] == nil,
            node.attributes["activation_alpha"] == nil, node.attributes["activation_beta"] == nil
        else { return nil }
        let given: [String] = if case .strings(let names)? = node.attributes["activations"] { names } else { [] }
        let defaults = OperatorTable.recurrentActivations(gates: gates)
        let isOfDefaults = given.enumerated().allSatisfy { $1 == defaults[$0 % defaults.count] }
        guard isOfDefaults || gates == 1 && given.allSatisfy(isPlainActivation) else {
            return nil
        }
        let direction = try node.string("direction")
        let reverse = direction == "bidirectional" ? [false, true] : [direction == "reverse"]
        guard weights[0] == reverse.count else { return nil }
        directions = reverse.enumerated().map { index, isReverse in
            let place = index * defaults.count
            return Direction(
                isReverse: isReverse, activation: given.indices.contains(place) ? given[place] : defaults[0])
        }
        self.context = context
        self.gates = gates
        stateCount = gates == 4 ? 2 : 1
        batch = input[1]
        hidden = weights[2]
    }

    /// All states, and the last ones, from what a step makes of the states.
    func outputs(_ step: (RecurrentStep) throws -> [GraphBuilder.Term]) throws -> [GraphBuilder.Term] {
        let results = try directions.indices.map { try scan($0, step) }
        func stacked(_ parts: [GraphBuilder.Term], axis: Int) throws -> GraphBuilder.Term {
            let parts = try parts.map { try $0.apply("Unsqueeze", context.builder.integers([axis])) }
            return parts.count == 1 ? parts[0] : try context.builder.apply("Concat", parts, ["axis": .int(axis)])
        }
        let last = try (0..<stateCount).map { state in try stacked(results.map { $0[state] }, axis: 0) }
        return [try stacked(results.map { $0[stateCount] }, axis: 1)] + last
    }

    /// The last states and all hidden states of one direction.
    private func scan(
        _ direction: Int, _ step: (RecurrentStep) throws -> [GraphBuilder.Term]
    ) throws -> [GraphBuilder.Term] {
        let rows = gates * hidden
        let weights = try part(1, direction).transposed([1, 0])
        let recurrence = try part(2, direction).transposed([1, 0])
        var input = try context.input(0).matrixProduct(weights)
        let inputBias = try bias(direction, 0..<rows)
        if let inputBias { input = try input + inputBias }
        let zeros = Tensor(float32: Array(repeating: 0, count: batch * hidden), shape: [batch, hidden])
        let initial = try (0..<stateCount).map { state in
            try context.optionalInput(5 + state) == nil
                ? context.builder.literal(zeros).cast(to: input.elementType) : part(5 + state, direction)
        }
        let noBias = context.builder.scalar(0, input.elementType)
        let body = try stepBody(
            direction, states: initial, input: input, recurrence: recurrence,
            bias: bias(direction, rows..<2 * rows) ?? noBias, step)
        let order = directions[direction].isReverse ? 1 : 0
        return try context.builder.apply(
            "Scan", initial + [input],
            [
                "body": .graph(body), "num_scan_inputs": .int(1), "scan_input_directions": .ints([order]),
                "scan_output_directions": .ints([order]),
            ], outputCount: stateCount + 1)
    }

    /// One direction's part of an operand.
    private func part(_ index: Int, _ direction: Int) throws -> GraphBuilder.Term {
        let operand = try context.input(index)
        return try operand[axis: 0, direction..<direction + 1].apply("Squeeze", context.builder.integers([0]))
    }

    private func bias(_ direction: Int, _ range: Range<Int>) throws -> GraphBuilder.Term? {
        guard context.optionalInput(3) != nil else { return nil }
        return try part(3, direction)[axis: 0, range]
    }

    /// The body of the Scan: states and the input's part of a step to states, and the hidden state once more.
    private func stepBody(
        _ direction: Int, states: [GraphBuilder.Term], input: GraphBuilder.Term, recurrence: GraphBuilder.Term,
        bias: GraphBuilder.Term, _ step: (RecurrentStep) throws -> [GraphBuilder.Term]
    ) throws -> Graph {
        let builder = GraphBuilder(name: "step\(direction)")
        builder.scope = Scope(["step\(direction)"])
        let elementType = input.elementType
        let present = try states.indices.map { index in
            try builder.input("state\(direction)_\(index)", TensorType(elementType, lengths: [batch, hidden]))
        }
        let slice = TensorType(elementType, lengths: [batch, gates * hidden])
        let slices = try builder.input("input\(direction)", slice)
        let captures = [recurrence, bias].map { builder.addInput(Value(name: $0.value.name, type: $0.type)) }
        let next = try step(
            RecurrentStep(
                input: slices, states: present, product: present[0].matrixProduct(captures[0]), bias: captures[1],
                activation: directions[direction].activation, hidden: hidden))
        var body = builder.graph(outputs: next + [try next[0].apply("Identity")])
        body.inputs.removeLast(captures.count)
        body.captures = captures.map(\.id)
        // No name may stand for two values, here and in the graph around it.
        for index in body.values.indices where body.values[index].constant != nil {
            body.values[index].name = "\(body.name)_\(body.values[index].name)"
        }
        return body
    }
}

/// Whether the name of an activation is that of an operator of one operand that has no attributes.
private func isPlainActivation(_ name: String) -> Bool {
    guard let row = OperatorTable[OperatorName(name)] else { return false }
    return row.traits.contains(.elementwise) && row.inputs == 1...1 && row.attributes.isEmpty
}
