/// The parts of a training step.
public enum Phase: String, Hashable, Sendable, CaseIterable {
    /// The model on its inputs.
    case forward
    /// What the model's outputs are worth.
    case loss
    /// Gradients, of the loss too.
    case backward
    /// New parameters and new state.
    case optimizer

    /// The metadata key under which a node says what part of a training step it is.
    public static let key = "ai.harrier.phase"

    /// The metadata key under which a node says what node of the model it is, takes the place of, or is about.
    public static let layerKey = "ai.harrier.layer"
}

extension Node {
    /// The part of a training step that the node is; nil outside of training steps.
    public var phase: Phase? { metadata[Phase.key].flatMap(Phase.init) }
}
