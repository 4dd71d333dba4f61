import IR

extension GradientTable {
    /// Sums, products and powers. Quotients and absolute values have differentiable forms.
    static let arithmetic: [OperatorName: Row] = [
        "Add": { b in
            for index in 0..<2 { try b.giveSummed(index) { try b.gradient() } }
        },
        "Sub": { b in
            try b.giveSummed(0) { try b.gradient() }
            // The sign is changed after the sum.
            try b.give(1) { try -b.gradient().summed(from: b.output().lengths, to: b.input(1).lengths) }
        },
        "Neg": { b in try b.give { try -b.gradient() } },
        "Mul": { b in
            let (left, right) = (try b.input(0), try b.input(1))
            if left.id == right.id { return try b.give { try b.gradient() * left.scaled(by: 2) } }
            try b.giveProduct(0, with: right)
            try b.giveProduct(1, with: left)
        },
        // A quotient by a constant; others are products with a reciprocal.
        "Div": { b in
            try b.giveSummed(0) { try b.gradient() / b.input(1) }
        },
        "Pow": { b in
            let (base, exponent) = (try b.input(0), try b.input(1))
            try b.giveSummed(0) { try b.gradient() * powerSlope(base, exponent) }
            try b.giveProduct(1, with: b.needs(1) ? b.output() * base.apply("Log") : base)
        },
        "Reciprocal": { b in
            try b.give { try -(b.gradient() * b.output()) * b.output() }
        },
        "Sqrt": { b in
            try b.give { try b.gradient().scaled(by: 0.5) * b.output().apply("Reciprocal") }
        },
        "Identity": { b in try b.give { try b.gradient() } },
        "Cast": { b in try b.give { try b.gradient().cast(to: b.input(0).elementType) } },
        "CastLike": { b in try b.give { try b.gradient().cast(to: b.input(0).elementType) } },
        "Dropout": { b in try b.give { try b.gradient() } },
    ]

    /// p · x^(p-1). Powers that are products are written so.
    private static func powerSlope(
        _ base: GraphBuilder.Term, _ exponent: GraphBuilder.Term
    ) throws -> GraphBuilder.Term {
        guard let power = exponent.value.knownTensor?.scalar else {
            return try exponent * base.apply("Pow", exponent - 1)
        }
        switch power {
        case 0: return base.scalar(0)
        case 1: return base.scalar(1)
        case 2: return try base.scaled(by: 2)
        default: return try base.apply("Pow", base.scalar(power - 1)).scaled(by: power)
        }
    }
}
