import IR
import Pricing

extension CrypTen {
    /// How CrypTen computes an ONNX operator.
    typealias Row = OperatorRow<Functions>

    /// The operator table, by ONNX name. What is not here is priced by its function body.
    static let rows = Row.table(
        movementRows, linearRows, arithmeticRows, comparisonRows, activationRows, reductionRows, normalizationRows)

    /// The price of a node by the row of its operator; nil if CrypTen has none.
    package func price(_ site: OperatorSite) throws -> OperatorPrice? { try Self.rows.price(site, functions) }
}

extension Operation<CrypTen.Functions> {
    /// Whether an operand carries the fixed-point scale. Results of comparisons, which are booleans, do not.
    func isScaled(_ index: Int) -> Bool { site.input(index)?.type.elementType != .bool }

    /// A price with the openings of each operand; nothing where the operand stays closed.
    func price(_ calls: [Call], opening elements: [Int], basis: OperatorPrice.Basis = .native) -> OperatorPrice {
        price(calls, operandBytes: elements.map(functions.bytes(opening:)), basis: basis)
    }

    /// A bilinear operator on its first two operands: opened if both are secret, else local but for a truncation.
    func bilinear(result: Extent, also rest: [Call] = [], _ product: (Extent, Extent) -> Call) throws
        -> OperatorPrice
    {
        guard isSecret(0), isSecret(1) else {
            let secret = isSecret(0) ? 0 : 1
            return price((isScaled(secret) ? [functions.publicProduct(result)] : []) + rest)
        }
        let (left, right) = (try extent(0), try extent(1))
        return price([product(left, right)] + rest, opening: [left.count, right.count])
    }
}
