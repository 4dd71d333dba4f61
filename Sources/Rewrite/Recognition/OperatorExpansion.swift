import Evaluate
import IR

/// The rules by which the search comes from an operator to what it stands for: its function body, for every operator that has one, and the
/// nodes that it was recognised in.
public enum OperatorExpansion {
    /// The domain of operators on right sides that stand for a function body.
    static let bodyDomain = "ai.harrier.body"
    /// The domain of operators on right sides that stand for the nodes that the matched node was recognised in.
    static let spellingDomain = "ai.harrier.spelling"

    /// The names of the rules.
    static let bodyRule = "function-body"
    static let spellingRule = "as-spelled"

    /// Whether a node of a right side stands for what the matched node stands for.
    static func isExpansion(_ node: Node) -> Bool { node.op.domain == bodyDomain || node.op.domain == spellingDomain }

    /// Names of the steps that are no rules and are switched off by name as rules are: operators are recognised, and written out as their
    /// function bodies, and masks are brought within a framework's range.
    public static let steps = [Recognizer.step, bodyRule, MaskClipping.step]

    /// The steps that a selection of rules leaves out. What a graph spells out is recognised for whatever rules there are.
    ///
    /// - Parameters:
    ///   - only: names of the only rules wanted; empty for all.
    ///   - disabled: names of rules that are not wanted.
    public static func unwantedSteps(only: [String], disabling disabled: [String]) -> Set<String> {
        let unnamed = only.isEmpty || only.contains(bodyRule) ? [] : [bodyRule]
        return Set(disabled).intersection(steps).union(unnamed)
    }

    /// The rules without those of some steps.
    static func rules(without steps: Set<String>) -> [Rule] {
        rules.filter { !steps.contains($0.name == spellingRule ? Recognizer.step : $0.name) }
    }

    /// Both rules.
    private static let rules: [Rule] = [
        rule(
            bodyRule, KnownOperator.composite.compactMap { form(of: $0, bodyDomain) },
            summary: "An operator is its function body.", source: "ONNX's operator documentation."),
        rule(
            spellingRule, KnownOperator.rows.compactMap { form(of: $0, spellingDomain) },
            summary: "An operator that was recognised is the nodes that the file has for it.", source: "The model."),
    ]

    private static func rule(_ name: String, _ forms: [Rule.Form], summary: String, source: String) -> Rule {
        Rule(
            RuleSignature(
                name: name, family: "operator-lowering", summary: summary, exactness: .exact, error: nil,
                level: .portable, saves: "What the framework charges for the operator more than for its parts.",
                source: source, accuracy: nil, effect: nil, needs: nil, ulps: nil),
            forms: forms)
    }

    /// Operands that an operator has at most to be expanded.
    private static let mostOperands = 8

    private static func form(of row: OperatorDefinition, _ domain: String) -> Rule.Form? {
        let written = OperatorName(row.name.type, domain: domain)
        let optional = names(of: row).dropFirst(row.inputs.lowerBound).map { ($0, 0.0) }
        guard
            let pattern = try? Pattern(
                function(row, row.name), optionalInputs: Dictionary(uniqueKeysWithValues: optional))
        else { return nil }
        return Rule.Form(
            variant: ["operator": row.name.type], pattern: pattern, replacement: function(row, written),
            definitions: [], conditions: [])
    }

    private static func names(of row: OperatorDefinition) -> [String] {
        (0..<max(row.inputs.lowerBound, min(row.inputs.upperBound, mostOperands))).map { "x\($0)" }
    }

    private static func function(_ row: OperatorDefinition, _ op: OperatorName) -> Function {
        var body = Graph(name: row.name.type)
        body.inputs = names(of: row).map { body.add(Value(name: $0)) }
        // Whatever attributes the matched node has: an expansion reads that.
        let attributes = [Attribute.allOthers: Attribute.reference(name: Attribute.allOthers, kind: .string)]
        body.outputs = [body.append(op, body.inputs, attributes: attributes, output: "y")]
        return Function(name: OperatorName(row.name.type), attributes: [], body: body)
    }
}
