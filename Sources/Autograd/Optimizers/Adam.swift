import IR

/// Adam (`torch.optim.Adam`; Kingma and Ba, ICLR 2015), with AdamW's decoupled weight decay (`torch.optim.AdamW`;
/// Loshchilov and Hutter, ICLR 2019) and AMSGrad (Reddi, Kale and Kumar, ICLR 2018) as options.
///
/// PyTorch's p ← p - lr · (m / b₁) / (√(v / b₂) + eps), b being the bias corrections 1 - βᵗ, is written
/// p ← p - (lr √b₂ / b₁) · m / (√v + eps √b₂): the same numbers, with one product with a public factor instead of three.
public struct Adam: TrainingOptimizer, Hashable {
    /// How the running mean is divided by the root.
    public enum Root: String, Sendable, CaseIterable {
        /// m / (√v + eps), as in the paper.
        case division
        /// m · 1/√(v + eps²): what frameworks with a function for 1/√x run for less. For v much larger than eps² the same
        /// number.
        case reciprocal
    }

    /// `lr`
    public var learningRate = 1e-3
    /// The first of `betas`: what is left of the last running mean of gradients.
    public var beta1 = 0.9
    /// The second of `betas`: what is left of the last running mean of squares.
    public var beta2 = 0.999
    /// `eps`
    public var epsilon = 1e-8
    /// `weight_decay`
    public var weightDecay = 0.0
    /// `decoupled_weight_decay`: whether the decay shrinks the parameter instead of entering the gradient.
    public var isDecoupled = false
    /// `amsgrad`
    public var isAMSGrad = false
    /// `root`, an option of Harrier's.
    public var root = Root.division

    /// The usual settings.
    public init() {}

    /// One of Adam's relatives.
    public init(weightDecay: Double = 0, isDecoupled: Bool = false, isAMSGrad: Bool = false) {
        self.weightDecay = weightDecay
        self.isDecoupled = isDecoupled
        self.isAMSGrad = isAMSGrad
    }

    /// What can be set.
    public static let options: [OptimizerOption<Self>] = [
        .number("lr", \.learningRate, .nonnegative, "learning rate"),
        .pair("betas", \.beta1, \.beta2, "what is left of the running means of gradients and of squares"),
        .number("eps", \.epsilon, .nonnegative, "smallest divisor"),
        .number("weight_decay", \.weightDecay, .nonnegative, "shrinking of parameters"),
        .flag("decoupled_weight_decay", \.isDecoupled, "shrink the parameter instead of adding to the gradient"),
        .flag("amsgrad", \.isAMSGrad, "divide by the largest running mean so far"),
        .choice("root", \.root, "divide by the root, or multiply by its reciprocal"),
    ]

    /// What is remembered of a parameter.
    public func state(ofParameter shape: [Int]) -> [OptimizerState] {
        (["exp_avg", "exp_avg_sq"] + (isAMSGrad ? ["max_exp_avg_sq"] : [])).map { OptimizerState($0, shape: shape) }
    }

    /// Whether updates depend on the number of the step.
    public var countsSteps: Bool { true }
    /// What is added to divisors, or is their least.
    public var epsilons: [(option: String, value: Double)] {
        // Under the root it is the square that has to be seen.
        [("eps", root == .division ? epsilon : epsilon * epsilon)]
    }

    /// The factor of the step, and what is added to the divisor.
    public func schedule(step: GraphBuilder.Term?) throws -> [GraphBuilder.Term] {
        guard let step else { return [] }
        let correction1 = try 1 - step.scalar(beta1).apply("Pow", step)
        let correction2 = try 1 - step.scalar(beta2).apply("Pow", step)
        let factor = try correction2.apply("Sqrt") * learningRate / correction1
        return switch root {
        case .division: [factor, try correction2.apply("Sqrt") * epsilon]
        case .reciprocal: [factor, try correction2 * (epsilon * epsilon)]
        }
    }

    /// Writes the update of a parameter.
    public func update(_ update: ParameterUpdate) throws -> ParameterUpdate.Result {
        let (factor, smallest) = (update.schedule[0], update.schedule[1])
        var (parameter, gradient) = (update.parameter, update.gradient)
        if isDecoupled {
            if weightDecay != 0 { parameter = try parameter * (1 - learningRate * weightDecay) }
        } else {
            gradient = try gradient.adding(parameter, times: weightDecay)
        }
        let mean = try update.state[0].moved(towards: gradient, by: 1 - beta1)
        let squares = try update.state[1].moved(towards: gradient * gradient, by: 1 - beta2)
        var state = [mean, squares]
        var divisor = squares
        if isAMSGrad {
            divisor = try update.state[2].apply("Max", squares)
            state.append(divisor)
        }
        let direction =
            switch root {
            case .division: try mean / (divisor.apply("Sqrt") + smallest)
            case .reciprocal: try mean * (divisor + smallest).apply("Sqrt").apply("Reciprocal")
            }
        return ParameterUpdate.Result(try parameter - direction * factor, state: state)
    }
}
