import Foundation
import IR
import Testing

/// Where the product names operators: facts are asked of the operator's row, and no list of operators repeats one.
///
/// What counts as a list, in `Sources` but for the rows themselves (`Sources/IR/Operators`):
/// * an array of two or more strings all of which are names of operators;
/// * the patterns of one `case` that name more than four operators.
///
/// What does not: rows of tables keyed by operator (kernels, prices, gradients, ranges, and in `ONNXFormat/Opset` the changes
/// between versions), which say what a layer does with an operator; and what a comment before it calls an exception to a fact, with its reason.
@Suite struct OperatorNameTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private struct Source {
        let path: String
        let text: String
    }

    private static let sources: [Source] = {
        let folder = root.appendingPathComponent("Sources")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects ?? []
        return files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }.compactMap { url in
            let path = String(url.path.dropFirst(root.path.count + 1))
            guard !path.hasPrefix("Sources/IR/Operators/"), let text = try? String(contentsOf: url, encoding: .utf8)
            else { return nil }
            return Source(path: path, text: text)
        }
    }()

    private static let operators = Set(OperatorTable.rows.keys.map(\.type))

    private static func names(in text: Substring) -> [String] {
        text.matches(of: #/"([^"]*)"/#).map { String($0.1) }
    }

    private static func line(of index: String.Index, in text: String) -> Int {
        text[..<index].count { $0 == "\n" } + 1
    }

    /// The arrays of a file that list operators.
    private static func lists(in source: Source) -> [String] {
        let arrays = source.text.matches(of: #/\[\s*"[A-Za-z]+"(\s*,\s*"[A-Za-z]+")+\s*,?\s*\]/#)
        let cases = source.text.matches(of: #/case (\.some\()?"[A-Z]\w*"(,\s*"[A-Z]\w*"){4,}/#)
        let ranges = arrays.map(\.range) + cases.map(\.range)
        return ranges.filter { range in
            let before = source.text[..<range.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
            let isException = before.suffix(3).contains { $0.contains("// Exception to .") }
            return names(in: source.text[range]).allSatisfy(operators.contains) && !isException
        }.map { "\(source.path):\(line(of: $0.lowerBound, in: source.text)): \(source.text[$0])" }
    }

    /// The comparisons of a node's operator with one that is named.
    private static func comparisons(in source: Source) -> [String] {
        let path = source.path.dropFirst("Sources/".count)
        // By Unicode's rules there is no boundary of words in 'node.op'.
        let comparison = #/\bop(\.type)? (==|!=) ("[A-Z]\w*"|ProtocolLevel\.\w+)/#.wordBoundaryKind(.simple)
        return source.text.matches(of: comparison).map { match in
            "\(path): \(match.3.trimmingPrefix("ProtocolLevel.").filter { $0 != "\"" })"
        }
    }

    @Test func noListRepeatsAFact() {
        let isTable: (Source) -> Bool = { $0.path.hasPrefix("Sources/ONNXFormat/Opset/Changes+") }
        #expect(Self.sources.count > 300)
        for list in Self.sources.filter({ !isTable($0) }).flatMap(Self.lists) { Issue.record("\(list)") }
    }

    @Test func listsAreRecognized() {
        func found(_ text: String) -> Int { Self.lists(in: Source(path: "", text: text)).count }
        #expect(found(#"["Relu", "Gelu"].contains(op)"#) == 1)
        #expect(found("[\n  \"Relu\",\n  \"Gelu\",\n]") == 1)
        #expect(found(#"case "Add", "Sub", "Mul", "Div", "Neg": true"#) == 1)
        #expect(found(#"case "Add", "Sub": true"#) == 0)
        #expect(found(#"["B", "kB"]"#) == 0)
        #expect(found("// Exception to .increasing: not measured.\nlet names = [\"Relu\", \"Gelu\"]") == 0)
    }

    /// Why a place compares with an operator by name: it is about what this one operator does there, not about what holds of
    /// operators.
    private static let reasons: [String: String] = [
        "Autograd/Engine/Tape.swift: Scan":
            "the tape unrolls Scans, the one operator with a body that it differentiates",
        "Autograd/Step/Graph+TrainingMode.swift: BatchNormalization": "training turns its mode on",
        "Autograd/Step/Graph+TrainingMode.swift: Dropout": "training turns its mode on",
        "Autograd/Step/StepExpansion.swift: BatchNormalization": "its outputs are the new statistics",
        "Evaluate/Exact/ExactCheck.swift: Log": "the definition of a logarithm",
        "Evaluate/Exact/ExactInterpreter.swift: Cast": "makes exact numbers of plain ones",
        "Evaluate/Kernels/Shape.swift: Size": "one function is the kernel of both shape queries",
        "Evaluate/SampleGenerator.swift: Cast": "hands numbers on though it rounds them",
        "Frameworks/CrypTen/CrypTen+Importer.swift: AveragePool": "the importer's pools differ by it",
        "Frameworks/SPU/Operators/SPU+Fusion.swift: Sqrt": "a pattern of SPU's compiler",
        "Frameworks/SPU/Operators/SPU+Fusion.swift: Add": "a pattern of SPU's compiler",
        "Frameworks/SPU/Operators/SPU+Fusion.swift: Exp": "a pattern of SPU's compiler",
        "Frameworks/SPU/Operators/SPU+Fusion.swift: Where": "a pattern of SPU's compiler",
        "IR/IR/Node+Literal.swift: Constant": "a Constant is a value, not a node",
        "IR/Transform/Graph+FoldConstants.swift: Identity": "an Identity is removed",
        "Pricing/ProtocolLevel/Profiler+ProtocolLevel.swift: openOnce": "its opening is charged once a session",
        "Pricing/Training/Profiler+Training.swift: Scan": "unrolled as by the tape",
        "Rewrite/ProtocolLevel/Graph+Raising.swift: truncate": "undoes this operator",
        "Rewrite/ProtocolLevel/Graph+Raising.swift: open": "undoes this operator",
        "Rewrite/ProtocolLevel/Lowering.swift: Relu": "never negative; a Clip's bound decides",
        "Rewrite/ProtocolLevel/RingSimulation.swift: Clip": "its bounds are at the operand's scale",
        "Rewrite/Recognition/KnownOperator.swift: Sqrt": "a root is also written as a power",
        "Rewrite/Check/GraphVariations+Shapes.swift: Conv": "volumes are drawn of its images",
        "Rewrite/Rules/Rule.swift: Constant": "a Constant is a value, not a node",
        "Rewrite/Sites/Graph+TrainableCoefficients.swift: Div": "the quotient is no product",
        "Suggest/Samples/InputStatistics.swift: Conv": "statistics of images stand in the first layers",
        "Suggest/Samples/InputStatistics.swift: BatchNormalization": "statistics of images stand in the first layers",
    ]

    @Test func operatorsAreSeldomComparedByName() {
        let found = Self.sources.flatMap(Self.comparisons)
        #expect(found.count < 30, "\(found.count) comparisons")
        let unexplained = Set(found).symmetricDifference(Self.reasons.keys)
        #expect(unexplained.isEmpty, "without a reason, or a reason without a comparison: \(unexplained.sorted())")
    }

    /// An attribute's default is said in the row alone.
    @Test func defaultsAreNotRepeated() {
        for source in Self.sources where !source.path.hasPrefix("Sources/ONNXFormat/Opset/") {
            for match in source.text.matches(of: #/\.(int|float|string|ints|flag)\("\w+"[^)\n]*default:/#) {
                Issue.record("\(source.path): \(match.0)")
            }
        }
    }
}
