import IR

/// Adagrad (`torch.optim.Adagrad`; Duchi, Hazan and Singer, JMLR 2011): p ← p - lr · g / (√Σg² + eps).
public struct Adagrad: TrainingOptimizer, Hashable {
    /// `lr`
    public var learningRate = 1e-2
    /// `lr_decay`: by how much a step divides the learning rate more than the last one.
    public var learningRateDecay = 0.0
    /// `weight_decay`, as a penalty in the gradient.
    public var weightDecay = 0.0
    /// `initial_accumulator_value`
    public var initialAccumulator = 0.0
    /// `eps`
    public var epsilon = 1e-10

    /// The usual settings.
    public init() {}

    /// What can be set.
    public static let options: [OptimizerOption<Self>] = [
        .number("lr", \.learningRate, .nonnegative, "learning rate"),
        .number("lr_decay", \.learningRateDecay, .nonnegative, "growth of the learning rate's divisor"),
        .number("weight_decay", \.weightDecay, .nonnegative, "penalty of the parameter's square"),
        .number(
            "initial_accumulator_value", \.initialAccumulator, .nonnegative, "sum of squares before the first step"),
        .number("eps", \.epsilon, .nonnegative, "smallest divisor"),
    ]

    /// What is remembered of a parameter.
    public func state(ofParameter shape: [Int]) -> [OptimizerState] {
        [OptimizerState("sum", shape: shape, initialValue: initialAccumulator)]
    }

    /// Whether updates depend on the number of the step.
    public var countsSteps: Bool { learningRateDecay != 0 }
    /// What is added to divisors, or is their least.
    public var epsilons: [(option: String, value: Double)] { [("eps", epsilon)] }

    /// Writes what all updates of a step share.
    public func schedule(step: GraphBuilder.Term?) throws -> [GraphBuilder.Term] {
        guard let step else { return [] }
        return [try learningRate / ((step - 1) * learningRateDecay + 1)]
    }

    /// Writes the update of a parameter.
    public func update(_ update: ParameterUpdate) throws -> ParameterUpdate.Result {
        let gradient = try update.gradient.adding(update.parameter, times: weightDecay)
        let sum = try update.state[0] + gradient * gradient
        let direction = try gradient / (sum.apply("Sqrt") + epsilon)
        let rate = update.schedule.first ?? direction.scalar(learningRate)
        return ParameterUpdate.Result(try update.parameter - direction * rate, state: [sum])
    }
}
