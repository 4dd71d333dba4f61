import IR

extension GradientTable {
    /// Choices by a bit, which the comparisons of forward have paid for.
    static let choices: [OperatorName: Row] = [
        "Where": { b in
            let (bit, zero) = (try b.input(0), try b.output().scalar(0))
            let gradient = try b.gradient()
            guard b.needs(1) else {
                return try b.giveSummed(2) { try bit.chooses(zero, else: gradient) }
            }
            let chosen = try bit.chooses(gradient, else: zero)
            try b.giveSummed(1) { chosen }
            // What is left of the gradient is the other's: one choice for both.
            try b.giveSummed(2) { try gradient - chosen }
        }
    ]
}
