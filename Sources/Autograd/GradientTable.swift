import IR

/// How operators are differentiated: a row an operator, which writes the products of the gradients of its outputs with the
/// Jacobians of its operands.
enum GradientTable {
    /// Gives the gradients of a node's operands that are needed.
    typealias Row = @Sendable (Backward) throws -> Void

    /// All rows. The families are in the files beside this one.
    static let rows: [OperatorName: Row] = {
        let families = [
            arithmetic, functions, choices, products, convolutions, pools, reductions, movements, reshapings, indexing,
        ]
        return families.reduce(into: [:]) { table, family in table.merge(family) { $1 } }
    }()

    /// Operators whose result changes by steps only, so that their gradient is zero wherever they have one.
    static let steps: Set<OperatorName> = [
        "And", "ArgMax", "ArgMin", "Ceil", "ConstantOfShape", "Equal", "EyeLike", "Floor", "Greater", "GreaterOrEqual",
        "IsInf", "IsNaN", "Less", "LessOrEqual", "NonZero", "Not", "OneHot", "Or", "RandomNormalLike",
        "RandomUniformLike", "Range", "Round", "Shape", "Sign", "Size", "Xor",
    ]
}
