import IR

/// Adadelta (`torch.optim.Adadelta`; Zeiler, arXiv 1212.5701): steps by the ratio of the roots of two running means, of squared
/// steps and of squared gradients.
public struct Adadelta: TrainingOptimizer, Hashable {
    /// `lr`
    public var learningRate = 1.0
    /// `rho`: what is left of the last running means.
    public var rho = 0.9
    /// `eps`
    public var epsilon = 1e-6
    /// `weight_decay`, as a penalty in the gradient.
    public var weightDecay = 0.0

    /// PyTorch's defaults.
    public init() {}

    /// What can be set.
    public static let options: [OptimizerOption<Self>] = [
        .number("lr", \.learningRate, .nonnegative, "learning rate"),
        .number("rho", \.rho, .unit, "what is left of the last running means"),
        .number("eps", \.epsilon, .nonnegative, "what is added below the roots"),
        .number("weight_decay", \.weightDecay, .nonnegative, "penalty of the parameter's square"),
    ]

    /// What is remembered of a parameter.
    public func state(ofParameter shape: [Int]) -> [OptimizerState] {
        ["square_avg", "acc_delta"].map { OptimizerState($0, shape: shape) }
    }

    /// What is added to divisors, or is their least.
    public var epsilons: [(option: String, value: Double)] { [("eps", epsilon)] }

    /// Writes the update of a parameter.
    public func update(_ update: ParameterUpdate) throws -> ParameterUpdate.Result {
        let gradient = try update.gradient.adding(update.parameter, times: weightDecay)
        let squares = try update.state[0].moved(towards: gradient * gradient, by: 1 - rho)
        // One root of the ratio instead of a ratio of roots.
        let ratio = try (update.state[1] + epsilon) / (squares + epsilon)
        let delta = try ratio.apply("Sqrt") * gradient
        let deltas = try update.state[1].moved(towards: delta * delta, by: 1 - rho)
        let step = learningRate == 1 ? delta : try delta * learningRate
        return ParameterUpdate.Result(try update.parameter - step, state: [squares, deltas])
    }
}
