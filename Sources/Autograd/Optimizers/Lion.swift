import IR

/// Lion (Chen et al., NeurIPS 2023, algorithm 2): steps of one size in the direction of the sign of an interpolated momentum.
public struct Lion: TrainingOptimizer, Hashable {
    /// `lr`
    public var learningRate = 1e-4
    /// The first of `betas`: the momentum's share in the step.
    public var beta1 = 0.9
    /// The second of `betas`: what is left of the last momentum.
    public var beta2 = 0.99
    /// `weight_decay`, decoupled.
    public var weightDecay = 0.0

    /// The usual settings.
    public init() {}

    /// What can be set.
    public static let options: [OptimizerOption<Self>] = [
        .number("lr", \.learningRate, .nonnegative, "learning rate"),
        .pair("betas", \.beta1, \.beta2, "the momentum's share in the step, and what is left of it"),
        .number("weight_decay", \.weightDecay, .nonnegative, "shrinking of parameters"),
    ]

    /// What is remembered of a parameter.
    public func state(ofParameter shape: [Int]) -> [OptimizerState] { [OptimizerState("exp_avg", shape: shape)] }

    /// Writes the update of a parameter.
    public func update(_ update: ParameterUpdate) throws -> ParameterUpdate.Result {
        let last = update.state[0]
        var parameter = update.parameter
        if weightDecay != 0 { parameter = try parameter * (1 - learningRate * weightDecay) }
        let direction = try last.moved(towards: update.gradient, by: 1 - beta1).apply("Sign")
        let momentum = try last.moved(towards: update.gradient, by: 1 - beta2)
        return ParameterUpdate.Result(try parameter - direction * learningRate, state: [momentum])
    }
}
