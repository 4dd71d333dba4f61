import IR

extension Losses {
    /// Losses of yes or no.
    static let binary = [
        // PyTorch keeps the logarithms above -100, which under MPC is a comparison an element: here they are as they are.
        Loss(
            name: "binary_cross_entropy", aliases: ["bce", "bceloss"],
            summary: "cross-entropy of a probability and a target from 0 to 1", targetForms: [.values]
        ) { operands in
            let (p, target) = (operands.prediction, operands.target)
            let opposite = try 1 - p
            let likelihood = try target * p.apply("Log") + (1 - target) * opposite.apply("Log")
            return Loss.Elements(
                values: try -likelihood, gradient: { try (p - target) * $0 / (p * opposite) })
        },
        // log(1 + exp(x)) - x · target is the same number, without the probability and its logarithms.
        Loss(
            name: "binary_cross_entropy_with_logits",
            aliases: ["bce_with_logits", "bcewithlogitsloss", "bce_logits"],
            summary: "cross-entropy of the sigmoid of the prediction and a target from 0 to 1",
            targetForms: [.values]
        ) { operands in
            let (x, target) = (operands.prediction, operands.target)
            return Loss.Elements(
                values: try x.apply("Softplus") - x * target,
                gradient: { try (x.apply("Sigmoid") - target) * $0 })
        },
    ]
}
