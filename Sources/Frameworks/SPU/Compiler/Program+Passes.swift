import IR
import Pricing

/// XLA's `ReshapeMover` and `HloCSE`.
extension SPU.Program {
    /// What a reshape or a transposition does, without its operand.
    private struct Movement: Hashable {
        let code: Code
        let order: Attribute?
        let from: [Int]
        let to: [Int]
    }

    /// Takes reshapes and transpositions behind instructions by element, where all that reads them lets them pass.
    mutating func moveReshapes() {
        var candidates: [Int: Movement] = [:]
        for (index, instruction) in instructions.enumerated() {
            if let instruction, let movement = commonMovement(instruction) { candidates[index] = movement }
        }
        var isSettled = false
        while !candidates.isEmpty, !isSettled {
            isSettled = true
            for index in candidates.keys.sorted() {
                let inputs = instructions[index]?.node.inputs.compactMap { $0 } ?? []
                let blocked = inputs.filter { movement($0) != nil }.contains { input in
                    isResult(input) || readers[input.index].contains { candidates[$0] == nil }
                }
                guard blocked else { continue }
                candidates[index] = nil
                isSettled = false
            }
        }
        for index in candidates.keys.sorted() { sink(index, candidates[index]) }
    }

    /// The reshape that computes a value, if its operand cannot simply be given another shape.
    private func movement(_ id: ValueID) -> Movement? {
        guard count(id) != 1, let instruction = source(id), let x = instruction.node.input(0),
            instruction.code == .reshape || instruction.code == .transpose, !isReshapable(x)
        else { return nil }
        return Movement(
            code: instruction.code, order: instruction.node.attributes["perm"], from: lengths(x), to: lengths(id))
    }

    /// Whether a value is given another shape for nothing: a constant, or a broadcast scalar.
    private func isReshapable(_ id: ValueID) -> Bool {
        isConstant(id) || (source(id, .broadcast)?.node.input(0)).map { lengths($0).isEmpty } ?? false
    }

    /// What all operands of an instruction by element have in common.
    private func commonMovement(_ instruction: Instruction) -> Movement? {
        guard instruction.code.isElementwise, let output = instruction.node.output(0) else { return nil }
        var common: Movement?
        for case let input? in instruction.node.inputs where number(input) == nil {
            guard lengths(input) == lengths(output) else { return nil }
            if isReshapable(input) { continue }
            guard let own = movement(input), common == nil || common == own else { return nil }
            common = own
        }
        return common
    }

    private mutating func sink(_ index: Int, _ movement: Movement?) {
        guard let movement, let instruction = instructions[index], let output = instruction.node.output(0) else {
            return
        }
        let operands = instruction.node.inputs.map { input -> ValueID? in
            guard let input, number(input) == nil else { return input }
            if isConstant(input) { return constant(input, reshapedTo: movement.from) }
            if let broadcast = source(input, .broadcast), let scalar = broadcast.node.input(0), isReshapable(input) {
                return self.broadcast(scalar, to: movement.from, axes: [], broadcast.origin)
            }
            return source(input)?.node.input(0)
        }
        guard let new = emit(instruction, on: operands, movement.from) else { return }
        if movement.code == .transpose, case .ints(let order)? = movement.order {
            replace(output, by: transposed(new, order, instruction.origin))
        } else {
            replace(output, by: reshaped(new, movement.to, instruction.origin))
        }
    }
}

extension SPU.Program {
    /// What is computed twice is computed once, operands in either order.
    mutating func mergeRepeated() {
        var isSeen = [Bool](repeating: false, count: instructions.count)
        for index in order {
            guard let node = instructions[index]?.node, let output = node.output(0) else { continue }
            isSeen[index] = true
            guard let twin = twin(of: node, among: isSeen, except: index)?.output(0) else { continue }
            replace(output, by: twin)
        }
    }

    /// Another instruction that computes the same as a node.
    private func twin(of node: Node, among isSeen: [Bool], except index: Int) -> Node? {
        guard let operand = node.inputs.lazy.compactMap({ $0 }).first(where: { !isConstant($0) }),
            readers[operand.index].count > 1, node.outputs.count == 1, node.op.domain.isEmpty
        else { return nil }
        for reader in readers[operand.index] where reader != index && isSeen[reader] {
            guard let other = instructions[reader]?.node, other.op == node.op, other.outputs.count == 1,
                other.inputs == node.inputs || node.has(.commutative) && other.inputs == node.inputs.reversed(),
                other.attributes == node.attributes,
                other.output(0).map(lengths) == node.output(0).map(lengths),
                other.output(0).map(elementType) == node.output(0).map(elementType),
                !node.has(.random)
            else { continue }
            return other
        }
        return nil
    }
}
