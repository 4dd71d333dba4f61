import IR

/// How a training step changes parameters by their gradients.
///
/// An optimizer is a value with PyTorch's options. It writes its update as ordinary operators, so that the update is
/// priced, rewritten and run like the rest of the step. What it remembers from step to step are state tensors, inputs and
/// outputs of the step. Numbers that depend on the count of steps only (bias corrections) are computed once from the
/// public input `step` and folded into one factor, so that they cost nothing secret.
public protocol TrainingOptimizer: Sendable {
    /// The optimizer with PyTorch's defaults.
    init()

    /// What can be set.
    static var options: [OptimizerOption<Self>] { get }

    /// What is remembered of a parameter of that shape from step to step.
    func state(ofParameter shape: [Int]) -> [OptimizerState]

    /// Whether updates depend on how many steps there have been.
    var countsSteps: Bool { get }

    /// The smallest numbers that are added to secrets, by option, to be compared with a framework's precision.
    var epsilons: [(option: String, value: Double)] { get }

    /// Complains of options that do not go together.
    func validate() throws

    /// Writes the numbers that all updates of a step share.
    ///
    /// - Parameter step: the number of the step, counted from 1: a public scalar; nil if the optimizer does not count steps.
    func schedule(step: GraphBuilder.Term?) throws -> [GraphBuilder.Term]

    /// Writes the update of one parameter.
    func update(_ update: ParameterUpdate) throws -> ParameterUpdate.Result
}

extension TrainingOptimizer {
    /// Nothing is remembered unless the optimizer says otherwise.
    public func state(ofParameter shape: [Int]) -> [OptimizerState] { [] }
    /// Steps are not counted unless the optimizer says otherwise.
    public var countsSteps: Bool { false }
    /// There is none unless the optimizer says otherwise.
    public var epsilons: [(option: String, value: Double)] { [] }
    /// Everything goes together unless the optimizer says otherwise.
    public func validate() throws {}
    /// There are none unless the optimizer says otherwise.
    public func schedule(step: GraphBuilder.Term?) throws -> [GraphBuilder.Term] { [] }
}

/// A tensor that an optimizer remembers from step to step.
public struct OptimizerState: Hashable, Sendable {
    /// PyTorch's name in the optimizer's state: `momentum_buffer`, `exp_avg`.
    public let name: String
    /// Axis lengths.
    public let shape: [Int]
    /// The value of every element before the first step.
    public let initialValue: Double

    /// A tensor that is zero before the first step unless told otherwise.
    public init(_ name: String, shape: [Int], initialValue: Double = 0) {
        self.name = name
        self.shape = shape
        self.initialValue = initialValue
    }
}

/// One parameter that is to be updated.
public struct ParameterUpdate {
    /// Its value in this step.
    public let parameter: GraphBuilder.Term
    /// The gradient of the loss towards it.
    public let gradient: GraphBuilder.Term
    /// Its state, in the order of ``TrainingOptimizer/state(ofParameter:)``.
    public let state: [GraphBuilder.Term]
    /// What ``TrainingOptimizer/schedule(step:)`` wrote.
    public let schedule: [GraphBuilder.Term]

    /// An update of the given parts.
    public init(
        parameter: GraphBuilder.Term, gradient: GraphBuilder.Term, state: [GraphBuilder.Term],
        schedule: [GraphBuilder.Term]
    ) {
        self.parameter = parameter
        self.gradient = gradient
        self.state = state
        self.schedule = schedule
    }

    /// What comes out of an update.
    public struct Result {
        /// The parameter for the next step.
        public let parameter: GraphBuilder.Term
        /// Its state for the next step.
        public let state: [GraphBuilder.Term]

        /// The given parameter and state.
        public init(_ parameter: GraphBuilder.Term, state: [GraphBuilder.Term] = []) {
            self.parameter = parameter
            self.state = state
        }
    }
}

extension GraphBuilder.Term {
    /// The way from this term towards another, as far as the weight says: `self + weight · (other - self)`. One product
    /// with a public number, where `(1 - weight) · self + weight · other` has two.
    func moved(towards other: Self, by weight: Double) throws -> Self { try self + (other - self) * weight }

    /// The sum of the term and another one times a number; the term itself if the number is zero.
    func adding(_ other: Self, times factor: Double) throws -> Self {
        factor == 0 ? self : try self + other * factor
    }
}
