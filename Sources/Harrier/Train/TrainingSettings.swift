/// How a model is trained.
public struct TrainingSettings: Sendable {
    /// The loss: one of `Losses.names`, or a short name such as `ce`, `mse`, `bce`.
    public var loss: String
    /// The optimizer: one of `Optimizers.names`, in any case.
    public var optimizer: String
    /// Options of the optimizer, by PyTorch's names.
    public var optimizerOptions: [String: String]
    /// Samples in a step; nil for the model's own batch.
    public var batch: Int?
    /// How the losses of samples become one.
    public var reduction = Loss.Reduction.mean
    /// What targets hold; nil for the loss's usual form.
    public var target: Loss.TargetForm?
    /// Whose gradients are priced.
    public var gradients = GradientSource.framework

    /// Training with that loss and that optimizer.
    public init(loss: String, optimizer: String, optimizerOptions: [String: String] = [:], batch: Int? = nil) {
        self.loss = loss
        self.optimizer = optimizer
        self.optimizerOptions = optimizerOptions
        self.batch = batch
    }

    /// The loss.
    ///
    /// - Throws: ``HarrierError`` if there is none of the name.
    package func makeLoss() throws -> Loss { try Losses.named(loss) }

    /// The optimizer with its options.
    ///
    /// - Throws: ``HarrierError`` if there is none of the name, or it does not take an option or its value.
    package func makeOptimizer() throws -> any TrainingOptimizer {
        try Optimizers.make(optimizer, options: optimizerOptions)
    }

    /// All options of the optimizer with the values in force.
    func allOptions() throws -> [String: String] {
        let defaults = try Optimizers.row(named: optimizer).options.map { ($0.name, $0.defaultValue) }
        return Dictionary(uniqueKeysWithValues: defaults).merging(optimizerOptions) { $1 }
    }
}

/// Whose gradients are priced.
public enum GradientSource: String, CaseIterable, Sendable {
    /// Those that the framework computes when it is trained with: by its own autograd, or JAX's, else Harrier's.
    case framework
    /// Harrier's.
    case harrier
    /// JAX's.
    case jax

    /// How gradients are made in a step that is written.
    var style: GradientStyle { self == .jax ? .jax : .harrier }
}
