import IR

/// The simplest operators on strings.
let textKernels: [KernelRow] = [
    KernelRow("StringConcat") { call in
        let (left, right) = (try call.input(0), try call.input(1))
        let loop = try PairLoop(left, right)
        let texts = loop.map(try left.strings(), try right.strings()) { $0 + $1 }
        return try NumericArray(.string, shape: loop.shape, storage: .strings(texts))
    },
    KernelRow(outputs: "StringSplit") { call in
        let input = try call.input(0)
        let delimiter = try call.node.optionalString("delimiter") ?? ""
        let most = try call.node.optionalInt("maxsplit") ?? .max
        let parts = try input.strings().map { text in
            delimiter.isEmpty ? words(text, most: most) : pieces(text, between: delimiter, most: most)
        }
        let width = parts.map(\.count).max() ?? 0
        let padded = parts.flatMap { $0 + Array(repeating: "", count: width - $0.count) }
        return [
            try NumericArray(.string, shape: input.shape + [width], storage: .strings(padded)),
            try call.result(parts.map { Int64($0.count) }, shape: input.shape, type: .int64),
        ]
    },
]

private func words(_ text: String, most: Int) -> [String] {
    text.split(maxSplits: max(0, most), whereSeparator: \.isWhitespace).enumerated().map { index, word in
        // The rest, if splitting stopped early, starts at a word.
        index == most ? String(word.drop(while: \.isWhitespace)) : String(word)
    }
}

private func pieces(_ text: String, between delimiter: String, most: Int) -> [String] {
    if text.isEmpty { return [] }
    var (result, rest) = ([String](), text[...])
    while result.count < most, let found = rest.firstRange(of: delimiter) {
        result.append(String(rest[..<found.lowerBound]))
        rest = rest[found.upperBound...]
    }
    return result + [String(rest)]
}
