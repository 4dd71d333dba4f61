import IR
import Pricing

/// Layers written out in XLA's instructions.
extension SPU.Program {
    /// `1 / (1 + exp(-x))`
    mutating func sigmoid(_ x: ValueID, _ origin: Int) -> ValueID {
        let (lengths, one) = (lengths(x), constant(1, like: x))
        let power = emit(.exp, [emit(.negate, [x], lengths, origin: origin)], lengths, origin: origin)
        let sum = emit(.add, [power, one], lengths, origin: origin)
        return emit(.divide, [one, sum], lengths, origin: origin)
    }

    /// A maximum with the lower bound, and a minimum with the upper one.
    mutating func clip(_ node: Node, _ origin: Int) throws -> ValueID? {
        guard let x = node.input(0) else { return nil }
        let lengths = lengths(x)
        var result = x
        if let low = node.input(1) {
            result = emit(.maximum, [result, operand(low, lengths, origin)], lengths, origin: origin)
        }
        if let high = node.input(2) {
            result = emit(.minimum, [result, operand(high, lengths, origin)], lengths, origin: origin)
        }
        return result
    }

    /// Small whole powers by squares, as jax writes them.
    mutating func power(_ node: Node, _ origin: Int) -> ValueID? {
        guard let base = node.input(0), let exponent = node.input(1), let output = node.output(0),
            elementType(base).isFloatingPoint
        else { return nil }
        let lengths = lengths(output)
        let x = operand(base, lengths, origin)
        guard let number = number(exponent), let whole = Int(exactly: number), (1...64).contains(whole.magnitude) else {
            var copy = node
            copy.inputs = [x, operand(exponent, lengths, origin)]
            append(Instruction(code: .power, node: copy, origin: origin))
            return output
        }
        var (rest, square, product) = (whole.magnitude, x, ValueID?.none)
        while rest > 0 {
            if rest & 1 == 1 {
                product = product.map { emit(.multiply, [$0, square], lengths, origin: origin) } ?? square
            }
            rest >>= 1
            if rest > 0 { square = emit(.multiply, [square, square], lengths, origin: origin) }
        }
        guard whole < 0, let product else { return product }
        return emit(.divide, [constant(1, like: base), product], lengths, origin: origin)
    }

    /// `jax.nn.softmax`, `jax.nn.log_softmax`
    mutating func softmax(_ node: Node, _ origin: Int, isLogarithm: Bool) throws -> ValueID? {
        guard let x = node.input(0) else { return nil }
        let lengths = lengths(x)
        let axis = try node.int("axis")
        guard (-lengths.count..<lengths.count).contains(axis) else { return nil }
        let axes = [axis < 0 ? axis + lengths.count : axis]
        let bound = constant(-.infinity, like: x)
        let maximum = reduced(.reduceMax, x, axes, keepsAxes: true, origin)
        let largest = emit(.maximum, [maximum, bound], self.lengths(maximum), origin: origin)
        let shifted = emit(.subtract, [x, broadcast(largest, to: lengths, origin)], lengths, origin: origin)
        let powers = emit(.exp, [shifted], lengths, origin: origin)
        let sums = reduced(.reduceSum, powers, axes, keepsAxes: true, origin)
        guard isLogarithm else {
            return emit(.divide, [powers, broadcast(sums, to: lengths, origin)], lengths, origin: origin)
        }
        let logarithms = emit(.log, [sums], self.lengths(sums), origin: origin)
        return emit(.subtract, [shifted, broadcast(logarithms, to: lengths, origin)], lengths, origin: origin)
    }

    /// A reduction, and for means a product with one over the number of elements.
    mutating func reduction(_ code: Code, _ node: Node, _ origin: Int) throws -> ValueID? {
        guard let x = node.input(0), elementType(x).isFloatingPoint else { return nil }
        let lengths = lengths(x)
        var axes = try node.optionalInts("axes") ?? []
        if let given = node.input(1) {
            guard let numbers = try graph[given].knownTensor?.integers() else { return nil }
            axes = numbers
        }
        if axes.isEmpty {
            if try node.flag("noop_with_empty_axes") { return nil }
            axes = Array(lengths.indices)
        }
        axes = axes.map { $0 < 0 ? $0 + lengths.count : $0 }.sorted()
        guard axes.allSatisfy(lengths.indices.contains) else { return nil }
        return mean(
            reduced(code, x, axes, keepsAxes: try node.flag("keepdims"), origin), of: x, isMean: node.has(.average),
            origin)
    }

    /// A global pool.
    mutating func pool(_ code: Code, _ node: Node, _ origin: Int) -> ValueID? {
        guard let x = node.input(0), lengths(x).count > 2 else { return nil }
        let axes = Array(lengths(x).indices.dropFirst(2))
        return mean(reduced(code, x, axes, keepsAxes: true, origin), of: x, isMean: node.has(.average), origin)
    }

    /// The attribute of average pools of which only the sum is computed.
    static let windowSum = "sum"

