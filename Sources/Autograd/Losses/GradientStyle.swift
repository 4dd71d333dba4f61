/// Whose gradients a training step computes, where there is more than one way to the same numbers.
public enum GradientStyle: String, Sendable, CaseIterable {
    /// The cheapest that Harrier knows.
    case harrier
    /// What JAX's transformations write, and SPU therefore runs.
    case jax
}
