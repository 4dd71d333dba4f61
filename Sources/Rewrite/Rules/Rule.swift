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

    /// The name, which is the file's name.
    public let name: String
    /// The folder: `operator-fusion`, `broadcast-rewriting`, ...
    public let family: String
    /// What it does, in a sentence.
    public let summary: String
    /// Whether both sides compute the same.
    public let exactness: Exactness
    /// For rules of exactness ``Exactness/rounding``, how far the two sides are apart at most, in the output's own unit.
    public let error: Double?
    /// Who can use the result.
    public let level: Level
    /// What it saves, and on which frameworks.
    public let saves: String
    /// Where it comes from.
    public let source: String
    /// For approximate rules, what is known of the effect on accuracy.
    public let accuracy: String?
    /// For approximate rules, what it takes to win the accuracy back; nil for others.
    public let effect: Effect?
    /// For protocol-level rules, what a runtime has to do that it does not do for the ordinary operators.
    public let needs: String?
    /// For protocol-level rules, by how many units in the last place the results of both sides can differ.
    public let ulps: Double?
    /// The patterns and replacements: one, or one for each operator that a variant names.
    public internal(set) var forms: [Form]
    /// Graphs on which it must fire.
    public let examples: [Example]
    /// Graphs on which it must not fire.
    public let counterexamples: [Example]
    /// The file it was read from.
    public let file: String
    /// A hash of the file's text: two rules of one name and one hash are the same rule.
    public let contentHash: UInt64

    /// Whether its conditions ask for the ranges of values.
    var asksForRanges: Bool { calls { RuleVocabulary.rangeFunctions.keys.contains($0) } }

    /// Whether its conditions ask for more of the graph than the matched nodes and their values.
    var asksForSurroundings: Bool { asksForRanges || calls { $0 == "independent" } }

    /// Operators that a rule which takes a product or a convolution to pieces adds, at least.
    private static let piecesOfProduct = 5

    /// Whether it takes products or convolutions to pieces: smaller ones and what moves and adds up their operands and results.
    var cutsProducts: Bool {
        forms.contains { form in
            let before = form.pattern.graph.nodes
            let after = form.replacement.body.nodes.count { $0.op != "Constant" }
            return after >= before.count + Self.piecesOfProduct
                && before.contains { $0.has(.product) && !$0.has(.elementwise) }
        }
    }

    /// Whether a condition or definition calls a function of such a name.
    private func calls(_ isMeant: (String) -> Bool) -> Bool {
        forms.contains { form in
            (form.conditions.map(\.expression) + form.definitions.map(\.expression)).contains { expression in
                expression.calls.contains { isMeant($0.name) }
            }
        }
    }

    /// One pattern and its replacement.
    public struct Form: Sendable {
        /// What stands for the words that the rule file's `variants` names; empty if it has none.
        public let variant: [String: String]
        /// What to look for.
        let pattern: Pattern
        /// What to put there.
        let replacement: Function
        /// Definitions in the order in which they are evaluated.
        let definitions: [(name: String, expression: Expression)]
        /// Conditions, with their text and their line in the file.
        var conditions: [(text: String, expression: Expression, line: Int?)]

        /// The left side in ONNX text.
        public var before: String { ONNXText.print(function: pattern.function) }
        /// The right side in ONNX text.
        public var after: String { ONNXText.print(function: replacement) }
        /// The conditions as written.
        public var conditionTexts: [String] { conditions.map(\.text) }
    }

    /// A graph of an example or counter-example, and the axis lengths to try it with.
    public struct Example: Sendable {
        /// The graph, which may have symbolic dimensions.
        public let graph: Graph
        /// Lengths of the symbolic dimensions, one set a run; at least one (possibly empty) set.
        public let sizes: [[String: Int]]
        /// Inputs and parameters whose random values must be positive.
        public let positive: Set<String>
        /// What is known of the ranges of inputs and parameters, which random values keep to.
        public let ranges: RangeAssumptions
        /// Line of the rule file where the graph begins.
        public let line: Int
    }
}
