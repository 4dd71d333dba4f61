import IR
import Pricing

/// What SPU's compiler makes of operators that follow each other. Without the graph around it an operator
/// stands for itself.
extension Operation<SPU.Functions> {
    /// How a secret operand is held: results of comparisons and shifts are boolean shares, typed with a width, and stay so
    /// where they are only moved about.
    func share(_ index: Int) -> SPU.Value.Share {
        let kernels = functions.kernels
        if let context = site.context, let id = node.input(index) {
            return ShareFinder(kernels: kernels, settings: functions.settings, context: context).share(id)
        }
        return site.input(index)?.type.elementType == .bool ? .boolean(bits: 1) : .arithmetic
    }

    /// The integers or truth values of which an operand is the conversion to floating-point numbers. The compiler multiplies
    /// them as they are, without a truncation (`lower_mixed_type_op.cc`, `convert_push_down.cc`).
    private func converted(_ index: Int) -> ValueID? {
        guard !functions.settings.disallowsMixedTypes, let context = site.context else { return nil }
        var id = node.input(index)
        while let value = id, let producer = context.producer(of: value) {
            switch producer.op.type {
            // Of other movements `convert_push_down.cc` knows nothing.
            case _ where producer.has(.reshape): id = producer.input(0)
            case "Transpose", "Slice": id = producer.input(0)
            case "Cast":
                guard let source = producer.input(0), context.isSecret(source),
                    context.graph[source].type?.elementType.isFloatingPoint == false,
                    context.graph[value].type?.elementType.isFloatingPoint == true
                else { return nil }
                return source
            default: return nil
            }
        }
        return nil
    }

    /// The factors of a product as the compiler multiplies them.
    ///
    /// - Parameter counts: how many elements each is broadcast to; nil for their own.
    func factors(counts: Int? = nil) throws -> (SPU.Value, SPU.Value) {
        var values = (try value(0, count: counts), try value(1, count: counts))
        let (left, right) = (converted(0), converted(1))
        guard let context = site.context, left != nil || right != nil else { return values }
        let finder = ShareFinder(
            kernels: functions.kernels, settings: functions.settings, context: context)
        // Of two that were converted only a bit is taken as it is: its product is a selection.
        if left != nil, right != nil {
            guard let left, context.graph[left].type?.elementType == .bool else { return values }
            values.0 = SPU.Value(count: values.0.count, share: finder.share(left), kind: .integer)
            return values
        }
        if let left { values.0 = SPU.Value(count: values.0.count, share: finder.share(left), kind: .integer) }
        if let right { values.1 = SPU.Value(count: values.1.count, share: finder.share(right), kind: .integer) }
        return values
    }
}

/// Finds how values are held by what computes them.
private struct ShareFinder {
    let kernels: any SPUKernels
    let settings: SPU.Settings
    let context: GraphContext

    /// How a value is held, as far as the nodes above it tell.
    func share(_ id: ValueID, depth: Int = 0) -> SPU.Value.Share {
        let isTruth = context.graph[id].type?.elementType == .bool
        let fallback: SPU.Value.Share = isTruth ? .boolean(bits: 1) : .arithmetic
        if context.modelInputs.contains(id) {
            return isTruth && !kernels.sharesInputBitsAsBits ? .arithmetic : fallback
        }
        guard depth < 64, let node = context.producer(of: id) else { return fallback }
        func operand(_ index: Int) -> SPU.Value.Share? {
            node.input(index).flatMap { context.isSecret($0) ? share($0, depth: depth + 1) : nil }
        }
        switch node.op.type {
        case "Less", "Greater", "LessOrEqual", "GreaterOrEqual": return .boolean(bits: 1)
        case "Equal", "IsNaN": return .boolean(bits: kernels.equalityBits)
        case "Floor", "Ceil": return .boolean(bits: kernels.ringBits)
        case "And", "BitwiseAnd": return merged(operand(0), operand(1), min)
        case "Or", "Xor", "BitwiseOr", "BitwiseXor": return merged(operand(0), operand(1), max)
        case "Cast": return cast(node, id, operand(0) ?? fallback)
        case "Not": return operand(0) ?? fallback
        // Whatever else the lowering joins to the elements is an arithmetic share: zeros, other operands.
        case "Concat":
            let shares = Set(node.inputs.indices.map { operand($0) })
            return shares.count == 1 ? shares.first.flatMap { $0 } ?? fallback : fallback
        case "Pad", "Trilu", "CenterCropPad": return fallback
        default: return node.has(.dataMovement) && !node.has(.overwriting) ? operand(0) ?? fallback : fallback
        }
    }

    /// Logic converts arithmetic shares; public operands count with their own width, at most a bit.
    private func merged(
        _ left: SPU.Value.Share?, _ right: SPU.Value.Share?, _ combine: (Int, Int) -> Int
    ) -> SPU.Value.Share {
        func bits(_ share: SPU.Value.Share?) -> Int {
            guard let share else { return 1 }
            if case .boolean(let bits) = share { return bits }
            return kernels.ringBits
        }
        return .boolean(bits: combine(bits(left), bits(right)))
    }

    /// Numbers become fixed-point numbers by a shift, integers by a floor, truth values by a comparison with zero.
    private func cast(_ node: Node, _ id: ValueID, _ operand: SPU.Value.Share) -> SPU.Value.Share {
        let graph = context.graph
        guard let from = node.input(0).flatMap({ graph[$0].type?.elementType }), let to = graph[id].type?.elementType
        else { return operand }
        if to == .bool, from != .bool { return .boolean(bits: kernels.equalityBits) }
        if from.isFloatingPoint, !to.isFloatingPoint { return .boolean(bits: kernels.ringBits) }
        guard !from.isFloatingPoint, to.isFloatingPoint, case .boolean(let bits) = operand else { return operand }
        return .boolean(bits: min(kernels.ringBits, bits + settings.fractionBits))
    }
}

