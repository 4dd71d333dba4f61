import IR

/// Operators that combine two or more tensors element by element under broadcasting.
let arithmeticKernels: [KernelRow] = [
    KernelRow("Add") { try $0.combine({ $0 + $1 }, { $0 + $1 }, { a, b, _ in a &+ b }) },
    KernelRow("Sub") { try $0.combine({ $0 - $1 }, { $0 - $1 }, { a, b, _ in a &- b }) },
    KernelRow("Mul") { try $0.combine({ $0 * $1 }, { $0 * $1 }, { a, b, _ in a &* b }) },
    KernelRow("Div") { call in
        try call.checkDivisor()
        return try call.combine({ $0 / $1 }, { $0 / $1 }, quotient)
    },
    KernelRow("Mod") { call in
        try call.checkDivisor()
        if try call.node.flag("fmod") {
            return try call.combine(
                { $0.truncatingRemainder(dividingBy: $1) }, { $0.truncatingRemainder(dividingBy: $1) }, remainder)
        }
        return try call.combine({ flooredRemainder($0, $1) }, { flooredRemainder($0, $1) }, flooredRemainder)
    },
    KernelRow("Pow", power),
    KernelRow("PRelu") {
        try $0.combine({ $0 < 0 ? $0 * $1 : $0 }, { $0 < 0 ? $0 * $1 : $0 }, { a, b, _ in a < 0 ? a &* b : a })
    },
    KernelRow("Max") { try $0.fold { try $0.combine(larger, larger, { isLess($0, $1, $2) ? $1 : $0 }) } },
    KernelRow("Min") { try $0.fold { try $0.combine(smaller, smaller, { isLess($0, $1, $2) ? $0 : $1 }) } },
    KernelRow("Sum") { try $0.fold { try $0.combine({ $0 + $1 }, { $0 + $1 }, { a, b, _ in a &+ b }) } },
    KernelRow("Mean") { call in
        let sum = try call.fold { try $0.combine({ $0 + $1 }, { $0 + $1 }, { a, b, _ in a &+ b }) }
        let count = Double(call.inputs.count)
        return try call.result(sum.doubles().map { $0 / count }, shape: sum.shape, type: sum.elementType)
    },
    KernelRow("BitwiseAnd") { try $0.combineIntegers { a, b, _ in a & b } },
    KernelRow("BitwiseOr") { try $0.combineIntegers { a, b, _ in a | b } },
    KernelRow("BitwiseXor") { try $0.combineIntegers { a, b, _ in a ^ b } },
    KernelRow("BitShift") { call in
        let isLeft = try call.node.choice("direction", of: ["LEFT", "RIGHT"]) == "LEFT"
        return try call.combineIntegers { a, b, type in
            // A shift beyond the width, also a negative one, shifts everything out. Signed numbers keep their sign.
            let shift = min(UInt64(bitPattern: b), 64)
            if isLeft { return a << Int64(shift) }
            return type == .uint64 ? Int64(bitPattern: UInt64(bitPattern: a) >> shift) : a >> Int64(shift)
        }
    },
]

/// Whether one integer of that type is less than another; unsigned 64-bit ones are stored by bit pattern.
func isLess(_ a: Int64, _ b: Int64, _ type: ElementType) -> Bool {
    type == .uint64 ? UInt64(bitPattern: a) < UInt64(bitPattern: b) : a < b
}

private func larger<R: Real>(_ a: R, _ b: R) -> R { a > b || a.isNaN ? a : b }

private func smaller<R: Real>(_ a: R, _ b: R) -> R { a < b || a.isNaN ? a : b }

private func quotient(_ a: Int64, _ b: Int64, _ type: ElementType) -> Int64 {
    if type == .uint64 { return Int64(bitPattern: UInt64(bitPattern: a) / UInt64(bitPattern: b)) }
    return a.dividedReportingOverflow(by: b).partialValue
}

private func remainder(_ a: Int64, _ b: Int64, _ type: ElementType) -> Int64 {
    if type == .uint64 { return Int64(bitPattern: UInt64(bitPattern: a) % UInt64(bitPattern: b)) }
    return a.remainderReportingOverflow(dividingBy: b).partialValue
}

private func flooredRemainder(_ a: Int64, _ b: Int64, _ type: ElementType) -> Int64 {
    let rest = remainder(a, b, type)
    return type != .uint64 && rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
}

private func flooredRemainder<R: Real>(_ a: R, _ b: R) -> R {
    let rest = a.truncatingRemainder(dividingBy: b)
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
}

