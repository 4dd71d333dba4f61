import IR

extension DifferentiableForms {
    /// Quotients, absolute values and powers.
    static let arithmetic: [OperatorName: Writer] = [
        // x / y = x · (1/y), unless y is a constant of the program.
        "Div": form { node in
            let (dividend, divisor) = (try node.input(0), try node.input(1))
            if divisor.value.knownTensor != nil { return nil }
            let reciprocal = try divisor.apply("Reciprocal")
            let isOne = dividend.value.knownTensor?.scalar == 1
            return try isOne && dividend.rank <= divisor.rank ? reciprocal : dividend * reciprocal
        },
        // |x| = x · sign(x)
        "Abs": form { node in
            let x = try node.input(0)
            return try x * x.apply("Sign")
        },
        // x^p = x^(p-1) · x for whole p from 3 on: the slope is p · x^(p-1).
        "Pow": form { node in
            let base = try node.input(0)
            guard let power = try node.input(1).value.knownTensor?.scalar, power >= 3, power == power.rounded(),
                try node.input(1).rank == 0
            else { return nil }
            let last = try base.apply("Pow", base.scalar(power - 1))
            return try last * base
        },
    ]
}
