import Foundation
import TestSupport
import Testing

private struct DifferenceJSON: Decodable {
    struct Change: Decodable {
        let kind: String
        let op: String
        let node: String
        let text: String
        let culprit: Bool
    }

    struct Place: Decodable {
        let node: String
        let causes: [Int]
    }

    struct Operator: Decodable {
        let op: String
        let before: Int
        let after: Int
    }

    let verdict: String
    let changes: [Change]
    let places: [Place]
    let operators: [Operator]
}

private struct ExplanationJSON: Decodable {
    struct Node: Decodable {
        struct Rule: Decodable {
            let rule: String
            let outcome: String
            let why: String
        }

        let node: String
        let graph: String
        let rules: [Rule]
    }

    let explanations: [Node]
}

@Suite("harrier explain")
struct ExplainTests {
    private static let body =
        "g (float[2,3] x) => (float[2,3] y) { a = Exp (x)  b = Relu (a)  c = Neg (b)  y = Relu (c) }"

    private func write(_ text: String, _ name: String, in folder: URL) throws -> String {
        let path = folder.appendingPathComponent(name).path
        try ("<ir_version: 8, opset_import: [\"\": 17]>\n" + text).write(
            toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test("what one model lacks is named, in a table and in JSON, and verify names it, too")
    func difference() throws {
        try withTemporaryFolder { folder in
            let first = try write(Self.body, "first.onnxtxt", in: folder)
            let second = try write(
                Self.body.replacing("y = Relu (c)", with: "y = Abs (c)"), "second.onnxtxt", in: folder)
            let third = try write(
                Self.body.replacing("b = Relu (a)  c = Neg (b)", with: "c = Neg (a)"), "third.onnxtxt", in: folder)
            let text = try Command.output(["explain", first, second])
            #expect(
                text.contains("became Abs") && text.contains("Differs numerically") && text.contains("elements before"))
            let json = try Command.json(DifferenceJSON.self, ["explain", first, second, "--format", "json"])
            #expect(json.verdict == "differs numerically")
            #expect(json.changes.map(\.kind) == ["replaced"] && json.changes.allSatisfy(\.culprit))
            #expect(json.places.map(\.causes) == [[0]])
            #expect(json.operators.first { $0.op == "Relu" }.map { [$0.before, $0.after] } == [2, 1])
            let equal = try Command.json(DifferenceJSON.self, ["explain", first, third, "--format", "json"])
            #expect(equal.verdict == "equal numerically" && equal.changes.map(\.kind) == ["lost"])
            #expect(equal.changes.allSatisfy { !$0.culprit })
            let verified = try Command.run(["verify", first, second])
            #expect(verified.status == 1 && verified.output.contains("became Abs"), "\(verified.output)")
        }
    }

    @Test("optimize --explain says what came of each rule at a node")
    func explanation() throws {
        let model = try Fixtures.path("models/minionn.onnx")
        let base = ["optimize", model, "--framework", "crypten"]
        let node = "/conv/conv.0/Conv"
        let json = try Command.json(
            ExplanationJSON.self, base + ["--explain", node, "--explain", "/conv/conv.1/Relu", "--format", "json"])
        #expect(json.explanations.count == 2)
        let rules = try #require(json.explanations.first?.rules)
        #expect(rules.contains { $0.rule == "conv-batchnorm" && $0.outcome == "near miss" }, "\(rules)")
        let text = try Command.output(base + ["--explain", node])
        #expect(text.contains("near miss") && text.contains("conv-batchnorm"))
        let wrong = try Command.run(base + ["--explain", "/nowhere"])
        #expect(wrong.status == 1 && wrong.errors.contains("/nowhere") && wrong.output.isEmpty)
    }
}
