import IR
import Pricing

/// Names of primitives and functions in framework files and call trees.
enum PrimitiveNames {
    /// What happens before and after the computation, outside its call tree.
    static let inputOutput = ["share", "open"]

    /// What a framework file that does not inherit has to price, declare free, or declare unsupported.
    static let required = inputOutput + ["mul", "matmul", "truncate", "ltz"]

    /// The price of a truncation right after a product, with which it may share a round.
    static let truncationOfProduct = "truncate_product"

    /// What a framework file may price besides, because the protocol has something better than what the shared library makes
    /// of the required ones.
    static let optional = (SecureFunction.names.subtracting(required).union([truncationOfProduct])).sorted()

    /// What only HawkEye's column has.
    static let ofHawkEye = ["truncate_exactly", "pow2"]

    /// What stands for a primitive that has no price of its own.
    static let substitutes = [
        "square": ["mul"], "select": ["mul"], "and": ["mul"], "truncate_nonnegative": ["truncate"],
    ]

    /// Primitives whose result still has two factors of the fixed-point scale.
    static let products: Set<String> = ["mul", "matmul", "square", "select"]
}

/// The shared library of secure functions over primitives that are named and sized but not priced: a round each, so that they
/// stay in the call tree until a ``RepricedFramework`` says what they cost.
struct PrimitiveFunctions: SecureFunctions {
    /// Bits after the binary point.
    let fraction: Int

    func mul(_ product: ElementwiseProduct) -> Call { unpriced(.mul, product.sizes) }

    func matmul(_ product: MatrixProduct) -> Call { unpriced(.matmul, product.sizes) }

    func truncate(_ count: Int, isNonNegative: Bool) -> Call {
        unpriced(isNonNegative ? .truncateNonNegative : .truncate, Sizes(n: count, bits: fraction))
    }

    func ltz(_ count: Int) -> Call { unpriced(.ltz, Sizes(n: count)) }

    func select(_ count: Int) -> Call { unpriced(.select, Sizes(n: count)) }

    private func unpriced(_ function: SecureFunction, _ sizes: Sizes) -> Call {
        // What works on nothing is not in the tree.
        let rounds = sizes.n > 0 ? 1 : 0
        return Call(function, cost: Cost(online: Traffic(rounds: rounds)), sizes: sizes)
    }
}

/// ONNX operators made of primitives, without prices: the base of frameworks that are files.
struct PrimitiveFramework: Framework {
    let functions: PrimitiveFunctions
    let facts: FrameworkFacts

    private static let rows = StandardOperators<PrimitiveFunctions>.table()

    func price(_ site: OperatorSite) throws -> OperatorPrice? { try Self.rows.price(site, functions) }
}
