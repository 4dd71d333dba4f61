import IR

extension Losses {
    /// Losses of real numbers.
    static let regression = [
        Loss(
            name: "mse_loss", aliases: ["mse", "mseloss", "l2"], summary: "squared difference",
            targetForms: [.values]
        ) { operands in
            let difference = try operands.prediction - operands.target
            return Loss.Elements(values: try difference * difference, gradient: { try difference * (2 * $0) })
        },
        Loss(
            name: "l1_loss", aliases: ["l1", "l1loss", "mae"], summary: "absolute difference",
            targetForms: [.values]
        ) { operands in
            let difference = try operands.prediction - operands.target
            // The sign is the only comparison; the value and the gradient share it.
            let sign = try difference.apply("Sign")
            return Loss.Elements(values: try difference * sign, gradient: { try sign * $0 })
        },
    ]
}
