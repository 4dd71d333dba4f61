import Evaluate
import Frameworks
import IR
import Pricing
import Rewrite
import Testing

/// Every operator whose row says that it is increasing costs the same before a maximum as after it.
@Suite struct IncreasingOperatorTests {
    /// A node of the operator, as text behind its name, and where it is defined.
    struct Call: Sendable, CustomTestStringConvertible {
        let op: OperatorName
        let attributes: String

        var testDescription: String { "\(op)\(attributes)" }
    }

    /// Every increasing operator of the table that takes one number and gives one, with its defaults and with other attributes.
    static let calls: [Call] = OperatorTable.operators(with: .increasing, may: true).flatMap { op in
        let texts = [
            "", "<alpha: float = 0.1>", "<alpha: float = 2.0>", "<alpha: float = 0.3, beta: float = 0.25>",
            "<alpha: float = 2.0, gamma: float = 0.5>", "<bias: float = 0.25, lambd: float = 1.0>", "<to: int = 1>",
        ]
        return texts.filter { text in
            guard op.domain.isEmpty, let definition = OperatorTable[op], definition.inputs.contains(1),
                let graph = try? graph("y = \(op) \(text) (x)"), let node = graph.nodes.first
            else { return false }
            return node.has(.increasing) && node.attributes.keys.allSatisfy { definition.attribute($0) != nil }
                && definition.attributes.allSatisfy { !$0.isRequired || node.attributes[$0.name] != nil }
        }.map { Call(op: op, attributes: $0) }
    }

    private static func graph(_ body: String, type: String = "float[1,8,32,32]", others: String = "") throws -> Graph {
        try ONNXText.parseModel(
            "<ir_version: 10, opset_import: [\"\": 21]>\nm (\(type) x\(others)) => (float y) {\n\(body)\n}")
    }

    private static let rules = [
        "monotone-after-maxpool", "monotone-after-global-maxpool", "monotone-after-maximum", "monotone-after-reduction",
    ]

    /// The bytes of what the rules make of a graph; of all rules if none are named.
    private func bytes(
        _ body: String, type: String = "float[1,8,32,32]", others: String = "", only: [String] = rules
    ) throws -> UInt64 {
        var graph = try Self.graph(body, type: type, others: others)
        for output in graph.outputs { graph.values[output.index].type = nil }
        try graph.inferTypes(evaluator: Interpreter())
        var options = Optimizer.Options(objective: .bytes)
        options.allowsRefusedOperators = true
        let optimizer = Optimizer(
            rules: try RuleCatalog.builtIn().selecting(only: only).rules, framework: try CrypTen(),
            evaluator: Interpreter(), options: options
        )
        let result = try optimizer.optimize(graph)
        return UInt64((result.after.online + result.after.offline).bytes)
    }

    private static let axes = "axes = Constant <value_ints: ints = [3]> ()\n"
    private static let pool = "MaxPool <kernel_shape: ints = [2, 2], strides: ints = [2, 2]>"

    @Test(arguments: calls)
    func theCheaperOrderIsFound(call: Call) throws {
        let f = "\(call.op) \(call.attributes)"
        for maximum in [
            ("", "\(Self.pool) (VALUE)"), ("", "GlobalMaxPool (VALUE)"), (Self.axes, "ReduceMax (VALUE, axes)"),
        ] {
            func form(_ value: String) -> String { maximum.1.replacing("VALUE", with: value) }
            let before = try bytes("\(maximum.0)f = \(f) (x)\ny = \(form("f"))")
            let after = try bytes("\(maximum.0)m = \(form("x"))\ny = \(f) (m)")
            #expect(before == after, "\(f) before \(maximum.1)")
        }
        let apart = try bytes("f = \(f) (x)\ng = \(f) (z)\ny = Max (f, g)", others: ", float[1,8,32,32] z")
        let joined = try bytes("m = Max (x, z)\ny = \(f) (m)", others: ", float[1,8,32,32] z")
        #expect(apart == joined, "\(f) of both operands of Max")
    }

    /// With all rules of the catalogue.
    @Test func theWholeCatalogueFindsIt() throws {
        let (f, type) = ("LeakyRelu <alpha = 0.1>", "float[1,4,16,16]")
        let before = try bytes("r = \(f) (x)\ny = \(Self.pool) (r)", type: type, only: [])
        let after = try bytes("p = \(Self.pool) (x)\ny = \(f) (p)", type: type, only: [])
        #expect(before == after)
    }

    @Test func attributesAreTried() {
        #expect(Self.calls.contains { $0.op == "LeakyRelu" && $0.attributes.contains("0.1") })
        #expect(Self.calls.contains { $0.op == "HardSigmoid" && $0.attributes.contains("0.3") })
        #expect(Set(Self.calls.map(\.op)).count >= 20)
    }
}
