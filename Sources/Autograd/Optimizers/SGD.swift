import IR

/// Stochastic gradient descent (`torch.optim.SGD`): p ← p - lr · g, with momentum and weight decay if they are set.
public struct SGD: TrainingOptimizer, Hashable {
    /// `lr`
    public var learningRate = 1e-3
    /// `momentum`
    public var momentum = 0.0
    /// `dampening`: what the gradient's share in the momentum lacks to 1.
    public var dampening = 0.0
    /// `weight_decay`, as a penalty in the gradient.
    public var weightDecay = 0.0
    /// `nesterov`
    public var isNesterov = false

    /// The usual settings.
    public init() {}

    /// Descent with momentum.
    public init(momentum: Double, isNesterov: Bool = false) {
        self.momentum = momentum
        self.isNesterov = isNesterov
    }

    /// What can be set.
    public static let options: [OptimizerOption<Self>] = [
        .number("lr", \.learningRate, .nonnegative, "learning rate"),
        .number("momentum", \.momentum, .nonnegative, "what is left of the last step"),
        .number("dampening", \.dampening, .unit, "what the gradient's share in the momentum lacks to 1"),
        .number("weight_decay", \.weightDecay, .nonnegative, "penalty of the parameter's square"),
        .flag("nesterov", \.isNesterov, "look ahead along the momentum"),
    ]

    /// Complains of options that do not go together.
    public func validate() throws {
        guard isNesterov, momentum <= 0 || dampening != 0 else { return }
        throw HarrierError("nesterov needs a momentum, and no dampening")
    }

    /// What is remembered of a parameter.
    public func state(ofParameter shape: [Int]) -> [OptimizerState] {
        momentum == 0 ? [] : [OptimizerState("momentum_buffer", shape: shape)]
    }

    /// The first gradient enters the momentum without dampening.
    public var countsSteps: Bool { momentum != 0 && dampening != 0 }

    /// Writes what all updates of a step share.
    public func schedule(step: GraphBuilder.Term?) throws -> [GraphBuilder.Term] {
        guard let step else { return [] }
        return [try 1 - (step - 1).apply("Min", step.scalar(1)) * dampening]
    }

    /// Writes the update of a parameter.
    public func update(_ update: ParameterUpdate) throws -> ParameterUpdate.Result {
        let parameter = update.parameter
        let gradient = try update.gradient.adding(parameter, times: weightDecay)
        guard let last = update.state.first else {
            return ParameterUpdate.Result(try parameter - gradient * learningRate)
        }
        let share = try update.schedule.first.map { try gradient * $0 } ?? gradient
        let buffer = try last * momentum + share
        let direction = isNesterov ? try gradient + buffer * momentum : buffer
        return ParameterUpdate.Result(try parameter - direction * learningRate, state: [buffer])
    }
}
