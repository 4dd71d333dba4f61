import IR

/// Operators that make tensors, losses, and conversions from integers that stand for real numbers.
let generatorRanges: [RangeRow] = [
    RangeRow("ConstantOfShape", reads: .only([]), integers: true) { call in
        guard case .tensor(let tensor)? = call.node.attributes["value"] else { return Interval(0) }
        return call.constants.bounds(of: tensor)
    },
    RangeRow("EyeLike", reads: .only([]), integers: true) { _ in .unit },
    RangeRow("Bernoulli", reads: .only([]), integers: true) { _ in .unit },
    RangeRow("RandomUniform", reads: .only([])) { $0.drawn },
    RangeRow("RandomUniformLike", reads: .only([])) { $0.drawn },
    RangeRow("DequantizeLinear") { call in
        let shifted = call.has(2) ? call.input(0) - call.input(2) : call.input(0)
        return shifted * call.input(1)
    },
    RangeRow(results: "SoftmaxCrossEntropyLoss", reads: .only([])) { call in
        // Weights of classes can be negative.
        [call.has(2) ? .everything : .nonnegative, Interval(-.infinity, 0)]
    },
]

extension RangeCall {
    /// Numbers drawn between two.
    fileprivate var drawn: Interval { Interval(float("low"), float("high")) }
}
