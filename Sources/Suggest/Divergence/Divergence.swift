/// How far a variant's outputs are from the model's, over all samples.
public struct Divergence: Hashable, Sendable {
    /// The length of the difference of all floating-point outputs, as a part of the length of the model's own: √(Σ|y′ - y|² / Σ|y|²).
    public let relativeL2: Double
    /// How often both have their largest element of a row in the same place, from 0 to 1; nil if no output looks like classes.
    public let top1Agreement: Double?
    /// The mean of the Kullback–Leibler divergence of a row's softmax in the variant from that in the model, in nats; nil if no
    /// output looks like classes.
    public let kl: Double?
    /// How many samples were run.
    public let samples: Int

    /// A divergence of the given parts.
    public init(relativeL2: Double, top1Agreement: Double?, kl: Double?, samples: Int) {
        self.relativeL2 = relativeL2
        self.top1Agreement = top1Agreement
        self.kl = kl
        self.samples = samples
    }

    /// Whether every output was a number.
    public var isFinite: Bool { relativeL2.isFinite && (kl?.isFinite ?? true) }
}
