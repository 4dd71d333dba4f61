import IR

/// How far what a framework computes of a node is from the real numbers, on the operands that came there.
public struct NodeError: Hashable, Sendable {
    /// The node's name, or that of its first output.
    public let node: String
    /// What it computes.
    public let op: OperatorName
    /// The largest difference of an element.
    public private(set) var maxError: Double
    /// The largest magnitude of what it should be.
    public private(set) var magnitude: Double
    /// The least and the largest element of the first secret operand.
    public private(set) var operands: ClosedRange<Double>
    /// The element of that operand at which the difference is largest; nil if the result has another shape.
    public private(set) var worstOperand: Double?

    /// What one run says of a node.
    ///
    /// - Throws: ``HarrierError`` if an operand or a result is no tensor of numbers.
    init(node: String, _ operation: FixedPointOperation, exact: NumericArray, found: NumericArray) throws {
        self.node = node
        op = operation.node.op
        let secret = operation.inputs.indices.first(where: operation.isSecret) ?? 0
        let operand = try operation.input(secret)?.doubles() ?? []
        operands = (operand.min() ?? 0)...max(operand.min() ?? 0, operand.max() ?? 0)
        maxError = 0
        magnitude = 0
        for (index, (one, other)) in zip(try exact.doubles(), try found.doubles()).enumerated() where one.isFinite {
            magnitude = max(magnitude, abs(one))
            guard abs(one - other) > maxError else { continue }
            maxError = abs(one - other)
            worstOperand = operand.count == exact.count ? operand[index] : nil
        }
    }

    /// The error as a part of the largest element; that of nothing is nothing.
    public var relative: Double { maxError == 0 ? 0 : maxError / max(magnitude, .leastNormalMagnitude) }

    /// Takes in what another run says of the same node.
    mutating func formUnion(_ other: NodeError) {
        if other.maxError > maxError { (maxError, worstOperand) = (other.maxError, other.worstOperand) }
        magnitude = max(magnitude, other.magnitude)
        operands =
            min(operands.lowerBound, other.operands.lowerBound)...max(operands.upperBound, other.operands.upperBound)
    }
}
