import IR

/// RMSProp (`torch.optim.RMSprop`): p ← p - lr · g / (√v + eps), v being the running mean of g².
public struct RMSProp: TrainingOptimizer, Hashable {
    /// `lr`
    public var learningRate = 1e-2
    /// `alpha`: what is left of the last running mean.
    public var alpha = 0.99
    /// `eps`
    public var epsilon = 1e-8
    /// `weight_decay`, as a penalty in the gradient.
    public var weightDecay = 0.0
    /// `momentum`
    public var momentum = 0.0
    /// `centered`: whether the square of the mean gradient is taken off the mean square.
    public var isCentered = false

    /// The usual settings.
    public init() {}

    /// What can be set.
    public static let options: [OptimizerOption<Self>] = [
        .number("lr", \.learningRate, .nonnegative, "learning rate"),
        .number("alpha", \.alpha, .unit, "what is left of the last running mean"),
        .number("eps", \.epsilon, .nonnegative, "smallest divisor"),
        .number("weight_decay", \.weightDecay, .nonnegative, "penalty of the parameter's square"),
        .number("momentum", \.momentum, .nonnegative, "what is left of the last step"),
        .flag("centered", \.isCentered, "divide by the root of the variance"),
    ]

    /// What is remembered of a parameter.
    public func state(ofParameter shape: [Int]) -> [OptimizerState] {
        var names = ["square_avg"]
        if isCentered { names.append("grad_avg") }
        if momentum > 0 { names.append("momentum_buffer") }
        return names.map { OptimizerState($0, shape: shape) }
    }

    /// What is added to divisors, or is their least.
    public var epsilons: [(option: String, value: Double)] { [("eps", epsilon)] }

    /// Writes the update of a parameter.
    public func update(_ update: ParameterUpdate) throws -> ParameterUpdate.Result {
        let gradient = try update.gradient.adding(update.parameter, times: weightDecay)
        let squares = try update.state[0].moved(towards: gradient * gradient, by: 1 - alpha)
        var state = [squares]
        var variance = squares
        if isCentered {
            let mean = try update.state[1].moved(towards: gradient, by: 1 - alpha)
            state.append(mean)
            variance = try squares - mean * mean
        }
        var direction = try gradient / (variance.apply("Sqrt") + epsilon)
        if momentum > 0, let last = update.state.last {
            direction = try last * momentum + direction
            state.append(direction)
        }
        return ParameterUpdate.Result(try update.parameter - direction * learningRate, state: state)
    }
}
