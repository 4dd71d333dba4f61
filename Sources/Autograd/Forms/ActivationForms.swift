import IR

extension DifferentiableForms {
    /// Activations with a kink.
    static let activations: [OperatorName: Writer] = [
        // The bit of the comparison chooses forward and backward.
        "Relu": form { node in
            let x = try node.input(0)
            return try x.isGreater(than: 0).chooses(x, else: x.scalar(0))
        },
        // The gradient of a Softplus is a Sigmoid, which is finite where exponentials are not.
        "Mish": form { node in
            let x = try node.input(0)
            return try x * x.apply("Softplus").apply("Tanh")
        },
        // Both comparisons look at x, so that they run together; one choice is of secrets, the other of the bounds.
        "Clip": form { node in
            let x = try node.input(0)
            switch (node.optionalInput(1), node.optionalInput(2)) {
            case (nil, nil): return try x.apply("Identity")
            case (let least?, nil): return try x.apply("GreaterOrEqual", least).chooses(x, else: least)
            case (nil, let greatest?): return try x.apply("LessOrEqual", greatest).chooses(x, else: greatest)
            case (let least?, let greatest?):
                let isAbove = try x.apply("GreaterOrEqual", least)
                let isInside = try isAbove.apply("And", x.apply("LessOrEqual", greatest))
                return try isInside.chooses(x, else: isAbove.chooses(greatest, else: least))
            }
        },
        // Drawn on a public tensor: the mask and its factor are a product with public numbers, forward and backward.
        "Dropout": { node in
            guard let isTraining = node.optionalInput(2)?.value.knownTensor?.scalar, isTraining != 0,
                let x = node.optionalInput(0)
            else { return nil }
            let ones = try x.scalar(1).expanded(to: x.lengths)
            let draws = try node.builder.apply(
                "Dropout", [ones, node.optionalInput(1), node.optionalInput(2)], node.node.attributes, outputCount: 2)
            return [try x * draws[0], draws[1]]
        },
    ]
}
