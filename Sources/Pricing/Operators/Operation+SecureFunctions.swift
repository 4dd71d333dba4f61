import IR

/// What rows over the shared secure functions ask of an operator.
extension Operation where Functions: SecureFunctions {
    /// Number of elements of an operand.
    package func count(_ index: Int) throws -> Int { try extent(index).count }

    /// Number of elements of the result.
    package func resultCount() throws -> Int { try result().count }

    /// Who knows the first two operands.
    package var sides: Sides { Sides(visibility(0), visibility(1)) }

    /// Number and length of the rows along an axis of the first operand.
    package func rows(axis: Int) throws -> (rows: Int, length: Int) {
        let extent = try extent(0)
        let length = extent[axis]
        return (length == 0 ? 0 : extent.count / length, length)
    }

    /// Truncation of that many products with the fixed-point scale.
    package func truncation(of count: Int, isNonNegative: Bool = false) throws -> Call {
        try functions.truncate(count, isNonNegative: isNonNegative)
    }

    /// A bilinear operator on its first two operands: the product if both are secret, local if one is public, and a
    /// truncation of the result if both are fixed-point numbers.
    package func bilinear(also rest: [Call] = [], _ product: () throws -> Call) throws -> OperatorPrice {
        var calls: [Call] = []
        if isSecret(0), isSecret(1) { calls.append(try product()) }
        if isFixedPoint(0), isFixedPoint(1), !isWholeNumber(0), !isWholeNumber(1) {
            calls.append(try truncation(of: try resultCount()))
        }
        return price(calls + rest)
    }

    /// The matrix product of a Gemm, and truncations for alpha and beta, which are public and cost one where they are no whole
    /// numbers.
    package func gemm() throws -> (product: MatrixProduct, scaling: [Call]) {
        let (left, result) = (try extent(0), try result())
        let inner = try node.flag("transA") ? left[-2] : left[-1]
        func scaling(_ name: String, _ count: Int) throws -> [Call] {
            let factor = try node.float(name)
            return factor == factor.rounded() ? [] : [try truncation(of: count)]
        }
        let ofResult = try scaling("alpha", result.count)
        let ofAddend = isSecret(2) ? try scaling("beta", try count(2)) : []
        return (MatrixProduct(result[-2], inner, result[-1], sides: sides), ofResult + ofAddend)
    }

    /// Whether an operand is a public whole number, a product with which needs no truncation.
    private func isWholeNumber(_ index: Int) -> Bool {
        number(index).map { $0 == $0.rounded() } ?? false
    }
}
