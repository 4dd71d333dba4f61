import IR

/// How the results of operators are bounded: a row an operator. An operator without a row says nothing of its results beyond
/// their type.
enum RangeTable {
    /// All rows, by operator.
    static let rows: [OperatorName: RangeRow] = {
        let families = [
            movementRanges, arithmeticRanges, functionRanges, activationRanges, reductionRanges, poolingRanges,
            normalizationRanges, linearRanges, generatorRanges,
        ]
        // The row of an operator by itself takes the place of the one of its kind.
        let ordinary = Array(families.joined())
        return Dictionary((ordinary + protocolLevelRanges(ordinary)).map { ($0.op, $0) }) { _, later in later }
    }()

    /// The row of an operator; that of the ordinary operator for one of protocol-level graphs, which computes the same.
    static func row(of op: OperatorName) -> RangeRow? {
        if let row = rows[op] { return row }
        return ProtocolLevel.contains(op) ? rows[OperatorName(op.type)] ?? rows["Identity"] : nil
    }
}
