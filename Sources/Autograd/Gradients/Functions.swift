import Foundation
import IR

extension GradientTable {
    /// Functions of one operand, by their derivatives. Where the result says the derivative, it is used.
    static let functions: [OperatorName: Row] = [
        "Exp": unary { _, y in y },
        "Log": unary { x, _ in try x.apply("Reciprocal") },
        "Sigmoid": unary { _, y in try y - y.squared() },
        "Tanh": unary { _, y in try 1 - y.squared() },
        "Erf": unary { x, _ in try (-x.squared()).apply("Exp") * (2 / Double.pi.squareRoot()) },
        "Softplus": unary { x, _ in try x.apply("Sigmoid") },
        "Sin": unary { x, _ in try x.apply("Cos") },
        "Cos": unary { x, _ in try -x.apply("Sin") },
        "Tan": unary { _, y in try y.squared() + 1 },
        "Sinh": unary { x, _ in try x.apply("Cosh") },
        "Cosh": unary { x, _ in try x.apply("Sinh") },
        "Asin": unary { x, _ in try (1 - x.squared()).apply("Sqrt").apply("Reciprocal") },
        "Acos": unary { x, _ in try -(1 - x.squared()).apply("Sqrt").apply("Reciprocal") },
        "Atan": unary { x, _ in try (x.squared() + 1).apply("Reciprocal") },
        "Asinh": unary { x, _ in try (x.squared() + 1).apply("Sqrt").apply("Reciprocal") },
        "Acosh": unary { x, _ in try (x.squared() - 1).apply("Sqrt").apply("Reciprocal") },
        "Atanh": unary { x, _ in try (1 - x.squared()).apply("Reciprocal") },
        "Softmax": { b in
            try b.give {
                let y = try b.output()
                // g·y is summed and used: two products, where y · (g - sum(g·y)) has them, too, but opens y twice whole.
                let product = try b.gradient() * y
                let axis = try b.node.axis(rank: y.rank)
                return try product - y * product.reduced("ReduceSum", axes: [axis])
            }
        },
    ]

    /// The row of an operator that works element by element.
    ///
    /// - Parameter slope: the derivative, from operand and result.
    private static func unary(
        _ slope: @escaping @Sendable (_ x: GraphBuilder.Term, _ y: GraphBuilder.Term) throws -> GraphBuilder.Term
    ) -> Row {
        { b in try b.give { try b.gradient() * slope(b.input(0), b.output()) } }
    }
}
