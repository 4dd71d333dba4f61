import Graph

/// A training step as one graph: forward, loss, backward and optimizer.
///
/// Inputs are the model's inputs, the targets, the parameters, and the optimizer's state; outputs are the loss, the new
/// parameters and the new state, so that a runner can loop. Every node says its phase (``Phase/key``); backward nodes and
/// optimizer nodes are in the scope of the forward node or parameter they belong to.
public struct TrainingStep: Sendable {
    /// A tensor that goes round: an input that the next step gets from an output.
    public struct Loop: Hashable, Sendable {
        /// Name of the input.
        public let input: String
        /// Name of the output.
        public let output: String
        /// What the first step gets: a parameter's data as the model file has it, the state's initial value.
        public let initial: Tensor
    }

    /// How a step is made.
    public struct Options: Sendable {
        /// Whether gradients of the model's inputs are computed, too, as CrypTen does; they become outputs.
        public var differentiatesInputs = false
        /// Whether BatchNormalization and Dropout are switched to training mode.
        public var usesTrainingMode = true
        /// Names of parameters that do not change; the others are those that ``Constant/isParameter`` says.
        public var frozen: Set<String> = []

        /// The usual step.
        public init() {}
    }

    /// The whole step.
    public let graph: Graph
    /// Names of the model's inputs.
    public let data: [String]
    /// Names of the targets.
    public let targets: [String]
    /// Parameters, in the model's order.
    public let parameters: [Loop]
    /// The optimizer's state, and the running statistics of BatchNormalization.
    public let state: [Loop]
    /// Name of the output that is the loss; nil if the loss is skipped.
    public let loss: String?
    /// Names of the inputs that everybody knows, whatever the policy for inputs says.
    public let publicInputs: [String]
}
