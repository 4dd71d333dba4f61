import IR

extension Losses {
    /// Losses of a class out of many.
    static let classification = [
        Loss(
            name: "cross_entropy", aliases: ["ce", "crossentropyloss", "softmax_cross_entropy"],
            summary: "negative logarithm of the softmax at the target's class", targetForms: [.values, .indices],
            write: crossEntropy),
        Loss(
            name: "nll_loss", aliases: ["nll", "nllloss"],
            summary: "negative logarithm of a probability, the prediction being logarithms",
            targetForms: [.values, .indices]
        ) { operands in
            let target = operands.target
            let products = try operands.prediction * target
            let values = try -products.reduced("ReduceSum", axes: [operands.classAxis], keepsAxes: false)
            return Loss.Elements(values: values, gradient: { try target * -$0 })
        },
    ]

    /// Written out so that what the value computes on the way (exponentials and their sums) is used again by the
    /// gradient: softmax(x) - target, because targets add up to one along the classes.
    private static func crossEntropy(_ operands: Loss.Operands) throws -> Loss.Elements {
        let (x, target) = (operands.prediction, operands.target)
        let axes = [try operands.classAxis]
        var largest = try x.reduced("ReduceMax", axes: axes)
        if operands.style == .jax {
            // `jax.nn.log_softmax` takes the maximum with an initial value, which SPU compares, too.
            largest = try largest.apply("Max", largest.scalar(-.infinity))
        }
        let shifted = try x - largest
        let exponentials = try shifted.apply("Exp")
        let sums = try exponentials.reduced("ReduceSum", axes: axes)
        let logarithms = try shifted - sums.apply("Log")
        let values = try -(target * logarithms).reduced("ReduceSum", axes: axes, keepsAxes: false)
        return Loss.Elements(values: values) { scale in
            switch operands.style {
            case .harrier: return try (exponentials * sums.apply("Reciprocal") - target) * scale
            case .jax:
                // The reverse of `jax.nn.log_softmax`, primitive by primitive: the gradient of the sum is collected from
                // all classes and divided by it.
                let direct = try target * -scale
                let collected = try -direct.reduced("ReduceSum", axes: axes)
                return try direct + exponentials * (collected / sums)
            }
        }
    }
}
