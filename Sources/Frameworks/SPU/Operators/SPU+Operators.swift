import IR
import Pricing

extension SPU {
    /// How SPU computes an ONNX operator.
    typealias Row = OperatorRow<Functions>

    /// The operator table, by ONNX name. What is not here is priced by its function body.
    static let rows = Row.table(
        movementRows, selectionRows, arithmeticRows, functionRows, comparisonRows, activationRows, linearRows,
        reductionRows, poolingRows, normalizationRows)

    /// The price of a node by the row of its operator; nil if SPU has none.
    func price(_ site: OperatorSite) throws -> OperatorPrice? { try Self.rows.price(site, functions) }
}

extension Operation<SPU.Functions> {
    typealias HAL = SPU.HAL

    /// The price of what HAL calls for the body.
    func price(_ body: (inout HAL) throws -> Void) throws -> OperatorPrice { price(try functions.calls(body)) }

    /// Number of elements of the result.
    func resultCount() throws -> Int { try result().count }

    /// An operand as HAL sees it.
    ///
    /// - Parameter count: how many elements it is broadcast to; nil for its own.
    func value(_ index: Int, count: Int? = nil) throws -> SPU.Value {
        let count = try count ?? extent(index).count
        let type = site.input(index)?.type.elementType
        let kind: SPU.Value.Kind = type?.isFloatingPoint ?? true ? .fixedPoint : .integer
        guard isSecret(index) else {
            if let number = number(index) { return constant(number, count: count, kind: kind) }
            return SPU.Value(count: count, share: .plain(bits: functions.kernels.ringBits), kind: kind)
        }
        return SPU.Value(count: count, share: share(index), kind: kind)
    }

    /// A public number, the same for all elements.
    func constant(_ number: Double, count: Int, kind: SPU.Value.Kind = .fixedPoint) -> SPU.Value {
        let hal = HAL(kernels: functions.kernels, settings: functions.settings)
        return hal.constant(number, like: SPU.Value(count: count, share: .arithmetic, kind: kind))
    }

    /// Whether an operand is part of the program: a public tensor whose elements the compiler knows.
    func isConstant(_ index: Int) -> Bool { !isSecret(index) && site.input(index)?.tensor != nil }

    /// Whether an operand is one everywhere. XLA's simplifier drops such factors.
    func isOne(_ index: Int) -> Bool {
        guard !isSecret(index), isFixedPoint(index), let tensor = site.input(index)?.tensor else { return false }
        return (try? tensor.doubles())?.allSatisfy { $0 == 1 } ?? false
    }

    /// The operator applied to its only operand.
    func unary(_ body: (inout HAL, SPU.Value) -> Void) throws -> OperatorPrice {
        let operand = try value(0)
        return try price { body(&$0, operand) }
    }

    /// The operator applied to its first two operands, broadcast.
    func binary(_ body: (inout HAL, SPU.Value, SPU.Value) -> Void) throws -> OperatorPrice {
        let count = try resultCount()
        let (left, right) = (try value(0, count: count), try value(1, count: count))
        return try price { body(&$0, left, right) }
    }

    /// The rows along an axis of the first operand.
    func rows(axis: Int) throws -> SPU.Rows {
        let extent = try extent(0)
        let length = extent[axis]
        return SPU.Rows(
            count: length == 0 ? 0 : extent.count / length, length: length,
            spanFirstAxis: axis == 0 || axis == -extent.rank)
    }
}
