import Evaluate
import IR

/// A graph to try a rule on: an example in one choice of shapes, ready for matching.
struct RuleCase: Sendable {
    /// Where the rule's file has it, and in which shapes, for messages.
    let place: String
    /// Whether the file says what the rule does here. Drawn shapes may be such that it does not fire.
    let isWritten: Bool
    /// What was changed in an example of the file; nil for examples themselves, in whatever shapes.
    let variation: GraphVariations.Variation?
    /// Inputs and parameters whose random values must be positive.
    let positive: Set<String>
    /// Ranges that random values of inputs and parameters keep to.
    let ranges: RangeAssumptions
    /// The graph, without prices.
    let state: PricedGraph

    /// - Throws: ``HarrierError`` if the graph does not type, or a length is open.
    init(
        _ graph: Graph, of example: Rule.Example, place: String, isWritten: Bool,
        variation: GraphVariations.Variation? = nil,
        evaluator: any ConstantEvaluator
    ) throws {
        var graph = graph
        try graph.inferTypes(evaluator: evaluator)
        try graph.verify()
        for id in graph.inputs where graph[id].type?.lengths == nil {
            throw HarrierError("'sizes' leaves a dimension of '\(graph[id].name)' open")
        }
        self.init(
            place: place, isWritten: isWritten, variation: variation, positive: example.positive,
            ranges: example.ranges,
            state: try PricedGraph(
                graph, policy: VisibilityPolicy(), pricer: Self.pricer, knowledge: RangeKnowledge(example.ranges)))
    }

    private init(
        place: String, isWritten: Bool, variation: GraphVariations.Variation?, positive: Set<String>,
        ranges: RangeAssumptions,
        state: PricedGraph
    ) {
        self.place = place
        self.isWritten = isWritten
        self.variation = variation
        self.positive = positive
        self.ranges = ranges
        self.state = state
    }

    /// The same with random data for the parameters.
    ///
    /// - Throws: ``HarrierError`` naming a parameter that no random data can be drawn for.
    func withWeights() throws -> RuleCase {
        let settings = ComparisonSettings(positive: positive, assumptions: ranges)
        let graph = try state.graph.fillingMissingData(settings)
        return RuleCase(
            place: place, isWritten: isWritten, variation: variation, positive: positive, ranges: ranges,
            state: try PricedGraph(
                graph, policy: VisibilityPolicy(), pricer: Self.pricer, knowledge: RangeKnowledge(ranges)))
    }

    /// The graph as anybody can run it: with functions for protocol-level operators.
    var graph: Graph { state.graph.definingProtocolFunctions() }

    private static var pricer: NodePricer {
        NodePricer(profiler: nil, allowsRefusedOperators: true, scales: .usual)
    }

    /// The places where a rule can be applied.
    ///
    /// - Throws: ``HarrierError`` if the rule makes no sense where it matched.
    func candidates(_ rule: Rule, evaluator: any ConstantEvaluator) throws -> [PricedCandidate] {
        try CandidateFinder(rules: [rule], evaluator: evaluator, pricer: Self.pricer, isStrict: true)
            .candidates(in: state)
    }

    /// The graphs that a rule makes of this one, each by one application.
    ///
    /// - Throws: ``HarrierError`` if the rule makes no sense where it matched, or what it makes is not well formed.
    func rewrites(_ rule: Rule, evaluator: any ConstantEvaluator) throws -> [Graph] {
        try candidates(rule, evaluator: evaluator).map { candidate in
            let rewritten = try state.applying([candidate]).graph
            try rewritten.verify()
            return rewritten.definingProtocolFunctions()
        }
    }
}

/// All graphs that a rule is tried on.
struct RuleCases: Sendable {
    /// Examples in the sizes that the file gives and in drawn shapes.
    private(set) var examples: [RuleCase] = []
    /// Counter-examples in the sizes that the file gives.
    private(set) var counterexamples: [RuleCase] = []
    /// What is wrong with the written ones.
    private(set) var problems: [String] = []

    init(_ rule: Rule, drawnShapes: Int, variesExamples: Bool = false, evaluator: any ConstantEvaluator) {
        let graphs: Rule.Examples
        do { graphs = try rule.examples } catch {
            problems = ["\(error)"]
            return
        }
        for example in graphs.firing {
            examples += written(example, evaluator)
            examples += ShapeDraws(example).graphs(drawnShapes).compactMap { draw in
                try? RuleCase(
                    draw.graph, of: example, place: "\(example.place) with \(draw.name)", isWritten: false,
                    evaluator: evaluator)
            }
            if rule.exactness == .rounding, let long = ShapeDraws(example).long() {
                let place = "\(example.place) with \(long.name)"
                examples += [
                    try? RuleCase(long.graph, of: example, place: place, isWritten: false, evaluator: evaluator)
                ].compactMap { $0 }
            }
        }
        if variesExamples && rule.level == .portable && rule.exactness == .exact {
            vary(graphs.firing, drawnShapes, evaluator)
        }
        for example in graphs.leftAlone { counterexamples += written(example, evaluator) }
    }

    /// More than that many graphs per rule show nothing new: rules over facts have hundreds of examples that differ in an operator.
    private static let mostVaried = 6
    /// Graphs that are almost an example, for each drawn shape.
    private static let variations = 5

    /// Adds graphs that are almost an example.
    private mutating func vary(_ graphs: [Rule.Example], _ draws: Int, _ evaluator: any ConstantEvaluator) {
        let step = max(1, graphs.count / Self.mostVaried)
        for index in stride(from: 0, to: graphs.count, by: step) {
            examples += (GraphVariations(graphs[index])?.graphs(Self.variations * draws) ?? []).compactMap {
                variation in
                try? RuleCase(
                    variation.graph, of: graphs[index], place: "\(graphs[index].place), \(variation.name)",
                    isWritten: false,
                    variation: variation, evaluator: evaluator)
            }
        }
    }

    private mutating func written(_ example: Rule.Example, _ evaluator: any ConstantEvaluator) -> [RuleCase] {
        var cases: [RuleCase] = []
        for sizes in example.sizes {
            let place = example.place + (sizes.isEmpty ? "" : " with \(ShapeDraws.name(of: sizes))")
            do {
                var graph = example.graph
                try graph.setDimensions(sizes)
                cases.append(
                    try RuleCase(graph, of: example, place: place, isWritten: true, evaluator: evaluator))
            } catch {
                problems.append("\(place): \(error)")
            }
        }
        return cases
    }
}

extension Rule.Example {
    /// The line, and what stands for the operators that a fact chooses.
    fileprivate var place: String { "line \(line)" + (operators.isEmpty ? "" : " with \(operators)") }
}
