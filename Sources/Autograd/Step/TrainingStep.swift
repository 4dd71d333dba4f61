import IR

/// A training step as one graph: forward, loss, backward and optimizer.
///
/// Inputs are the model's inputs, the target, the parameters, and what is remembered from step to step; outputs are the loss, the
/// new parameters and the new state, so that a runner can loop. Every node says its phase (``Phase/key``); nodes of backward and
/// optimizer are in the scope of the node or parameter they belong to.
public struct TrainingStep: Sendable {
    /// A tensor that goes round: an input that the next step gets from an output.
    public struct Loop: Hashable, Sendable {
        /// What the first step gets.
        public enum Start: Hashable, Sendable {
            /// A parameter's or statistic's data, as the model has it.
            case tensor(Tensor)
            /// The same number everywhere.
            case filled(Double)
        }

        /// Name of the input.
        public let input: String
        /// Name of the output.
        public let output: String
        /// Element type and shape.
        public let type: TensorType
        /// What the first step gets.
        public let start: Start
    }

    /// How a step is made.
    public struct Options: Sendable {
        /// How the losses of samples become one.
        public var reduction = Loss.Reduction.mean
        /// What the target holds; nil for the loss's usual form.
        public var targetForm: Loss.TargetForm?
        /// How the loss is differentiated.
        public var style = GradientStyle.harrier
        /// The output of the model that the loss is of; nil for the first.
        public var prediction: String?
        /// Whether gradients of the model's inputs are computed, too, as CrypTen does; they become outputs.
        public var differentiatesInputs = false
        /// Whether BatchNormalization and Dropout of a model that was exported for inference are switched to training.
        public var usesTrainingMode = true
        /// Names of parameters that do not change. The others are those that ``Constant/isParameter`` says.
        public var frozen: Set<String> = []

        /// The usual step.
        public init() {}
    }

    /// The whole step.
    public let graph: Graph
    /// Names of the model's inputs.
    public let data: [String]
    /// Name of the target.
    public let target: String
    /// Name of the output that is the loss.
    public let loss: String
    /// Parameters, in the model's order.
    public let parameters: [Loop]
    /// The optimizer's state, and the running statistics of BatchNormalization.
    public let state: [Loop]
    /// The gradients of inputs or, without an optimizer, of parameters: names of outputs by those of the inputs they belong to.
    public let gradients: [String: String]
    /// Names of the inputs that everybody knows, whatever else inputs are: the number of the step.
    public let publicInputs: [String]

    /// What is behind the name of a parameter or state in the name of the output that the next step gets.
    static let nextSuffix = ".next"
    /// What is behind a name in the name of its gradient.
    static let gradientSuffix = ".gradient"
}

extension TrainingStep {
    /// Expands a model into a training step.
    ///
    /// - Parameters:
    ///   - model: the model with types inferred and all dimensions known.
    ///   - optimizer: nil for a step that ends with the gradients.
    ///   - evaluator: works out shapes.
    /// - Throws: ``HarrierError`` with the name of a node without a gradient, if the loss does not fit the model's output, or
    ///   if there is nothing to train.
    public init(
        of model: Graph, loss: Loss, optimizer: (any TrainingOptimizer)?, options: Options = Options(),
        evaluator: (any ConstantEvaluator)? = nil
    ) throws {
        var expansion = try StepExpansion(model, options: options, evaluator: evaluator)
        try expansion.addLossAndGradients(loss)
        try expansion.addUpdates(optimizer)
        self = try expansion.step(named: model.name)
    }

    /// What the first step gets, beside data and target: parameters, statistics and the optimizer's state, by name of the input.
    ///
    /// - Throws: ``HarrierError`` if a state is of a type that is not made of 16 to 64-bit floating-point numbers.
    public func start() throws -> [String: Tensor] {
        try (parameters + state).reduce(into: [:]) { result, loop in
            switch loop.start {
            case .tensor(let tensor): result[loop.input] = tensor
            case .filled(let value): result[loop.input] = try Tensor(filling: loop.type, with: value)
            }
        }
    }

    /// Who knows the inputs of the step, if a policy says so for those of the model: the target is an input. Parameters and what
    /// is remembered of them come from the step before, which computed them from inputs and parameters: whoever knows both
    /// knows them.
    public func policy(for policy: VisibilityPolicy) -> VisibilityPolicy {
        var result = policy
        let updated = policy.parameters.joined(with: policy.inputs)
        for loop in parameters + state where result.exceptions[loop.input] == nil {
            result.exceptions[loop.input] = updated
        }
        for input in publicInputs { result.exceptions[input] = .public }
        return result
    }
}

extension Tensor {
    /// A tensor whose elements are all the same.
    fileprivate init(filling type: TensorType, with value: Double) throws {
        guard let lengths = type.lengths, let width = type.elementType.bitWidth else {
            throw HarrierError("a tensor of type \(type) cannot be filled with \(value)")
        }
        let element = try Tensor(scalar: value, type.elementType).bytes()
        guard element.count * 8 == width else {
            throw HarrierError("a tensor of type \(type) cannot be filled with \(value)")
        }
        let count = lengths.saturatingProduct()
        let bytes = [[UInt8]](repeating: element, count: count).flatMap { $0 }
        self.init(type.elementType, shape: lengths, payload: .bytes(bytes))
    }
}
