import DataFiles
import Evaluate
import IR

/// A rewrite: where a graph looks like `before` and the conditions hold, it can look like `after`.
public struct Rule: Sendable {
    /// Whether both sides compute the same.
    public enum Exactness: String, CaseIterable, Sendable {
        /// Equal over the reals.
        case exact
        /// Equal up to a stated bound, small against what the fixed-point numbers of frameworks resolve.
        case rounding
        /// Another function, which a user must choose.
        case approximate
    }

    /// What it takes until a model with an approximate rule is as good as before, going by what has been published.
    public enum Effect: String, CaseIterable, Sendable {
        /// Nothing: the two sides are close everywhere.
        case bounded
        /// Further training.
        case fineTuning = "fine-tuning"
        /// Training with the original as a teacher.
        case distillation
    }

    /// Who can use the result.
    public enum Level: String, Sendable {
        /// Anybody: it is plain ONNX.
        case portable
        /// A runtime that understands Harrier's protocol-level operators.
        case `protocol`
    }

    private let signature: RuleSignature
    /// What a graph must have for the rule to match: all of these operators.
    let operators: Set<String>
    /// The most nodes that one of its patterns has.
    let patternSize: Int
    /// The file, of which more is read when somebody asks; nil for a rule that is made of the operator table.
    private let text: RuleText?
    /// What stands in the place of the file's patterns, for a rule that was changed.
    private var changedForms: [Form]?

    init(_ signature: RuleSignature, operators: Set<String>, patternSize: Int, text: RuleText) {
        self.signature = signature
        self.operators = operators
        self.patternSize = patternSize
        self.text = text
    }

    /// A rule without a file.
    init(_ signature: RuleSignature, forms: [Form]) {
        self.signature = signature
        operators = []
        patternSize = forms.map(\.pattern.graph.nodes.count).max() ?? 0
        text = nil
        changedForms = forms
    }

    /// The name: the file's, or that of one of the file's results.
    public var name: String { signature.name }
    /// The folder, or what the result says instead: `operator-fusion`, `broadcast-rewriting`, ...
    public var family: String { signature.family }
    /// What it does, in a sentence.
    public var summary: String { signature.summary }
    /// Whether both sides compute the same.
    public var exactness: Exactness { signature.exactness }
    /// For rules of exactness ``Exactness/rounding``, how far the two sides are apart at most, in the output's own unit.
    public var error: Double? { signature.error }
    /// Who can use the result.
    public var level: Level { signature.level }
    /// What it saves, and on which frameworks.
    public var saves: String { signature.saves }
    /// Where it comes from.
    public var source: String { signature.source }
    /// For approximate rules, what is known of the effect on accuracy.
    public var accuracy: String? { signature.accuracy }
    /// For approximate rules, what it takes to win the accuracy back; nil for others.
    public var effect: Effect? { signature.effect }
    /// For protocol-level rules, what a runtime has to do that it does not do for the ordinary operators.
    public var needs: String? { signature.needs }
    /// For protocol-level rules, by how many units in the last place the results of both sides can differ.
    public var ulps: Double? { signature.ulps }
    /// The file it was read from; for a rule without one, where its patterns come from.
    public var file: String { text?.file ?? "the operator table" }
    /// A hash of the file's text: two rules of one name and one hash are the same rule.
    package var contentHash: UInt64 { text?.hash ?? 0 }
    /// The patterns and replacements: one, or one for each operator that a variant names. Read when first asked for.
    package var forms: [Form] { get throws { try changedForms ?? text?.forms(of: name) ?? [] } }
    /// Graphs on which it must fire, and on which it must not. Read whenever asked for.
    package var examples: Examples {
        get throws { try text?.examples(of: name) ?? Examples(firing: [], leftAlone: []) }
    }

    /// The rule with other patterns and conditions.
    func replacing(forms: [Form]) -> Rule {
        var copy = self
        copy.changedForms = forms
        return copy
    }

    /// Whether its conditions ask for the ranges of values.
    var asksForRanges: Bool { get throws { try calls { RuleVocabulary.rangeFunctions.keys.contains($0) } } }

    /// Whether its conditions ask for more of the graph than the matched nodes and their values.
    var asksForSurroundings: Bool { get throws { try asksForRanges || calls { $0 == "independent" } } }

    /// Operators that a rule which takes a product or a convolution to pieces adds, at least.
    private static let piecesOfProduct = 5

    /// Whether it takes products or convolutions to pieces: smaller ones and what moves and adds up their operands and results.
    var cutsProducts: Bool {
        get throws { try forms.contains(where: cutsProducts) }
    }

    private func cutsProducts(_ form: Form) -> Bool {
        let before = form.pattern.graph.nodes
        let after = form.replacement.body.nodes.count { $0.op != "Constant" }
        return after >= before.count + Self.piecesOfProduct
            && before.contains { $0.has(.product) && !$0.has(.elementwise) }
    }

    /// Whether a condition or definition calls a function of such a name.
    private func calls(_ isMeant: (String) -> Bool) throws -> Bool {
        try forms.contains { form in
            (form.conditions.map(\.expression) + form.definitions.map(\.expression)).contains { expression in
                expression.calls.contains { isMeant($0.name) }
            }
        }
    }

    /// One pattern and its replacement.
    package struct Form: Sendable {
        /// What stands for the words that the rule file's `variants` names; empty if it has none.
        package let variant: [String: String]
        /// What to look for.
        let pattern: Pattern
        /// What to put there.
        let replacement: Function
        /// Definitions in the order in which they are evaluated.
        let definitions: [(name: String, expression: Expression)]
        /// Conditions, with their text and their line in the file.
        var conditions: [(text: String, expression: Expression, line: Int?)]

        /// The left side in ONNX text.
        package var before: String { ONNXText.print(function: pattern.function) }
        /// The right side in ONNX text.
        package var after: String { ONNXText.print(function: replacement) }
        /// The conditions as written.
        package var conditionTexts: [String] { conditions.map(\.text) }

        /// What each word stands for that a fact gives a meaning, a phrase each: the fact, and the operators of which it can hold.
        package var quantifiedTexts: [String] {
            pattern.quantified.sorted { $0.key < $1.key }.map { word, fact in
                "\(word): \(fact.phrase) (\(fact.operators.map(\.type).joined(separator: ", ")))"
            }
        }
    }

    /// The graphs that a rule is tried on.
    public struct Examples: Sendable {
        /// Graphs on which it must fire.
        public let firing: [Example]
        /// Graphs on which it must not.
        public let leftAlone: [Example]
    }

    /// A graph of an example or counter-example, and the axis lengths to try it with.
    public struct Example: Sendable {
        /// The graph, which may have symbolic dimensions.
        public var graph: Graph
        /// Lengths of the symbolic dimensions, one set a run; at least one (possibly empty) set.
        public let sizes: [[String: Int]]
        /// Inputs and parameters whose random values must be positive.
        public let positive: Set<String>
        /// What is known of the ranges of inputs and parameters, which random values keep to.
        public var ranges: RangeAssumptions
        /// Line of the rule file where the graph begins.
        public let line: Int
        /// What stands for the operators that a fact chooses, in words; empty if there are none.
        public var operators = ""
    }
}
