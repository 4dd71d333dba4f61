extension FunctionBodies {
    /// Activation functions.
    static let activations: [OperatorName: Writer] = [
        "Celu": bent { b, x in
            let alpha = try b.float("alpha")
            return try ((x / alpha).apply("Exp") - 1) * alpha
        },
        "Clip": function { b, x in
            var result = x
            if let least = b.optionalInput(1) { result = try result.apply("Max", least) }
            if let greatest = b.optionalInput(2) { result = try result.apply("Min", greatest) }
            return result.id == x.id ? try x.apply("Identity") : result
        },
        "Elu": bent { b, x in try (x.apply("Exp") - 1) * b.float("alpha") },
        "Gelu": function { b, x in
            switch try b.node.string("approximate") {
            case "none": try (x * 0.5) * ((x * 0.5.squareRoot()).apply("Erf") + 1)
            case "tanh":
                try (x * 0.5)
                    * (((x + (x.apply("Pow", x.scalar(3)) * 0.044715)) * (2 / Double.pi).squareRoot()).apply("Tanh")
                        + 1)
            case let other: throw HarrierError("Gelu has no approximation '\(other)'")
            }
        },
        "HardSigmoid": function { b, x in
            try clipped((x * b.float("alpha")) + b.float("beta"))
        },
        "HardSwish": function { _, x in try x * clipped((x * (1.0 / 6)) + 0.5) },
        "LeakyRelu": bent { b, x in try x * b.float("alpha") },
        "Mish": function { _, x in try x * softplus(x).apply("Tanh") },
        "PRelu": bent { b, x in try x * b.input(1) },
        "Selu": function { b, x in
            let (alpha, gamma) = (try b.float("alpha"), try b.float("gamma"))
            let above = try x.apply("Relu")
            return try (above * gamma) + (((x - above).apply("Exp") - 1) * (alpha * gamma))
        },
        "Shrink": function { b, x in
            let (bias, threshold) = (try b.float("bias"), try b.float("lambd"))
            let low = try x.isLess(than: -threshold)
            let high = try x.isGreater(than: threshold)
            let rest = try high.chooses(x - bias, else: x.scalar(0))
            return try low.chooses(x + bias, else: rest)
        },
        "Softplus": function { _, x in try softplus(x) },
        "Softsign": function { _, x in try x / (x.apply("Abs") + 1) },
        "Swish": function { b, x in try x * (x * b.float("alpha")).apply("Sigmoid") },
        "ThresholdedRelu": function { b, x in
            try x.isGreater(than: b.float("alpha")).chooses(x, else: x.scalar(0))
        },
    ]

    /// The writer of a function of the first operand with one output.
    static func function(
        _ write: @escaping @Sendable (NodeContext, GraphBuilder.Term) throws -> GraphBuilder.Term
    ) -> Writer {
        { node in [try write(node, try node.input(0))] }
    }

    /// A function that is the identity above 0 and another below: the sum of x above 0 and what the other makes of x
    /// below 0, where each is 0 on the other's side.
    private static func bent(
        _ below: @escaping @Sendable (NodeContext, GraphBuilder.Term) throws -> GraphBuilder.Term
    ) -> Writer {
        function { b, x in
            let above = try x.apply("Relu")
            return try above + below(b, x - above)
        }
    }

    private static func clipped(_ x: GraphBuilder.Term) throws -> GraphBuilder.Term {
        try x.apply("Clip", x.scalar(0), x.scalar(1))
    }

    private static func softplus(_ x: GraphBuilder.Term) throws -> GraphBuilder.Term {
        try (x.apply("Exp") + 1).apply("Log")
    }
}
