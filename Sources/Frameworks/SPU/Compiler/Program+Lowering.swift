import IR
import Pricing

/// How jax writes operators, as far as the simplifier looks into them.
extension SPU.Program {
    /// Lowers one node: what it computes, or nil if it stays the node that it is.
    private typealias Lowering = @Sendable (inout SPU.Program, Node, Int) throws -> ValueID?

    /// A graph in XLA's instructions; nil if nodes have bodies.
    init?(_ model: Graph, visibility: [Visibility], precomputed: Set<Int>) {
        guard model.nodes.allSatisfy({ $0.attributes.isEmpty || $0.subgraphs.isEmpty }) else { return nil }
        self.init(valuesOf: model, visibility: visibility)
        var aliases: [ValueID: ValueID] = [:]
        for (index, original) in model.nodes.enumerated() where !precomputed.contains(index) {
            var node = original
            if !aliases.isEmpty { node.inputs = node.inputs.map { $0.map { aliases[$0] ?? $0 } } }
            if let output = node.output(0), let value = lower(node, origin: index) {
                aliases[output] = value
            } else {
                append(Instruction(code: .other, node: node, origin: index))
            }
        }
        keepResults(of: model, aliases)
    }

    private mutating func lower(_ node: Node, origin: Int) -> ValueID? {
        guard node.op.domain.isEmpty, node.outputs.compactMap({ $0 }).count == 1, let output = node.output(0),
            graph[output].known == nil, visibility[output.index] != .public, knownLengths(output) != nil,
            node.inputs.allSatisfy({ $0.map { knownLengths($0) != nil } ?? true })
        else { return nil }
        if let lowering = Self.lowerings[node.op.type] { return try? lowering(&self, node, origin) }
        if node.has(.reshape), let operand = node.input(0) { return reshaped(operand, lengths(output), origin) }
        guard node.has(.elementwise), !node.has(.random) else { return nil }
        return elementwise(Code(rawValue: node.op.type) ?? .elementwise, node, origin)
    }

    /// An operator by element, with its operands broadcast.
    private mutating func elementwise(_ code: Code, _ node: Node, _ origin: Int) -> ValueID? {
        guard let output = node.output(0) else { return nil }
        var copy = node
        copy.inputs = node.inputs.map { $0.map { operand($0, lengths(output), origin) } }
        append(Instruction(code: code, node: copy, origin: origin))
        return output
    }

    /// An operand of an operator by element: broadcast, or a scalar if all of its elements are one number.
    mutating func operand(_ id: ValueID, _ lengths: [Int], _ origin: Int) -> ValueID {
        guard isConstant(id) else { return broadcast(id, to: lengths, origin) }
        if elementType(id).isFloatingPoint, let number = number(id) { return constant(number, like: id) }
        return count(id) == lengths.saturatingProduct() ? reshaped(id, lengths, origin) : id
    }

    /// `jnp.broadcast_to`: axes of length 1 are dropped first.
    mutating func broadcast(_ id: ValueID, to target: [Int], _ origin: Int) -> ValueID {
        let own = lengths(id)
        guard own != target, own.count <= target.count else { return id }
        guard own.saturatingProduct() != target.saturatingProduct() else { return reshaped(id, target, origin) }
        let kept = own.indices.filter { own[$0] != 1 }
        let axes = kept.map { $0 + target.count - own.count }
        let core = reshaped(id, kept.map { own[$0] }, origin)
        return broadcast(core, to: target, axes: axes, origin)
    }

    /// A broadcast whose operand's axes are those axes of the result.
    mutating func broadcast(_ id: ValueID, to target: [Int], axes: [Int], _ origin: Int) -> ValueID {
        emit(.broadcast, [id], target, [Self.axes: .ints(axes)], origin: origin)
    }

    /// The same elements in another shape.
    mutating func reshaped(_ id: ValueID, _ target: [Int], _ origin: Int) -> ValueID {
        if lengths(id) == target { return id }
        if isConstant(id) { return constant(id, reshapedTo: target) }
        return emit(.reshape, [id], target, origin: origin)
    }

    /// The attribute of instructions that names axes.
    static let axes = "axes"

    /// The axes that an instruction names.
    static func axes(_ instruction: Instruction) -> [Int] {
        if case .ints(let axes)? = instruction.node.attributes[axes] { axes } else { [] }
    }

    private static let lowerings: [String: Lowering] = [
        "Transpose": { program, node, origin in
            guard let operand = node.input(0) else { return nil }
            let lengths = program.lengths(operand)
            let axes = try node.optionalInts("perm") ?? lengths.indices.reversed()
            return program.transposed(operand, axes, origin)
        },
        "Expand": { program, node, origin in
            guard let operand = node.input(0), let output = node.output(0) else { return nil }
            return program.broadcast(operand, to: program.lengths(output), origin)
        },
        "Concat": { program, node, origin in
            guard let output = node.output(0) else { return nil }
            program.append(Instruction(code: .concatenate, node: node, origin: origin))
            return output
        },
        "Reciprocal": { program, node, origin in
            guard let operand = node.input(0) else { return nil }
            let one = program.constant(1, like: operand)
            return program.emit(.divide, [one, operand], program.lengths(operand), origin: origin)
        },
        "Sigmoid": { program, node, origin in
            guard let operand = node.input(0) else { return nil }
            return program.sigmoid(operand, origin)
        },
        "Clip": { program, node, origin in try program.clip(node, origin) },
        "Pow": { program, node, origin in program.power(node, origin) },
        "Softmax": { program, node, origin in try program.softmax(node, origin, isLogarithm: false) },
        "LogSoftmax": { program, node, origin in try program.softmax(node, origin, isLogarithm: true) },
        "ReduceSum": { program, node, origin in try program.reduction(.reduceSum, node, origin) },
        "ReduceMean": { program, node, origin in try program.reduction(.reduceSum, node, origin) },
        "ReduceMax": { program, node, origin in try program.reduction(.reduceMax, node, origin) },
        "ReduceMin": { program, node, origin in try program.reduction(.reduceMin, node, origin) },
        "ReduceProd": { program, node, origin in try program.reduction(.reduceProduct, node, origin) },
        "GlobalAveragePool": { program, node, origin in program.pool(.reduceSum, node, origin) },
        "GlobalMaxPool": { program, node, origin in program.pool(.reduceMax, node, origin) },
        "LayerNormalization": { program, node, origin in try program.layerNormalization(node, origin) },
        "BatchNormalization": { program, node, origin in try program.batchNormalization(node, origin) },
        "AveragePool": { program, node, origin in try program.averagePool(node, origin) },
        "Conv": { program, node, origin in try program.convolution(node, origin) },
        "MatMul": { program, node, origin in
            guard let left = node.input(0), let right = node.input(1), let output = node.output(0) else { return nil }
            return program.product(left, right, program.lengths(output), origin)
        },
        "Gemm": { program, node, origin in try program.gemm(node, origin) },
    ]
}
