import Foundation

/// What a training step costs under some frameworks.
public struct Training: Sendable {
    /// A priced step.
    public struct Result: Sendable {
        /// What it costs, by phase and layer.
        public let profile: TrainingProfile
        /// Whose gradients these are.
        public let source: GradientSource

        /// Whose gradients these are, in a phrase.
        package var gradients: String {
            switch source {
            case .framework: "those that \(profile.framework.title)'s own autograd computes"
            case .harrier: "Harrier's"
            case .jax: "as JAX makes them, without the value of the loss"
            }
        }
    }

    /// What is trained, and how.
    public let subject: TrainingDocument.Subject
    /// A result a framework, in the order in which they were given.
    public let results: [Result]
    /// What a person should know, a phrase each.
    public let notes: [String]

    /// The JSON of `harrier train`: one framework is told as `profile` tells it, several as `compare` does.
    ///
    /// - Parameter network: the network that times are for.
    public func json(on network: Network = .wan) throws(HarrierError) -> Data {
        let documents = results.map {
            TrainingDocument($0.profile, of: subject, gradients: $0.source.rawValue, on: network)
        }
        return try telling {
            guard let only = documents.first, documents.count == 1 else {
                return try JSONOutput.encode(["frameworks": documents])
            }
            return try JSONOutput.encode(only)
        }
    }
}
