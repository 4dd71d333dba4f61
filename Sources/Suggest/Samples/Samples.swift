import Evaluate

/// Inputs that a model and its variants are run on.
public struct Samples: Sendable {
    /// The model's inputs by name, one dictionary a sample.
    public let inputs: [[String: NumericArray]]
    /// Whether the inputs were drawn at random, and are no data.
    public let isSynthetic: Bool
    /// Where they come from, in a phrase.
    public let origin: String

    /// The given samples.
    public init(inputs: [[String: NumericArray]], isSynthetic: Bool, origin: String) {
        self.inputs = inputs
        self.isSynthetic = isSynthetic
        self.origin = origin
    }
}
