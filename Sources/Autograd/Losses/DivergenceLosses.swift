import IR

extension Losses {
    /// Distances between distributions.
    static let divergences = [
        Loss(
            name: "kl_div", aliases: ["kl", "kldivloss"],
            summary: "Kullback-Leibler divergence of a target from the prediction, which is logarithms",
            targetForms: [.values]
        ) { operands in
            let target = operands.target
            // t · log t is 0 at 0, where the logarithm is taken of 1 instead.
            let safe = try target.isGreater(than: 0).chooses(target, else: target.scalar(1))
            return Loss.Elements(
                values: try target * (safe.apply("Log") - operands.prediction), gradient: { try target * -$0 })
        }
    ]
}