// MARK: - Operators that others take over

extension Operation<SPU.Functions> {
    /// Whether a node between a root and a quotient is one that the compiler sees through: it repeats elements, or adds and
    /// removes axes of length 1, which XLA writes as a broadcast.
    private func isBroadcast(_ node: Node) -> Bool {
        switch node.op {
        case "Expand": true
        // Whatever shape these could make, they become a reshape of XLA's.
        case "Reshape", "Flatten": false
        default: node.has(.reshape)
        }
    }

    /// How many elements an operand has before it is broadcast.
    func countBeforeBroadcast(_ index: Int) throws -> Int {
        var count = try extent(index).count
        var id = node.input(index)
        while let value = id, let producer = site.context?.producer(of: value), isBroadcast(producer) {
            id = producer.input(0)
            count = id.flatMap { site.context?.graph[$0].type?.elementCount } ?? count
        }
        return count
    }

    /// The root by which the node divides: XLA's simplifier multiplies by its reciprocal root, and SPU's compiler does so for
    /// broadcast copies of it, too (`rewrite_div_sqrt_patterns.cc`). A public number of no weight in the sum with it is dropped (`optimize_sqrt_plus_eps.cc`).
    ///
    /// - Parameter index: the operand's position.
    func root(_ index: Int) -> Node? {
        guard let context = site.context else { return nil }
        var id = node.input(index)
        var isDirect = site.input(index)?.type.lengths == site.output(0)?.type.lengths
        while let value = id, let producer = context.producer(of: value) {
            if producer.op == "Sqrt" { return isDirect || !functions.settings.disablesDivSqrtRewrite ? producer : nil }
            isDirect = false
            guard isBroadcast(producer) || isNegligibleSum(producer, context) else { return nil }
            id = producer.input(0)
        }
        return nil
    }

    /// `√x + ε` with ε at most the precision of 32-bit floats.
    private func isNegligibleSum(_ node: Node, _ context: GraphContext) -> Bool {
        guard !functions.settings.disablesSqrtEpsilonRewrite, node.op == "Add", let id = node.input(1),
            let number = try? context.graph[id].knownTensor?.doubles(), number.count == 1
        else { return false }
        return number[0] <= Double(Float.ulpOfOne)
    }

    /// The exponential by which the node divides: XLA's simplifier multiplies by that of the negated operand.
    func exponential(_ index: Int) -> Node? {
        guard site.input(index)?.type.lengths == site.output(0)?.type.lengths, let id = node.input(index),
            let producer = site.context?.producer(of: id), producer.op == "Exp"
        else { return nil }
        return producer
    }

    /// Whether all that read a node's result divide by it, so that only its reciprocal is computed.
    func isDivisorOnly(_ producer: Node) -> Bool {
        guard let context = site.context, let id = producer.output(0) else { return false }
        let isSeenThrough = producer.op == "Sqrt" && !functions.settings.disablesDivSqrtRewrite
        return isDivisorOnly(id, context, broadcasts: isSeenThrough)
    }

    /// - Parameter broadcasts: whether the compiler sees through broadcasts of the value.
    private func isDivisorOnly(
        _ id: ValueID, _ context: GraphContext, broadcasts: Bool, depth: Int = 0
    ) -> Bool {
        let (consumers, graph) = (context.consumers(of: id), context.graph)
        guard depth < 16, !consumers.isEmpty, !context.isResult(id) else { return false }
        return consumers.allSatisfy { consumer in
            guard let output = consumer.output(0) else { return false }
            switch consumer.op {
            case "Reciprocal": return true
            case "Div":
                return consumer.input(1) == id && consumer.input(0) != id
                    && (broadcasts || graph[id].type?.lengths == graph[output].type?.lengths)
            default:
                return broadcasts && (isBroadcast(consumer) || isNegligibleSum(consumer, context))
                    && isDivisorOnly(output, context, broadcasts: true, depth: depth + 1)
            }
        }
    }

    /// Whether a product with a public number disappears because every product that follows has a public factor, too: the
    /// compiler multiplies the public ones first (`reduce_truncation.cc`).
    func isScalingTakenOver() -> Bool {
        guard !functions.settings.disablesTruncationReduction, let context = site.context,
            let id = node.output(0), !context.isResult(id)
        else { return false }
        let consumers = context.consumers(of: id)
        return !consumers.isEmpty
            && consumers.allSatisfy { consumer in
                guard let left = consumer.input(0), let right = consumer.input(1), left != right else { return false }
                switch consumer.op {
                case "Mul": return !context.isSecret(left == id ? right : left)
                case "Div": return left == id && !context.isSecret(right) && context.graph[right].knownTensor != nil
                default: return false
                }
            }
    }

    /// The place of a selection among those by the same condition, and how many there are. From two on the compiler converts
    /// the condition once, before the first of them (`optimize_select.cc`); selections against zero are products.
    func selectionsByCondition() -> (place: Int, count: Int) {
        guard !functions.settings.disablesSelectOptimization, let context = site.context,
            let id = node.input(0)
        else { return (0, 1) }
        let selections = context.consumers(of: id).filter { consumer in
            consumer.op == "Where" && consumer.input(0) == id && !isZero(consumer.input(2), context)
        }
        return (selections.firstIndex { $0.outputs == node.outputs } ?? 0, selections.count)
    }

    private func isZero(_ id: ValueID?, _ context: GraphContext) -> Bool {
        guard let id, !context.isSecret(id), let numbers = try? context.graph[id].knownTensor?.doubles()
        else { return false }
        return numbers.allSatisfy { $0 == 0 }
    }
}
