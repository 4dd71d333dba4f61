import IR

/// Matrix products and convolutions, recurrent layers, and attention. Weights are read only where what they multiply is bounded.
let linearRanges: [RangeRow] = [
    RangeRow("MatMul", reads: .computed) { $0.matrixProduct },
    RangeRow("Gemm", reads: .computed) { $0.gemm },
    RangeRow("Conv", reads: .computed) { $0.convolution },
    RangeRow("ConvTranspose", reads: .computed) { $0.transposedConvolution },
    RangeRow("Einsum") { $0.contraction },
    RangeRow(results: "RNN", reads: .only([5])) { call in
        let state = call.recurrentState
        return [state, state]
    },
    RangeRow(results: "GRU", reads: .only([5])) { call in
        // A mean of the last state and of a hyperbolic tangent, weighted by a sigmoid.
        let state = call.recurrentState
        return [state, state]
    },
    RangeRow(results: "LSTM", reads: .only([5])) { call in
        let state = call.recurrentState
        return [state, state]
    },
    RangeRow(results: "Attention", reads: .only([2, 5])) { call in
        // Means of values, those of the past among them; a row without any is 0.
        [(call.has(5) ? call.input(2).joined(with: call.input(5)) : call.input(2)).withZero]
    },
    RangeRow("RotaryEmbedding", reads: .only([0, 1, 2])) { call in
        let turned = call.input(0) * call.input(1)
        let other = call.input(0) * call.input(2)
        return (turned - other).joined(with: turned + other).joined(with: call.input(0))
    },
]

extension RangeCall {
    /// The sum of products of numbers of an interval with each row of weights; nil if reading them is of no use.
    private func weighted(_ operand: Interval, by weights: Tensor, _ layout: ConstantBounds.RowLayout) -> [Interval]? {
        guard operand.isBounded || weights.elementCount <= Self.fewElements,
            let sums = constants.rowSums(of: weights, layout)
        else { return nil }
        return zip(sums.positive, sums.negative).map { $0 * operand + $1 * operand }
    }

    fileprivate var matrixProduct: Interval {
        if let weights = tensor(1), let layout = columnLayout(weights.shape),
            let rows = weighted(input(0), by: weights, layout)
        {
            return .hull(of: rows)
        }
        if let weights = tensor(0), let layout = rowLayout(weights.shape),
            let rows = weighted(input(1), by: weights, layout)
        {
            return .hull(of: rows)
        }
        guard let count = lengths(0)?.last else { return .everything }
        return (input(0) * input(1)).times(count)
    }

    private func columnLayout(_ shape: [Int]) -> ConstantBounds.RowLayout? {
        guard let last = shape.last else { return nil }
        if shape.count == 1 { return .init(outer: 1, first: last, inner: 1, last: 1) }
        return .init(outer: shape.dropLast(2).saturatingProduct(), first: shape[shape.count - 2], inner: last, last: 1)
    }

    private func rowLayout(_ shape: [Int]) -> ConstantBounds.RowLayout? {
        guard let last = shape.last else { return nil }
        return .init(outer: shape.dropLast().saturatingProduct(), first: 1, inner: 1, last: last)
    }

    fileprivate var gemm: Interval {
        let (alpha, beta) = (Interval(float("alpha")), Interval(float("beta")))
        func layout(_ weights: Tensor, byRow: Bool) -> ConstantBounds.RowLayout? {
            byRow ? rowLayout(weights.shape) : columnLayout(weights.shape)
        }
        var rows: [Interval]?
        if let weights = tensor(1), let layout = layout(weights, byRow: flag("transB")) {
            rows = weighted(input(0), by: weights, layout)
            if let rows, let bias = numbers(2), bias.count == rows.count {
                return .hull(of: zip(rows, bias).map { alpha * $0 + beta * Interval($1) })
            }
        } else if let weights = tensor(0), let layout = layout(weights, byRow: !flag("transA")) {
            rows = weighted(input(1), by: weights, layout)
        }
        guard let lengths = lengths(0), lengths.count == 2 else { return .everything }
        let count = lengths[flag("transA") ? 0 : 1]
        let product = alpha * (rows.map(Interval.hull(of:)) ?? (input(0) * input(1)).times(count))
        return has(2) ? product + beta * data(2) : product
    }

    fileprivate var convolution: Interval {
        guard let shape = lengths(1), shape.count > 2 else { return .everything }
        let operand = isPadded ? input(0).withZero : input(0)
        let count = shape.dropFirst().saturatingProduct()
        let rows = tensor(1).flatMap {
            weighted(operand, by: $0, .init(outer: shape[0], first: 1, inner: 1, last: count))
        }
        return withBias(rows ?? [(operand * input(1)).times(count)])
    }

    fileprivate var transposedConvolution: Interval {
        guard let groups = int("group"), let shape = lengths(1), shape.count > 2, groups > 0, shape[0] % groups == 0
        else { return .everything }
        // Places between the elements see only some of the weights.
        let operand = input(0).withZero
        let taps = shape.dropFirst(2).saturatingProduct()
        let rows = tensor(1).flatMap {
            weighted(operand, by: $0, .init(outer: groups, first: shape[0] / groups, inner: shape[1], last: taps))
        }
        return withBias(rows ?? [(operand * input(1)).times([shape[0] / groups, taps].saturatingProduct()).withZero])
    }

    /// The products of a convolution with its bias, operand 2.
    private func withBias(_ rows: [Interval]) -> Interval {
        guard has(2) else { return .hull(of: rows) }
        if let bias = numbers(2), bias.count == rows.count {
            return .hull(of: zip(rows, bias).map { $0 + Interval($1) })
        }
        return Interval.hull(of: rows) + data(2)
    }

    /// Whether a window sees zeros beyond the input's edge.
    private var isPadded: Bool {
        if let mode = try? node.string("auto_pad"), mode.hasPrefix("SAME") { return true }
        return (try? node.optionalInts("pads"))?.contains { $0 != 0 } ?? false
    }

    fileprivate var contraction: Interval {
        guard let equation = try? EinsumEquation(node.string("equation")),
            equation.operands.count == node.inputs.count
        else { return .everything }
        var summed: [Character: Int] = [:]
        for (index, axes) in equation.operands.enumerated() {
            guard let lengths = lengths(index),
                let split = axes.firstIndex(of: .ellipsis) ?? axes.indices.last.map({ $0 + 1 })
            else { return .everything }
            for (position, axis) in axes.enumerated() where !equation.output.contains(axis) {
                // Axes behind the ellipsis count from the end.
                let place = position < split ? position : lengths.count - (axes.count - position)
                guard case .letter(let letter) = axis, lengths.indices.contains(place) else { return .everything }
                summed[letter] = max(summed[letter] ?? 0, lengths[place])
            }
        }
        let product = inputs.dropFirst().reduce(input(0)) { $0 * $1 }
        return product.times(summed.values.saturatingProduct())
    }

    /// The state of a recurrent layer with its usual activations, which are means of hyperbolic tangents and the first state.
    fileprivate var recurrentState: Interval {
        guard node.attributes["activations"] == nil else { return .everything }
        return has(5) ? Interval.signedUnit.joined(with: input(5)) : .signedUnit
    }
}