    /// Sums of windows, and a product with one over the number of their elements, if it is the same for all.
    mutating func averagePool(_ node: Node, _ origin: Int) throws -> ValueID? {
        guard let x = node.input(0), let output = node.output(0), let kernel = try node.optionalInts("kernel_shape"),
            try node.string("auto_pad") == "NOTSET", try !node.flag("ceil_mode"),
            try node.flag("count_include_pad") || (node.optionalInts("pads") ?? []).allSatisfy({ $0 == 0 })
        else { return nil }
        var attributes = node.attributes
        attributes[Self.windowSum] = .int(1)
        let sum = emit(.other, [x], lengths(output), attributes, named: node.op.type, origin: origin)
        let size = Double(kernel.saturatingProduct())
        return emit(.multiply, [sum, constant(1 / size, like: x)], lengths(output), origin: origin)
    }

    /// A convolution with a bias that is added, and of one channel by one number a product by element.
    mutating func convolution(_ node: Node, _ origin: Int) throws -> ValueID? {
        guard let x = node.input(0), let kernel = node.input(1), let output = node.output(0),
            lengths(kernel).allSatisfy({ $0 == 1 }), lengths(x).count > 2, lengths(x)[1] == 1,
            lengths(x) == lengths(output), !isConstant(kernel)
        else { return nil }
        let product = emit(
            .multiply, [x, broadcast(kernel, to: lengths(x), origin)], lengths(x), origin: origin)
        guard let bias = node.input(2) else { return product }
        return emit(.add, [product, operand(bias, lengths(x), origin)], lengths(x), origin: origin)
    }

    mutating func mean(_ sum: ValueID, of x: ValueID, isMean: Bool, _ origin: Int) -> ValueID {
        guard isMean, count(sum) > 0 else { return sum }
        let factor = constant(Double(count(sum)) / Double(count(x)), like: x)
        return emit(.multiply, [sum, factor], lengths(sum), origin: origin)
    }

    /// A reduction along axes, which are kept by a reshape.
    mutating func reduced(
        _ code: Code, _ x: ValueID, _ axes: [Int], keepsAxes: Bool, _ origin: Int
    ) -> ValueID {
        let lengths = lengths(x)
        let left = lengths.indices.filter { !axes.contains($0) }.map { lengths[$0] }
        let result = emit(
            code, [x], left, [Self.axes: .ints(axes), "keepdims": .int(0)], origin: origin)
        guard keepsAxes else { return result }
        return reshaped(result, lengths.indices.map { axes.contains($0) ? 1 : lengths[$0] }, origin)
    }

    /// A product, with the factors of its parts.
    mutating func gemm(_ node: Node, _ origin: Int) throws -> ValueID? {
        guard var left = node.input(0), var right = node.input(1), let output = node.output(0),
            lengths(left).count == 2, lengths(right).count == 2
        else { return nil }
        if try node.flag("transA") { left = transposed(left, [1, 0], origin) }
        if try node.flag("transB") { right = transposed(right, [1, 0], origin) }
        let lengths = lengths(output)
        guard var result = product(left, right, lengths, origin) else { return nil }
        result = scaled(result, by: Double(try node.float("alpha")), origin)
        guard var bias = node.input(2) else { return result }
        bias = scaled(bias, by: Double(try node.float("beta")), origin)
        return emit(.add, [result, operand(bias, lengths, origin)], lengths, origin: origin)
    }

    private mutating func scaled(_ x: ValueID, by factor: Double, _ origin: Int) -> ValueID {
        guard factor != 1, !isConstant(x) else { return x }
        return emit(.multiply, [x, constant(factor, like: x)], lengths(x), origin: origin)
    }

    /// `jnp.matmul`: axes of length 1 are dropped, and rows merged, before matrices are multiplied. The attribute says what is multiplied.
    mutating func product(_ left: ValueID, _ right: ValueID, _ result: [Int], _ origin: Int) -> ValueID? {
        let (one, other) = (lengths(left), lengths(right))
        guard !one.isEmpty, !other.isEmpty else { return nil }
        let dot = SPU.DotProduct(left: Extent(one), right: Extent(other))
        func squeezed(_ lengths: some Sequence<Int>) -> [Int] { lengths.filter { $0 != 1 } }
        let (outer, batch) = (squeezed(one.dropLast(2)), squeezed(other.dropLast(2)))
        // Axes that only one operand has stand behind those of the batch; what would be transposed stays as it is.
        guard batch.isEmpty || outer == batch && dot.batch == batch.saturatingProduct() else { return nil }
        let (p, r) = (dot.p, dot.r)
        let operands = [
            reshaped(left, squeezed(batch + [p, dot.q]), origin),
            reshaped(right, squeezed(batch + [dot.q, r]), origin),
        ]
        let sizes = [dot.batch, p, dot.q, r]
        let core = emit(.dot, operands, squeezed(batch + [p, r]), ["sizes": .ints(sizes)], origin: origin)
        return reshaped(core, result, origin)
    }

    /// The elements with their axes in another order.
    mutating func transposed(_ x: ValueID, _ axes: [Int], _ origin: Int) -> ValueID {
        let lengths = lengths(x)
        let target = axes.map { lengths[$0] }
        if isConstant(x) { return constant(x, reshapedTo: target) }
        return emit(.transpose, [x], target, ["perm": .ints(axes)], origin: origin)
    }
}
