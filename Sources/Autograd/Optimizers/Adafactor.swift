import IR

/// Adafactor (`torch.optim.Adafactor`; Shazeer and Stern, ICML 2018): of the mean squares of a matrix only those of rows and
/// of columns are remembered, steps are relative to the parameter's size, and clipped.
public struct Adafactor: TrainingOptimizer, Hashable {
    /// `lr`
    public var learningRate = 1e-2
    /// `beta2_decay`: the power of the step's number that new squares weigh.
    public var beta2Decay = -0.8
    /// `eps1`, the first of PyTorch's `eps`: smallest divisor. By default what float32 adds to 1.
    public var epsilon1 = 0x1p-23
    /// `eps2`, the second of PyTorch's `eps`: smallest size that a parameter is taken for.
    public var epsilon2 = 1e-3
    /// `d`: the size that steps are clipped to.
    public var clipping = 1.0
    /// `weight_decay`, decoupled.
    public var weightDecay = 0.0

    /// The usual settings.
    public init() {}

    /// What can be set.
    public static let options: [OptimizerOption<Self>] = [
        .number("lr", \.learningRate, .nonnegative, "learning rate"),
        .number("beta2_decay", \.beta2Decay, -.infinity...0, "the power of the step's number that new squares weigh"),
        .number("eps1", \.epsilon1, .nonnegative, "smallest divisor"),
        .number("eps2", \.epsilon2, .nonnegative, "smallest size that a parameter is taken for"),
        .number("d", \.clipping, 1...(.infinity), "the size that steps are clipped to"),
        .number("weight_decay", \.weightDecay, .nonnegative, "shrinking of parameters"),
    ]

    /// What is remembered of a parameter.
    public func state(ofParameter shape: [Int]) -> [OptimizerState] {
        guard shape.count > 1 else { return [OptimizerState("variance", shape: shape)] }
        return [
            OptimizerState("row_var", shape: shape.dropLast() + [1]),
            OptimizerState("col_var", shape: shape.dropLast(2) + [1, shape[shape.count - 1]]),
        ]
    }

    /// Whether updates depend on the number of the step.
    public var countsSteps: Bool { true }
    /// What is added to divisors, or is their least.
    public var epsilons: [(option: String, value: Double)] { [("eps1", epsilon1 * epsilon1), ("eps2", epsilon2)] }

    /// The weight of new squares, and the relative step size.
    public func schedule(step: GraphBuilder.Term?) throws -> [GraphBuilder.Term] {
        guard let step else { return [] }
        return [
            try step.apply("Pow", step.scalar(beta2Decay)),
            try step.scalar(learningRate).apply("Min", 1 / step.apply("Sqrt")),
        ]
    }

    /// Writes the update of a parameter.
    public func update(_ update: ParameterUpdate) throws -> ParameterUpdate.Result {
        let (weight, relative) = (update.schedule[0], update.schedule[1])
        let gradient = update.gradient
        let squares = try gradient * gradient
        let size = try rootMeanSquare(update.parameter)
        let rate = try size.apply("Max", size.scalar(epsilon2)) * relative
        var parameter = update.parameter
        if weightDecay != 0 { parameter = try parameter * (1 - learningRate * weightDecay) }

        let rank = try gradient.rank
        let means =
            rank > 1 ? try [rank - 1, rank - 2].map { try squares.reduced("ReduceMean", axes: [$0]) } : [squares]
        let state = try zip(update.state, means).map { try $0 + ($1 - $0) * weight }
        let variance = rank > 1 ? try product(rows: state[0], columns: state[1], rank) : state[0]

        let smallest = variance.scalar(epsilon1 * epsilon1)
        let direction = try gradient * variance.apply("Max", smallest).apply("Sqrt").apply("Reciprocal")
        let length = try rootMeanSquare(direction) / clipping
        // The size of the step is a scalar; it is divided before it meets the whole tensor.
        let factor = try rate / length.apply("Max", length.scalar(1))
        return ParameterUpdate.Result(try parameter - direction * factor, state: state)
    }

    /// The outer product of the means of rows and of columns, divided by the mean of all. The rows are divided, because
    /// they are fewer than the products.
    private func product(
        rows: GraphBuilder.Term, columns: GraphBuilder.Term, _ rank: Int
    ) throws -> GraphBuilder.Term {
        let mean = try rows.reduced("ReduceMean", axes: [rank - 2])
        return try (rows * mean.apply("Max", mean.scalar(epsilon1)).apply("Reciprocal")).matrixProduct(columns)
    }

    private func rootMeanSquare(_ term: GraphBuilder.Term) throws -> GraphBuilder.Term {
        try term.builder.apply("ReduceMean", [term * term], ["keepdims": .int(0)]).apply("Sqrt")
    }
}
