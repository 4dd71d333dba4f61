import IR

extension GradientTable {
    /// Operators that keep the elements and their order.
    static let reshapings: [OperatorName: Row] = Dictionary(
        uniqueKeysWithValues: OperatorTable.operators(with: .reshape).map { ($0, reshaped) })

    private static let reshaped: Row = { b in
        try b.give {
            let gradient = try b.gradient()
            // A gradient that is the same for all elements stays so.
            if try gradient.lengths.allSatisfy({ $0 == 1 }) { return try gradient.reshapedIfNeeded([]) }
            return try b.fullGradient().reshapedIfNeeded(b.input(0).lengths)
        }
    }
}
