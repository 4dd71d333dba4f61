/// Linear models of `ai.onnx.ml`, and what stands around them, in ONNX's own operators. Trained numbers become parameters of the body.
extension NodeContext {
    /// `X · Cᵀ + b`.
    func linearRegressor() throws -> [GraphBuilder.Term]? {
        guard let scores = try linearScores(count: int("targets")) else { return nil }
        return try transformed(scores).map { [$0] }
    }

    /// The label with the greatest score, and the scores.
    ///
    /// - Returns: nil if there are fewer rows of coefficients than labels.
    func linearClassifier() throws -> [GraphBuilder.Term]? {
        let labels = try ClassLabels(node, integers: "classlabels_ints")
        guard let scores = try linearScores(count: labels.count), let result = try transformed(scores) else {
            return nil
        }
        return [try label(of: scores, labels), result]
    }

    private func linearScores(count: Int) throws -> GraphBuilder.Term? {
        let coefficients = try node.optionalFloats("coefficients") ?? []
        let x = try rows()
        guard count > 0, let width = x.shape?.last?.value, coefficients.count == [width, count].saturatingProduct()
        else { return nil }
        // One column for each target.
        let columns = (0..<width).flatMap { feature in (0..<count).map { coefficients[$0 * width + feature] } }
        let product = try x.matrixProduct(parameter("coefficients", columns, [width, count]))
        guard let intercepts = try node.optionalFloats("intercepts"), !intercepts.isEmpty else { return product }
        return try product + parameter("intercepts", intercepts, [intercepts.count])
    }

    /// `(x - offset) · scale`.
    func scaledFeatures() throws -> [GraphBuilder.Term]? {
        var result = try input(0).cast(to: .float32)
        if let offset = try node.optionalFloats("offset") {
            result = try result - parameter("offset", offset, [offset.count])
        }
        if let scale = try node.optionalFloats("scale") {
            result = try result * parameter("scale", scale, [scale.count])
        }
        return [result]
    }

    /// Rows divided by their norms.
    func normalizedRows() throws -> [GraphBuilder.Term]? {
        guard let rank = try input(0).shape?.count else { return nil }
        let x = try input(0).cast(to: .float32)
        let reduction: OperatorName
        switch try node.string("norm") {
        case "MAX": reduction = "ReduceMax"
        case "L1": reduction = "ReduceL1"
        case "L2": reduction = "ReduceL2"
        default: return nil
        }
        return [try x / x.reduced(reduction, axes: [rank - 1])]
    }

    /// 1 where elements are above the threshold.
    func binarized() throws -> [GraphBuilder.Term]? {
        [try input(0).isGreater(than: float("threshold")).cast(to: input(0).elementType)]
    }

    /// Columns beside each other.
    func joinedFeatures() throws -> [GraphBuilder.Term]? {
        let columns = try inputs.compactMap { try $0?.cast(to: .float32) }
        return [try builder.apply("Concat", columns, ["axis": .int(-1)])]
    }

    /// Elements of the last axis at the given places.
    func extractedFeatures() throws -> [GraphBuilder.Term]? {
        guard let rank = try input(0).shape?.count else { return nil }
        let table = rank == 1 ? try input(0).apply("Unsqueeze", builder.integers([0])) : try input(0)
        return [try table.apply("Gather", input(1).reshaped([-1]), attributes: ["axis": .int(-1)])]
    }

    // MARK: What models share

    /// A trained number, or several.
    func parameter(_ name: String, _ numbers: [Float], _ shape: [Int]) throws -> GraphBuilder.Term {
        try builder.initializer(name, Tensor(float32: numbers, shape: shape))
    }

    /// The operand as 32-bit numbers, one row for each sample.
    func rows() throws -> GraphBuilder.Term {
        let x = try input(0).cast(to: .float32)
        return x.shape?.count == 1 ? try x.apply("Unsqueeze", builder.integers([0])) : x
    }

    /// Scores as the attribute `post_transform` has them; nil for the inverse of the normal distribution.
    func transformed(_ scores: GraphBuilder.Term) throws -> GraphBuilder.Term? {
        switch try node.string("post_transform") {
        case "NONE": scores
        case "LOGISTIC": try scores.apply("Sigmoid")
        case "SOFTMAX": try scores.apply("Softmax")
        default: nil
        }
    }

    /// The label with the greatest score of each row.
    func label(of scores: GraphBuilder.Term, _ labels: ClassLabels) throws -> GraphBuilder.Term {
        let place = try scores.apply("ArgMax", attributes: ["axis": .int(1), "keepdims": .int(0)])
        guard let table = labels.table else { return place }
        return try builder.literal(table).apply("Gather", place)
    }
}

/// The labels of a classifier.
struct ClassLabels {
    private let integers: [Int]
    private let texts: [String]

    /// How many there are.
    var count: Int { max(integers.count, texts.count) }

    /// The labels by their places; nil where they are the places themselves.
    var table: Tensor? {
        if !texts.isEmpty, integers.isEmpty { return Tensor(.string, shape: [texts.count], payload: .strings(texts)) }
        return integers == Array(integers.indices) ? nil : Tensor(int64: integers)
    }

    /// - Parameter name: the attribute with labels that are integers.
    init(_ node: Node, integers name: String) throws {
        integers = try node.optionalInts(name) ?? []
        texts = node.strings("classlabels_strings")
    }
}
