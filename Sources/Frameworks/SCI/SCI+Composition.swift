import IR
import Pricing

extension SCI.Step {
    /// A product as the framework has it, with a factor that the server has in plaintext, for factors of other owners. `x · (y₀ + y₁)` is
    /// the framework's product with the server's share of y, and its product with the client's share, the parties swapped.
    ///
    /// - Parameter function: what it is called where the framework has it not.
    func product(_ function: SCI.Function, of owner: SCI.Owner) -> SCI.Step {
        switch owner {
        case .serverHasLeft, .serverHasRight: self
        case .clientHasLeft, .clientHasRight: SCI.Step(function, sizes: sizes, [reversed])
        case .nobody: SCI.Step(function, sizes: sizes, [self, reversed])
        }
    }

    /// The squares of shares by the framework's product: `(x₀ + x₁)² = x₀² + 2 x₀ x₁ + x₁²`, of which only the product of the server's
    /// share with the client's is not local.
    var ofSquares: SCI.Step { SCI.Step(.sharedSquare, sizes: sizes, [self]) }
}

extension OperatorPrice {
    /// The price marked as ``Basis/composed`` if one of SCI's functions that the framework runs nowhere is part of it.
    var markingComposition: OperatorPrice {
        guard basis == .native, call.contains(SCI.Function.composed) else { return self }
        var result = self
        result.basis = .composed
        return result
    }
}

extension Call {
    /// Whether a call of one of these names stands in the tree.
    func contains(_ names: Set<String>) -> Bool {
        names.contains(name) || children.contains { $0.contains(names) }
    }
}
