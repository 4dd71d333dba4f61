import Evaluate
import IR

extension SPU {
    /// What SPU computes for operators that it approximates: bit for bit what its functions give for the shares that are drawn.
    ///
    /// An operator stands for itself: what the compiler makes of two that follow each other (a division by a root) is not here.
    struct Arithmetic: FrameworkArithmetic {
        /// The configuration.
        let settings: Settings
        /// How the protocol truncates.
        let truncation: Truncation

        /// The outputs of a node by the row of its operator; nil without one, and where SPU would throw.
        func outputs(of operation: FixedPointOperation, random: inout NumberSource) throws -> [NumericArray?]? {
            switch settings.field {
            case .fm32: try outputs(of: operation, in: Int32.self, random: &random)
            case .fm64: try outputs(of: operation, in: Int64.self, random: &random)
            case .fm128: try outputs(of: operation, in: Int128.self, random: &random)
            }
        }

        private func outputs<Ring: FixedWidthInteger & SignedInteger>(
            of operation: FixedPointOperation, in ring: Ring.Type, random: inout NumberSource
        ) throws -> [NumericArray?]? {
            guard operation.node.op.domain.isEmpty, let row = ArithmeticCall<Ring>.rows[operation.node.op.type],
                let type = operation.input(0)?.elementType, type.isFloatingPoint
            else { return nil }
            let functions = FixedPoint<Ring>(settings, truncation: truncation, random: random)
            var call = ArithmeticCall(operation: operation, hal: functions)
            let results = try row(&call)
            random = call.hal.random
            guard let results, !call.hal.hasFailed else { return nil }
            return try results.map { result in
                try NumericArray(result.elements.map(call.hal.decode), shape: result.shape, elementType: type)
            }
        }
    }

    /// A tensor of ring elements.
    struct RingTensor<Ring> {
        /// Axis lengths, outermost first.
        var shape: [Int]
        /// The elements, row by row.
        var elements: [Ring]
        /// Whether everybody knows them.
        var isPublic = false
    }

    /// An operator with its operands, as a row of the table computes it.
    struct ArithmeticCall<Ring: FixedWidthInteger & SignedInteger> {
        typealias Tensor = RingTensor<Ring>
        typealias HAL = FixedPoint<Ring>
        /// Computes an operator; nil if SPU's compiler does, or nothing is approximated.
        typealias Row = (inout ArithmeticCall) throws -> [Tensor]?

        /// The node and its operands.
        let operation: FixedPointOperation
        /// The functions, with the state of what they draw.
        var hal: HAL

        /// The table.
        static var rows: [String: Row] {
            elementwiseRows.merging(activationRows) { $1 }.merging(reductionRows) { $1 }.merging(layerRows) { $1 }
        }
    }
}

extension SPU.ArithmeticCall {
    /// The node.
    var node: Node { operation.node }

    /// An operand as it is encoded.
    ///
    /// - Parameter shape: what it is broadcast to; nil for its own shape.
    /// - Throws: ``HarrierError`` if it is left out or does not fit.
    func tensor(_ index: Int, broadcastTo shape: [Int]? = nil) throws -> Tensor {
        guard let array = operation.input(index) else { throw HarrierError("operand \(index) is missing") }
        let broadcast = try shape.map { try array.broadcast(to: $0) } ?? array
        return Tensor(
            shape: broadcast.shape, elements: try broadcast.doubles().map(hal.ringElement),
            isPublic: !operation.isSecret(index))
    }

    /// The shape that operands broadcast to.
    func commonShape(_ count: Int) throws -> [Int] {
        try Evaluate.broadcast((0..<count).compactMap { operation.input($0)?.shape })
    }

    /// The only element of a public operand; nil if there are more or it is secret.
    func number(_ index: Int) throws -> Double? {
        guard let array = operation.input(index), !operation.isSecret(index), array.count == 1 else { return nil }
        return try array.doubles().first
    }

    /// A function of the elements of one secret operand.
    mutating func unary(_ body: (inout HAL, Ring) throws -> Ring) throws -> [Tensor]? {
        guard operation.isSecret(0) else { return nil }
        var result = try tensor(0)
        for index in result.elements.indices { result.elements[index] = try body(&hal, result.elements[index]) }
        return [result]
    }

    /// A function of the elements of two operands, one of them secret, broadcast to one shape.
    mutating func binary(_ body: (inout HAL, Ring, Ring) throws -> Ring) throws -> [Tensor]? {
        guard operation.isSecret(0) || operation.isSecret(1) else { return nil }
        let shape = try commonShape(2)
        let (left, right) = (try tensor(0, broadcastTo: shape), try tensor(1, broadcastTo: shape))
        var result = Tensor(shape: shape, elements: [])
        for (x, y) in zip(left.elements, right.elements) { result.elements.append(try body(&hal, x, y)) }
        return [result]
    }

    /// The product of two elements, by how their tensors are known.
    mutating func multiply(_ x: Ring, _ y: Ring, isPublic: (Bool, Bool)) -> Ring {
        switch isPublic {
        case (true, true): (x &* y) >> hal.fractionBits
        case (true, false): hal.fmul(y, by: x)
        case (false, true): hal.fmul(x, by: y)
        case (false, false): hal.fmul(x, y)
        }
    }
}
