import IR

/// The autograd of a framework that differentiates by itself: what it charges, which can be more than the gradients need.
///
/// Harrier's own expansion (`harrier train --gradients harrier`) is priced like any other graph; this is what the same
/// training costs as the framework runs it.
public protocol FrameworkAutograd: Sendable {
    /// What an operator charges when it is recorded for differentiation, at least one of its operands being in need of a
    /// gradient. Nil if the framework has no such operator, whose function body is then recorded.
    ///
    /// - Parameter needed: whether a gradient is needed towards each operand.
    /// - Throws: ``Unpriced`` if the framework cannot differentiate it.
    func recorded(_ site: OperatorSite, needed: [Bool]) throws -> RecordedPrice?

    /// What a loss charges.
    ///
    /// - Parameter name: the loss's name in `torch.nn.functional`.
    /// - Throws: ``Unpriced`` if the framework has no such loss, or none for that prediction.
    func loss(_ name: String, reduction: String, prediction: TensorType) throws -> RecordedPrice

    /// What one update of a parameter charges; nil if the framework has no such optimizer.
    ///
    /// - Parameters:
    ///   - optimizer: PyTorch's name of it, in lower case.
    ///   - options: all its options by PyTorch's names.
    func update(optimizer: String, options: [String: String], parameter: TensorType) throws -> Call?
}

/// What something charges that is differentiated.
public struct RecordedPrice: Sendable {
    /// Computing it.
    public var forward: OperatorPrice
    /// Its gradients, all of them that the framework computes.
    public var backward: [Call]

    /// The given prices.
    public init(forward: OperatorPrice, backward: [Call]) {
        self.forward = forward
        self.backward = backward
    }
}
