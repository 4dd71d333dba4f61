import IR
import Pricing

/// XLA's `AlgebraicSimplifier`, as far as its rewrites change what is sent.
extension SPU.Program {
    /// Rewrites until nothing changes.
    mutating func simplify() {
        for _ in 0..<Self.mostSweeps {
            let before = rewrites
            for index in order {
                guard let instruction = instructions[index], let output = instruction.node.output(0) else { continue }
                if instruction.code == .broadcast { sinkBroadcast(instruction) }
                if instructions[index] != nil, let new = simplified(instruction) { replace(output, by: new) }
            }
            moveReshapes()
            mergeRepeated()
            if rewrites == before { return }
        }
    }

    /// A safety net: each sweep goes over the whole program.
    private static let mostSweeps = 64

    /// What an instruction can be replaced by; nil if it stays.
    private mutating func simplified(_ instruction: Instruction) -> ValueID? {
        let inputs = instruction.node.inputs.compactMap { $0 }
        guard let x = inputs.first, let output = instruction.node.output(0) else { return nil }
        let site = Site(output: output, lengths: lengths(output), origin: instruction.origin)
        switch instruction.code {
        case .reshape: return simplifiedReshape(x, site)
        case .dot: return simplifiedDot(inputs, instruction, site)
        case .transpose: return simplifiedTranspose(x, instruction, site)
        case .broadcast: return simplifiedBroadcast(x, instruction, site)
        case .concatenate: return simplifiedConcatenation(inputs, instruction, site)
        case _ where instruction.code.isReduction: return simplifiedReduction(x, instruction, site)
        case .negate: return source(x, .negate)?.node.input(0)
        case .abs: return isNonNegative(x) ? x : nil
        case .log: return simplifiedLogarithm(x, site)
        case .sqrt: return simplifiedRoot(x, site)
        case .relu: return isAtLeast(x, 0) ? x : nil
        case _ where inputs.count != 2: return nil
        case .add: return simplifiedSum(x, inputs[1], site)
        case .multiply: return simplifiedProduct(x, inputs[1], site)
        case .divide: return simplifiedQuotient(x, inputs[1], site)
        case .power: return simplifiedPower(x, inputs[1], site)
        case .maximum: return simplifiedMaximum(inputs, site)
        case .minimum: return simplifiedMinimum(inputs, site)
        default: return nil
        }
    }

    /// Where an instruction stands.
    struct Site {
        let output: ValueID
        let lengths: [Int]
        let origin: Int
    }

    /// An operator on two operands in the place of an instruction.
    mutating func pair(_ code: Code, _ left: ValueID, _ right: ValueID, _ site: Site) -> ValueID {
        let type = isConstant(left) ? elementType(right) : elementType(left)
        return emit(code, [left, right], site.lengths, type: type, origin: site.origin)
    }

    /// The only operand of the instruction of that code that computes a value.
    func operand(of id: ValueID, _ code: Code) -> ValueID? { source(id, code)?.node.input(0) }

    /// The two operands of the instruction of that code that computes a value.
    func operands(of id: ValueID, _ code: Code) -> (ValueID, ValueID)? {
        guard let node = source(id, code)?.node, let left = node.input(0), let right = node.input(1) else { return nil }
        return (left, right)
    }

    /// The two operands, the second being one number for all elements.
    func scaling(_ id: ValueID, _ code: Code = .multiply) -> (ValueID, Double)? {
        guard let (left, right) = operands(of: id, code) else { return nil }
        if let factor = number(right) { return (left, factor) }
        return number(left).map { (right, $0) }
    }
}

// MARK: - Arithmetic

extension SPU.Program {
    private mutating func simplifiedSum(_ left: ValueID, _ right: ValueID, _ site: Site) -> ValueID? {
        if number(right) == 0 { return left }
        if number(left) == 0 { return right }
        // a·c + b·c is (a + b)·c where that rounds nothing.
        guard let (a, one) = scaling(left), let (b, other) = scaling(right), one == other, left != right,
            one.significand == 1, useCount(left) == 1, useCount(right) == 1
        else { return nil }
        return pair(.multiply, pair(.add, a, b, site), constant(one, like: a), site)
    }

    private mutating func simplifiedProduct(_ left: ValueID, _ right: ValueID, _ site: Site) -> ValueID? {
        if number(right) == 1 { return left }
        if number(left) == 1 { return right }
        if number(left) == 0 || number(right) == 0 { return zero(site) }
        if left == right, let x = operand(of: left, .abs) { return pair(.multiply, x, x, site) }
        for (x, y) in [(left, right), (right, left)] {
            guard let (a, factor) = scaling(x) else { continue }
            if let other = number(y) { return pair(.multiply, a, constant(factor * other, like: a), site) }
            // A public factor goes to the operand that is broadcast.
            if let broadcast = source(y, .broadcast), let b = broadcast.node.input(0) {
                let small = Site(output: b, lengths: lengths(b), origin: site.origin)
                let scaled = pair(.multiply, b, constant(factor, like: b), small)
                let spread = self.broadcast(scaled, to: site.lengths, axes: Self.axes(broadcast), site.origin)
                return pair(.multiply, a, spread, site)
            }
        }
        if let a = operand(of: left, .exp), let b = operand(of: right, .exp) {
            return emit(.exp, [pair(.add, a, b, site)], site.lengths, origin: site.origin)
        }
        if left == right, let x = operand(of: left, .sqrt), isNonNegative(x) { return x }
        return nil
    }

