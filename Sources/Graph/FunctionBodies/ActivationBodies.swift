extension FunctionBodies {
    /// Activation functions.
    static let activations: [OperatorName: Writer] = [
        "Celu": bent { b, x in
            let alpha = try b.float("alpha")
            return ((x / alpha).apply("Exp") - 1) * alpha
        },
        "Clip": function { b, x in
            var result = x
            if let least = b.optionalInput(1) { result = result.apply("Max", least) }
            if let greatest = b.optionalInput(2) { result = result.apply("Min", greatest) }
            return result.id == x.id ? x.apply("Identity") : result
        },
        "Elu": bent { b, x in (x.apply("Exp") - 1) * (try b.float("alpha")) },
        "Gelu": function { b, x in
            switch try b.node.string("approximate", default: "none") {
            case "none": (x * 0.5) * ((x * 0.5.squareRoot()).apply("Erf") + 1)
            case "tanh":
                (x * 0.5)
                    * (((x + (x.apply("Pow", x.scalar(3)) * 0.044715)) * (2 / Double.pi).squareRoot()).apply("Tanh")
                        + 1)
            case let other: throw HarrierError("Gelu has no approximation '\(other)'")
            }
        },
        "HardSigmoid": function { b, x in
            clipped((x * (try b.float("alpha"))) + (try b.float("beta")))
        },
        "HardSwish": function { _, x in x * clipped((x * (1.0 / 6)) + 0.5) },
        "LeakyRelu": bent { b, x in x * (try b.float("alpha")) },
        "Mish": function { _, x in x * softplus(x).apply("Tanh") },
        "PRelu": bent { b, x in x * (try b.input(1)) },
        "Selu": function { b, x in
            let (alpha, gamma) = (try b.float("alpha"), try b.float("gamma"))
            let above = x.apply("Relu")
            return (above * gamma) + (((x - above).apply("Exp") - 1) * (alpha * gamma))
        },
        "Shrink": function { b, x in
            let (bias, threshold) = (try b.float("bias"), try b.float("lambd"))
            let low = x.apply("Less", x.scalar(-threshold), elementType: .bool)
            let high = x.apply("Greater", x.scalar(threshold), elementType: .bool)
            let rest = choose(high, x - bias, x.scalar(0))
            return choose(low, x + bias, rest)
        },
        "Softplus": function { _, x in softplus(x) },
        "Softsign": function { _, x in x / (x.apply("Abs") + 1) },
        "Swish": function { b, x in x * (x * (try b.float("alpha"))).apply("Sigmoid") },
        "ThresholdedRelu": function { b, x in
            let isAbove = x.apply("Greater", x.scalar(try b.float("alpha")), elementType: .bool)
            return choose(isAbove, x, x.scalar(0))
        },
    ]

    /// The writer of a function of the first operand with one output.
    static func function(
        _ write: @escaping @Sendable (BodyBuilder, BodyBuilder.Term) throws -> BodyBuilder.Term
    ) -> Writer {
        { builder in [try write(builder, try builder.input(0))] }
    }

    /// A function that is the identity above 0 and another below: the sum of x above 0 and what the other makes of x
    /// below 0, where each is 0 on the other's side.
    private static func bent(
        _ below: @escaping @Sendable (BodyBuilder, BodyBuilder.Term) throws -> BodyBuilder.Term
    ) -> Writer {
        function { b, x in
            let above = x.apply("Relu")
            return above + (try below(b, x - above))
        }
    }

    private static func clipped(_ x: BodyBuilder.Term) -> BodyBuilder.Term {
        x.apply("Clip", x.scalar(0), x.scalar(1))
    }

    private static func softplus(_ x: BodyBuilder.Term) -> BodyBuilder.Term { (x.apply("Exp") + 1).apply("Log") }

    private static func choose(
        _ condition: BodyBuilder.Term, _ yes: BodyBuilder.Term, _ no: BodyBuilder.Term
    ) -> BodyBuilder.Term {
        condition.apply("Where", yes, no, elementType: yes.elementType)
    }
}
