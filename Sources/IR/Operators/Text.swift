extension OperatorTable {
    /// Operators on strings, and those that read other formats than tensors.
    static let textOperators: [OperatorDefinition] = [
        OperatorDefinition(
            "ImageDecoder", inputs: 1...1, attributes: [.optional("pixel_format", .string("RGB"))]
        ) { inference in
            let format = try inference.node.choice("pixel_format", of: ["RGB", "BGR", "Grayscale"])
            inference.setOutput(0, .uint8, [.unknown, .unknown, .known(format == "Grayscale" ? 1 : 3)])
        }.since(20),
        OperatorDefinition("RegexFullMatch", inputs: 1...1, attributes: [.optional("pattern", .string)]) {
            $0.setOutput(0, .bool, $0.shape(0))
        }.since(20),
        binary("StringConcat").since(20),
        OperatorDefinition(
            "StringNormalizer", inputs: 1...1,
            attributes: [
                .optional("case_change_action", .string("NONE")), .optional("is_case_sensitive", .int(0)),
                .optional("locale", .string), .optional("stopwords", .strings),
            ]
        ) { inference in
            // Stop words leave the list, so its length is open.
            let shape = try inference.shape(0, rank: 1...2)
            let keepsAll = inference.node.attributes["stopwords"] == nil
            inference.setOutput(0, .string, keepsAll ? shape : shape.map { $0.dropLast() + [.unknown] })
        },
        OperatorDefinition(
            "StringSplit", inputs: 1...1, outputs: 2...2,
            attributes: [.optional("delimiter", .string), .optional("maxsplit", .int)]
        ) { inference in
            inference.setOutput(0, .string, inference.shape(0).map { $0 + [.unknown] })
            inference.setOutput(1, .int64, inference.shape(0))
        }.since(20),
        OperatorDefinition(
            "TfIdfVectorizer", inputs: 1...1,
            attributes: [
                .required("max_gram_length", .int), .required("max_skip_count", .int),
                .required("min_gram_length", .int), .required("mode", .string), .required("ngram_counts", .ints),
                .required("ngram_indexes", .ints), .optional("pool_int64s", .ints),
                .optional("pool_strings", .strings), .optional("weights", .floats),
            ]
        ) { inference in
            guard let greatest = try inference.node.ints("ngram_indexes").max(), greatest >= 0 else {
                throw HarrierError("attribute 'ngram_indexes' of TfIdfVectorizer must have entries, none negative")
            }
            let shape = try inference.shape(0, rank: 1...2)
            inference.setOutput(0, .float32, shape.map { $0.dropLast() + [.known(greatest +| 1)] })
        },
    ]
}
