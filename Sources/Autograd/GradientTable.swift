import IR

/// How operators are differentiated: a row an operator, which writes the products of the gradients of its outputs with the
/// Jacobians of its operands.
enum GradientTable {
    /// Gives the gradients of a node's operands that are needed.
    typealias Row = @Sendable (Backward) throws -> Void

    /// All rows. The families are in the files beside this one.
    static let rows: [OperatorName: Row] = {
        let families = [
            reshapings, arithmetic, functions, choices, products, convolutions, pools, reductions, movements, indexing,
        ]
        // The row of an operator by itself takes the place of the one of its kind.
        return families.reduce(into: [:]) { table, family in table.merge(family) { $1 } }
    }()

    /// Operators whose gradient is zero wherever they have one: their results change by steps only, or not at all with the elements
    /// of their operands.
    static let steps = Set(OperatorTable.operators(withAny: [.stepwise, .generator, .shapeQuery]))
}