    private mutating func simplifiedQuotient(_ left: ValueID, _ right: ValueID, _ site: Site) -> ValueID? {
        guard elementType(site.output).isFloatingPoint else { return nil }
        if number(right) == 1 { return left }
        if let b = operand(of: right, .exp) {
            if let a = operand(of: left, .exp) {
                return emit(.exp, [pair(.subtract, a, b, site)], site.lengths, origin: site.origin)
            }
            let negated = emit(.negate, [b], site.lengths, origin: site.origin)
            return pair(.multiply, left, emit(.exp, [negated], site.lengths, origin: site.origin), site)
        }
        if let b = operand(of: right, .sqrt), useCount(right) == 1 {
            return pair(.multiply, left, pair(.power, b, constant(-0.5, like: b), site), site)
        }
        if let (b, exponent) = scaling(right, .power), exponent == -0.5, useCount(right) == 1 {
            return pair(.multiply, left, emit(.sqrt, [b], site.lengths, origin: site.origin), site)
        }
        if let divisor = number(right), !isConstant(left) {
            return pair(.multiply, left, constant(1 / divisor, like: left), site)
        }
        if isConstant(right) { return nil }
        let (numerator, denominator) = (operands(of: left, .divide), operands(of: right, .divide))
        switch (numerator, denominator) {
        case (let (a, b)?, let (c, d)?):
            return pair(.divide, pair(.multiply, a, d, site), pair(.multiply, b, c, site), site)
        case (let (a, b)?, nil): return pair(.divide, a, pair(.multiply, b, right, site), site)
        case (nil, let (b, c)?): return pair(.divide, pair(.multiply, left, c, site), b, site)
        case (nil, nil): return nil
        }
    }

    private mutating func simplifiedPower(_ base: ValueID, _ exponent: ValueID, _ site: Site) -> ValueID? {
        if number(exponent) == 1 { return base }
        if let a = operand(of: base, .exp) {
            return emit(.exp, [pair(.multiply, a, exponent, site)], site.lengths, origin: site.origin)
        }
        guard number(exponent) == 0.5, isNonNegative(base) else { return nil }
        return emit(.sqrt, [base], site.lengths, origin: site.origin)
    }

    private mutating func simplifiedLogarithm(_ x: ValueID, _ site: Site) -> ValueID? {
        if let a = operand(of: x, .exp) { return a }
        guard let a = operand(of: x, .sqrt) else { return nil }
        return pair(.multiply, emit(.log, [a], site.lengths, origin: site.origin), constant(0.5, like: a), site)
    }

    private mutating func simplifiedRoot(_ x: ValueID, _ site: Site) -> ValueID? {
        guard let (a, b) = operands(of: x, .multiply), a == b else { return nil }
        return emit(.abs, [a], site.lengths, origin: site.origin)
    }
}

// MARK: - Signs and bounds

extension SPU.Program {
    /// Whether XLA sees that a value is nowhere negative.
    private func isNonNegative(_ id: ValueID, depth: Int = 0) -> Bool {
        if let number = number(id) { return number >= 0 && number.sign == .plus }
        guard depth < 16, let instruction = source(id) else { return false }
        func operand(_ index: Int) -> Bool {
            instruction.node.input(index).map { isNonNegative($0, depth: depth + 1) } ?? false
        }
        switch instruction.code {
        case .multiply: return instruction.node.input(0) == instruction.node.input(1)
        case .abs, .exp, .relu: return true
        case .broadcast, .power: return operand(0)
        case .minimum: return operand(0) && operand(1)
        case .maximum: return operand(0) || operand(1)
        case .elementwise where instruction.node.has(.choice): return operand(1) && operand(2)
        default: return false
        }
    }

    /// Whether a maximum with a number has been taken of a value: `max(max(x, y), y)`, also below an upper bound.
    private func isAtLeast(_ id: ValueID, _ bound: Double) -> Bool {
        if source(id, .relu) != nil { return bound == 0 }
        if let (_, number) = scaling(id, .maximum) { return number == bound }
        guard let (x, limit) = scaling(id, .minimum), limit >= bound else { return false }
        return source(x, .relu) != nil && bound == 0 || scaling(x, .maximum)?.1 == bound
    }

    private mutating func simplifiedMaximum(_ inputs: [ValueID], _ site: Site) -> ValueID? {
        for (x, y) in [(inputs[0], inputs[1]), (inputs[1], inputs[0])] {
            if let bound = number(y), isAtLeast(x, bound) { return x }
            if let (a, b) = operands(of: x, .maximum), a == y || b == y { return x }
        }
        return nil
    }

    private mutating func simplifiedMinimum(_ inputs: [ValueID], _ site: Site) -> ValueID? {
        for (x, y) in [(inputs[0], inputs[1]), (inputs[1], inputs[0])] {
            if let limit = number(y), scaling(x, .minimum)?.1 == limit { return x }
            if let (a, b) = operands(of: x, .minimum), a == y || b == y { return x }
        }
        return nil
    }
}
