import IR
import Pricing

/// Rewrites of instructions that move elements about.
extension SPU.Program {
    mutating func simplifiedReshape(_ x: ValueID, _ site: Site) -> ValueID? {
        if lengths(x) == site.lengths { return x }
        if let inner = operand(of: x, .reshape) { return reshaped(inner, site.lengths, site.origin) }
        guard let broadcast = source(x, .broadcast), let inner = broadcast.node.input(0) else { return nil }
        let unmodified = Dictionary(
            uniqueKeysWithValues: Self.unmodifiedAxes(from: lengths(x), to: site.lengths).map { ($0.from, $0.to) })
        let axes = Self.axes(broadcast).compactMap { unmodified[$0] }
        guard axes.count == lengths(inner).count else { return nil }
        return self.broadcast(inner, to: site.lengths, axes: axes, site.origin)
    }

    mutating func simplifiedTranspose(_ x: ValueID, _ instruction: Instruction, _ site: Site) -> ValueID? {
        guard case .ints(let order)? = instruction.node.attributes["perm"] else { return nil }
        if order == order.sorted() { return x }
        if let inner = source(x, .transpose), case .ints(let first)? = inner.node.attributes["perm"],
            let origin = inner.node.input(0)
        {
            return transposed(origin, order.map { first[$0] }, site.origin)
        }
        if let dot = transposedDot(x, order, site) { return dot }
        let long = order.filter { lengths(x)[$0] != 1 }
        if long == long.sorted() { return reshaped(x, site.lengths, site.origin) }
        guard let broadcast = source(x, .broadcast), let inner = broadcast.node.input(0) else { return nil }
        let axes = Self.axes(broadcast).compactMap { order.firstIndex(of: $0) }
        return axes == axes.sorted() ? self.broadcast(inner, to: site.lengths, axes: axes, site.origin) : nil
    }

    /// A product whose rows and columns change places is that of the operands in the other order.
    private mutating func transposedDot(_ x: ValueID, _ order: [Int], _ site: Site) -> ValueID? {
        guard let dot = source(x, .dot), useCount(x) == 1, order.count >= 2,
            Array(order.dropLast(2)) == Array(order.indices.dropLast(2)),
            case .ints(let sizes)? = dot.node.attributes["sizes"], sizes.count == 4, sizes[1] != 1, sizes[3] != 1,
            let left = dot.node.input(0), let right = dot.node.input(1)
        else { return nil }
        return emit(
            .dot, [right, left], site.lengths, ["sizes": .ints([sizes[0], sizes[3], sizes[2], sizes[1]])],
            origin: dot.origin)
    }

    /// A product of joined columns and a constant is a sum of products.
    mutating func simplifiedDot(_ inputs: [ValueID], _ instruction: Instruction, _ site: Site) -> ValueID? {
        guard inputs.count == 2, site.lengths.count == 2, case .ints(let sizes)? = instruction.node.attributes["sizes"],
            sizes[0] == 1, sizes[2] != 1
        else { return nil }
        for (joined, other, axis) in [(0, 1, 1), (1, 0, 0)] {
            guard isConstant(inputs[other]), let pieces = source(inputs[joined], .concatenate),
                concatenationAxis(pieces) == axis
            else { continue }
            let parts = pieces.node.inputs.compactMap { $0 }.map { piece in
                let inner = lengths(piece)[axis]
                let slice = constant(inputs[other], reshapedTo: joined == 0 ? [inner, sizes[3]] : [sizes[1], inner])
                return emit(
                    .dot, joined == 0 ? [piece, slice] : [slice, piece], site.lengths, type: elementType(piece),
                    ["sizes": .ints([1, sizes[1], inner, sizes[3]])], origin: site.origin)
            }
            return parts.dropFirst().reduce(parts[0]) { pair(.add, $0, $1, site) }
        }
        return nil
    }

    mutating func simplifiedBroadcast(_ x: ValueID, _ instruction: Instruction, _ site: Site) -> ValueID? {
        let axes = Self.axes(instruction)
        let own = lengths(x)
        if own.saturatingProduct() == site.lengths.saturatingProduct() { return reshaped(x, site.lengths, site.origin) }
        if let inner = source(x, .broadcast), let core = inner.node.input(0) {
            return broadcast(core, to: site.lengths, axes: Self.axes(inner).map { axes[$0] }, site.origin)
        }
        guard own.contains(1) else { return nil }
        let kept = own.indices.filter { own[$0] != 1 }
        return broadcast(
            reshaped(x, kept.map { own[$0] }, site.origin), to: site.lengths, axes: kept.map { axes[$0] }, site.origin)
    }

    /// What is done to each element of a broadcast is done before it.
    mutating func sinkBroadcast(_ instruction: Instruction) {
        guard let output = instruction.node.output(0), let x = instruction.node.input(0) else { return }
        let axes = Self.axes(instruction)
        for reader in readers[output.index] {
            guard let user = instructions[reader], user.code.isElementwise, let result = user.node.output(0),
                let operands = unbroadcast(user, lengths(x), axes),
                let new = emit(user, on: operands, lengths(x))
            else { continue }
            replace(result, by: broadcast(new, to: lengths(result), axes: axes, user.origin))
        }
    }

    /// The operands of an instruction before they were broadcast, if all of them were, and in one way.
    private func unbroadcast(_ user: Instruction, _ own: [Int], _ axes: [Int]) -> [ValueID?]? {
        var operands: [ValueID?] = []
        for input in user.node.inputs {
            guard let input else {
                operands.append(nil)
                continue
            }
            if number(input) != nil {
                operands.append(input)
            } else if let other = source(input, .broadcast), let core = other.node.input(0), lengths(core) == own,
                Self.axes(other) == axes
            {
                operands.append(core)
            } else {
                return nil
            }
        }
        return operands
    }

    mutating func simplifiedConcatenation(
        _ inputs: [ValueID], _ instruction: Instruction, _ site: Site
    ) -> ValueID? {
        let axis = concatenationAxis(instruction)
        let pieces = inputs.flatMap { input in
            guard let inner = source(input, .concatenate), concatenationAxis(inner) == axis else { return [input] }
            return inner.node.inputs.compactMap { $0 }
        }
        guard pieces.count != inputs.count else { return inputs.count == 1 ? inputs[0] : nil }
        return emit(instruction, on: pieces, site.lengths)
    }

    /// The axis along which pieces are joined.
    func concatenationAxis(_ instruction: Instruction) -> Int? {
        guard let output = instruction.node.output(0), let axis = try? instruction.node.int("axis") else { return nil }
        return axis < 0 ? axis + lengths(output).count : axis
    }

    /// Axes that a reshape leaves alone: of the same length, with as many elements before them.
    static func unmodifiedAxes(from: [Int], to: [Int]) -> [(from: Int, to: Int)] {
        var (i, j, before, after) = (0, 0, 1, 1)
        var pairs: [(from: Int, to: Int)] = []
        while i < from.count, j < to.count {
            if before == after, from[i] == to[j] {
                pairs.append((i, j))
                before *= from[i]
                after *= to[j]
                i += 1
                j += 1
            } else if before == after, from[i] == 1 || to[j] == 1 {
                if from[i] == 1 { i += 1 } else { j += 1 }
            } else if before < after || before == after && from[i] < to[j] {
                before *= from[i]
                i += 1
            } else {
                after *= to[j]
                j += 1
            }
        }
        return pairs
    }
}
