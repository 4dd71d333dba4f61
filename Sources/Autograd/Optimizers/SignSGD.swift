import IR

/// signSGD (Bernstein et al., ICML 2018): p ← p - lr · sign(g); with momentum it is the paper's Signum.
public struct SignSGD: TrainingOptimizer, Hashable {
    /// `lr`
    public var learningRate = 1e-3
    /// `momentum`: what is left of the last running mean of gradients.
    public var momentum = 0.0
    /// `weight_decay`, as a penalty in the gradient.
    public var weightDecay = 0.0

    /// The usual settings.
    public init() {}

    /// What can be set.
    public static let options: [OptimizerOption<Self>] = [
        .number("lr", \.learningRate, .nonnegative, "learning rate"),
        .number("momentum", \.momentum, .unit, "what is left of the last running mean of gradients"),
        .number("weight_decay", \.weightDecay, .nonnegative, "penalty of the parameter's square"),
    ]

    /// What is remembered of a parameter.
    public func state(ofParameter shape: [Int]) -> [OptimizerState] {
        momentum == 0 ? [] : [OptimizerState("momentum_buffer", shape: shape)]
    }

    /// Writes the update of a parameter.
    public func update(_ update: ParameterUpdate) throws -> ParameterUpdate.Result {
        let gradient = try update.gradient.adding(update.parameter, times: weightDecay)
        let buffers = try update.state.map { try $0.moved(towards: gradient, by: 1 - momentum) }
        let direction = try (buffers.first ?? gradient).apply("Sign")
        return ParameterUpdate.Result(try update.parameter - direction * learningRate, state: buffers)
    }
}