/// Pow's operands may be of different types; the result has the base's.
private func power(_ call: Call) throws -> NumericArray {
    let (base, exponent) = (try call.input(0), try call.input(1))
    let loop = try PairLoop(base, exponent)
    if case .integers(let bases) = base.storage, case .integers(let exponents) = exponent.storage {
        let values = loop.map(bases, exponents) { integerPower($0, $1) }
        return try call.result(values, shape: loop.shape, type: base.elementType)
    }
    let values = loop.map(try base.doubles(), try exponent.doubles()) { $1 == 2 ? $0 * $0 : power($0, $1) }
    guard base.elementType.isFloatingPoint else {
        return try call.result(values.map { Int64(saturating: $0) }, shape: loop.shape, type: base.elementType)
    }
    return try call.result(values, shape: loop.shape, type: base.elementType)
}

private func integerPower(_ base: Int64, _ exponent: Int64) -> Int64 {
    if exponent < 0 { return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0 }
    var (result, factor, rest) = (Int64(1), base, exponent)
    while rest > 0 {
        if rest & 1 == 1 { result = result &* factor }
        factor = factor &* factor
        rest >>= 1
    }
    return result
}

extension Call {
    /// The two operands combined, in whichever type they are stored.
    @inline(__always)
    fileprivate func combine(
        _ doubles: (Double, Double) -> Double, _ floats: (Float, Float) -> Float,
        _ integers: (Int64, Int64, ElementType) -> Int64
    ) throws -> NumericArray {
        let (left, right) = (try input(0), try input(1))
        guard left.elementType == right.elementType else {
            throw HarrierError("operands of types \(left.kindName) and \(right.kindName) do not go together")
        }
        let loop = try PairLoop(left, right)
        let type = left.elementType
        switch (left.storage, right.storage) {
        case (.doubles(let a), .doubles(let b)):
            return NumericArray(unchecked: type, loop.shape, .doubles(loop.map(a, b, doubles)))
        case (.floats(let a), .floats(let b)):
            return NumericArray(unchecked: type, loop.shape, .floats(loop.map(a, b, floats)))
        case (.integers(let a), .integers(let b)):
            return try result(loop.map(a, b) { integers($0, $1, type) }, shape: loop.shape, type: type)
        default: throw HarrierError("cannot compute with \(left.kindName)")
        }
    }

    /// The two integer operands combined.
    @inline(__always)
    fileprivate func combineIntegers(_ body: (Int64, Int64, ElementType) -> Int64) throws -> NumericArray {
        _ = (try input(0).integers(), try input(1).integers())
        return try combine({ a, _ in a }, { a, _ in a }, body)
    }

    /// An operator of any number of operands as a chain of one of two.
    fileprivate func fold(_ pair: (Call) throws -> NumericArray) throws -> NumericArray {
        let all = try allInputs()
        guard let first = all.first else { throw HarrierError("\(node.op) needs at least one operand") }
        return try all.dropFirst().reduce(first) {
            try pair(Call(node: node, inputs: [$0, $1], precision: precision))
        }
    }

    /// - Throws: ``HarrierError`` if the second operand is of integers with a 0 among them.
    fileprivate func checkDivisor() throws {
        if case .integers(let values) = try input(1).storage, values.contains(0) {
            throw HarrierError("division of integers by zero")
        }
    }
}

/// A walk over the elements of two operands under broadcasting.
struct PairLoop {
    /// The shape of the result.
    let shape: [Int]
    private let count: Int
    private let loop: StridedLoop

    /// The walk over two arrays.
    init(_ left: NumericArray, _ right: NumericArray) throws { try self.init(left.shape, right.shape) }

    /// The walk over two arrays of the given shapes.
    init(_ left: [Int], _ right: [Int]) throws {
        shape = try broadcast([left, right])
        count = try checkedCount(shape)
        loop = StridedLoop(
            shape: shape, strides: [broadcastStrides(left, to: shape), broadcastStrides(right, to: shape)],
            offsets: [0, 0])
    }

    /// The results of `body` for all pairs, in row-major order.
    @inline(__always)
    func map<A, B, Result>(_ left: [A], _ right: [B], _ body: (A, B) -> Result) -> [Result] {
        let (length, leftStep, rightStep) = (loop.rowLength, loop.rowStrides[0], loop.rowStrides[1])
        return left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                [Result](unsafeUninitializedCapacity: count) { buffer, filled in
                    filled = count
                    guard count > 0, let left = left.baseAddress, let right = right.baseAddress,
                        let result = buffer.baseAddress
                    else { return }
                    loop.forEachRow { row, offsets in
                        let (a, b, target) = (left + offsets[0], right + offsets[1], result + row * length)
                        if leftStep == 1 && rightStep == 1 {
                            for i in 0..<length { (target + i).initialize(to: body(a[i], b[i])) }
                        } else if leftStep == 1 && rightStep == 0 {
                            let constant = b[0]
                            for i in 0..<length { (target + i).initialize(to: body(a[i], constant)) }
                        } else {
                            for i in 0..<length {
                                (target + i).initialize(to: body(a[i &* leftStep], b[i &* rightStep]))
                            }
                        }
                    }
                }
            }
        }
    }
}
