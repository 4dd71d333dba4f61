extension OperatorTable {
    /// Operators of `ai.onnx.ml`, as scikit-learn's exporter writes them: linear models, trees, support vector machines and what stands around
    /// them. Each has a body of ONNX's own operators, in which trained numbers are parameters.
    static let classicalOperators: [OperatorDefinition] = [
        classical(
            "ArrayFeatureExtractor", inputs: 2...2, body: { try $0.extractedFeatures() }
        ) { inference in
            try inference.requireIntegers(1)
            guard let shape = inference.shape(0), let count = inference.type(1)?.elementCount else {
                return inference.setOutput(0, inference.elementType(0), nil)
            }
            let rows = shape.count > 1 ? Array(shape.dropLast()) : [.known(1)]
            inference.setOutput(0, inference.elementType(0), rows + [.known(count)])
        }.computing(inTypeOf: nil),
        classical("Binarizer", [.optional("threshold", .float(0))], body: { try $0.binarized() }) {
            $0.setOutput(0, $0.type(0))
        }.computing(inTypeOf: nil),
        classical(
            "FeatureVectorizer", inputs: 1...Int.max, [.optional("inputdimensions", .ints)],
            body: { try $0.joinedFeatures() }
        ) {
            inference in
            var width = Dimension.known(0)
            for type in inference.inputTypes {
                guard let own = type?.shape?.last?.value, let sum = width.value else {
                    width = .unknown
                    continue
                }
                width = .known(sum +| own)
            }
            inference.setOutput(
                0, .float32, inference.shape(0).map { ($0.count > 1 ? Array($0.dropLast()) : []) + [width] })
        }.computing(inTypeOf: nil),
        classical(
            "LinearClassifier", outputs: 2...2,
            linear.filter { $0.name != "coefficients" } + classLabels("classlabels_ints") + [
                .required("coefficients", .floats), .optional("multi_class", .int(0)),
            ], body: { try $0.linearClassifier() }
        ) { try $0.inferClassifier("classlabels_ints") }.computing(inTypeOf: nil),
        classical("LinearRegressor", linear + [.optional("targets", .int(1))], body: { try $0.linearRegressor() }) {
            try $0.inferRegressor("targets")
        }.computing(inTypeOf: nil),
        classical("Normalizer", [.optional("norm", .string("MAX"))], body: { try $0.normalizedRows() }) {
            $0.setOutput(0, .float32, $0.shape(0))
        }.computing(inTypeOf: nil),
        classical(
            "Scaler", [.optional("offset", .floats), .optional("scale", .floats)], body: { try $0.scaledFeatures() }
        ) {
            $0.setOutput(0, .float32, $0.shape(0))
        }.computing(inTypeOf: nil),
        classical(
            "SVMClassifier", outputs: 2...2,
            supportVectors + classLabels("classlabels_ints") + [
                .optional("prob_a", .floats), .optional("prob_b", .floats), .optional("vectors_per_class", .ints),
            ]
        ) { try $0.inferClassifier("classlabels_ints") },
        classical(
            "SVMRegressor", supportVectors + [.optional("n_supports", .int(0)), .optional("one_class", .int(0))],
            body: { try $0.supportVectorRegressor() }
        ) { $0.setOutput(0, .float32, $0.shape(0).map { [$0.first ?? .known(1), .known(1)] }) }.computing(
            inTypeOf: nil),
        classical(
            "TreeEnsembleClassifier", outputs: 2...2, trees("class") + classLabels("classlabels_int64s"),
            body: { try $0.treeClassifier() }
        ) { try $0.inferClassifier("classlabels_int64s") }.computing(inTypeOf: nil),
        classical(
            "TreeEnsembleRegressor",
            trees("target") + [
                .optional("aggregate_function", .string("SUM")), .optional("n_targets", .int),
            ], body: { try $0.treeRegressor() }
        ) { try $0.inferRegressor("n_targets") }.computing(inTypeOf: nil),
        // What comes out is a map for each row; the numbers in it are those that went in.
        classical("ZipMap", classLabels("classlabels_int64s"), traits: .dataMovement) { $0.setOutput(0, nil) },
    ]

    /// The domain of the operators.
    static let classicalDomain = "ai.onnx.ml"

    private static func classical(
        _ type: String, inputs: ClosedRange<Int> = 1...1, outputs: ClosedRange<Int> = 1...1,
        _ attributes: [AttributeDefinition] = [], traits: OperatorDefinition.Traits = [],
        body: OperatorDefinition.BodyWriter? = nil, infer: @escaping @Sendable (inout TypeInference) throws -> Void
    ) -> OperatorDefinition {
        OperatorDefinition(
            OperatorName(type, domain: classicalDomain), inputs: inputs, outputs: outputs, attributes: attributes,
            traits: traits, body: body, infer: infer)
    }

    private static let transform = AttributeDefinition.optional("post_transform", .string("NONE"))
    private static let linear: [AttributeDefinition] = [
        .optional("coefficients", .floats), .optional("intercepts", .floats), transform,
    ]
    private static let supportVectors: [AttributeDefinition] =
        linear.filter { $0.name != "intercepts" } + [
            .optional("kernel_params", .floats), .optional("kernel_type", .string("LINEAR")), .optional("rho", .floats),
            .optional("support_vectors", .floats),
        ]

    private static func classLabels(_ integers: String) -> [AttributeDefinition] {
        [.optional(integers, .ints), .optional("classlabels_strings", .strings)]
    }

    /// The lists that say what the trees are; `class` or `target` is what stands at their leaves.
    private static func trees(_ leaves: String) -> [AttributeDefinition] {
        let lists: [AttributeDefinition] = [
            "falsenodeids", "featureids", "missing_value_tracks_true", "nodeids", "treeids", "truenodeids",
        ]
        .map { .optional("nodes_\($0)", .ints) }
        let own: [AttributeDefinition] = ["ids", "nodeids", "treeids"].map { .optional("\(leaves)_\($0)", .ints) }
        return lists + own + [
            .optional("nodes_values", .floats), .optional("nodes_hitrates", .floats),
            .optional("nodes_modes", .strings),
            .optional("\(leaves)_weights", .floats), .optional("base_values", .floats), transform,
            .optional("nodes_values_as_tensor", .tensor), .optional("nodes_hitrates_as_tensor", .tensor),
            .optional("\(leaves)_weights_as_tensor", .tensor), .optional("base_values_as_tensor", .tensor),
        ]
    }
}

extension TypeInference {
    /// A label for each row, and a score for each label.
    fileprivate mutating func inferClassifier(_ integers: String) throws {
        let texts = node.strings("classlabels_strings")
        let count = try node.optionalInts(integers)?.count ?? 0
        let isText = count == 0 && !texts.isEmpty
        let rows = shape(0).map { $0.count > 1 ? $0[0] : .known(1) }
        setOutput(0, isText ? .string : .int64, rows.map { [$0] })
        let width = max(count, texts.count)
        setOutput(1, .float32, rows.map { [$0, width > 0 ? .known(width) : .unknown] })
    }

    fileprivate mutating func inferRegressor(_ targets: String) throws {
        let width = try node.optionalInt(targets) ?? 1
        setOutput(0, .float32, shape(0).map { [$0.count > 1 ? $0[0] : .known(1), .known(width)] })
    }
}

extension Node {
    /// A list of texts; empty if the node does not give it.
    func strings(_ name: String) -> [String] {
        if case .strings(let texts)? = attributes[name] { texts } else { [] }
    }
}
