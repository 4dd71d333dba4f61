extension OperatorTable {
    /// Loss functions over class scores.
    static let lossOperators: [OperatorDefinition] = [
        OperatorDefinition("NegativeLogLikelihoodLoss", inputs: 2...3, attributes: lossAttributes) {
            try $0.inferLoss()
        }.since(12),
        OperatorDefinition(
            "SoftmaxCrossEntropyLoss", inputs: 2...3, outputs: 1...2, attributes: lossAttributes,
            body: { b in
                let logarithms = try b.input(0).apply("LogSoftmax", attributes: ["axis": .int(1)])
                let attributes = b.node.attributes
                let loss = try logarithms.apply(
                    "NegativeLogLikelihoodLoss", b.input(1), b.optionalInput(2), attributes: attributes)
                return [loss, logarithms]
            }
        ) {
            try $0.inferLoss()
            $0.setOutput(1, $0.type(0))
        }.since(12),
    ]

    private static let lossAttributes: [AttributeDefinition] = [
        .optional("ignore_index", .int), .optional("reduction", .string("mean")),
    ]
}

extension TypeInference {
    /// One loss for each label `[N, ...]` of scores `[N, C, ...]`, or their sum or mean.
    fileprivate mutating func inferLoss() throws {
        let reduction = try node.choice("reduction", of: ["none", "sum", "mean"])
        let elementType = try sharedElementType([0, 2])
        try requireIntegers(1)
        var losses = shape(1)
        if let scores = try shape(0, rank: 2...Int.max) {
            let positions = [scores[0]] + scores[2...]
            if let labels = losses, labels.count != positions.count {
                throw HarrierError("\(node.op) has labels of shape \(display(labels)) for scores \(display(scores))")
            }
            losses = try zip(positions, losses ?? positions).map { try merge($0, $1, "scores and labels") }
            if let weights = try shape(2, rank: 1...1) {
                _ = try merge(weights[0], scores[1], "the numbers of classes")
            }
        }
        setOutput(0, elementType, reduction == "none" ? losses : [])
    }
}
