import Evaluate
import IR

/// Tries rules on their own examples: each must fire on its examples and leave its counter-examples alone, and both sides
/// of an exact rule must compute the same. `docs/RULES.md` describes the steps of a check.
public struct RuleChecker: Sendable {
    /// The largest relative difference that counts as agreement of an exact rule in 64-bit arithmetic: what rounding explains on graphs as
    /// small as examples, some thousand steps of the numbers.
    public static let tolerance = 1e-12

    private static let farTolerance = 1e-6

    let evaluator: any ConstantEvaluator
    private let samples: Int
    private let drawnShapes: Int
    private let variesExamples: Bool

    /// A checker that runs both sides on that many random inputs for each shape, and draws that many other shapes for
    /// each example.
    ///
    /// - Parameter variesExamples: whether exact rules are also tried on graphs that are almost an example, with masks and other numbers far
    ///   away in them.
    public init(
        evaluator: any ConstantEvaluator = Interpreter(), samples: Int = 4, drawnShapes: Int = 8,
        variesExamples: Bool = true
    ) {
        self.evaluator = evaluator
        self.samples = samples
        self.drawnShapes = drawnShapes
        self.variesExamples = variesExamples
    }

    /// Checks rules, several at a time.
    ///
    /// - Parameter progress: called with the name of each rule when its check begins.
    /// - Returns: the reports in the order of the rules.
    public func check(_ rules: [Rule], progress: @Sendable (String) -> Void = { _ in }) -> [Report] {
        rules.parallelMap { rule in
            progress(rule.name)
            return check(rule)
        }
    }

    /// Checks one rule.
    public func check(_ rule: Rule) -> Report {
        let cases = RuleCases(
            rule, drawnShapes: drawnShapes, variesExamples: variesExamples, evaluator: evaluator)
        var report = Report(rule)
        report.problems = cases.problems
        for example in cases.examples { fire(rule, on: example, &report) }
        for example in cases.counterexamples { leaveAlone(rule, example, &report) }
        if rule.exactness == .exact && rule.level == .portable {
            for example in cases.examples where example.isWritten { simulate(rule, on: example, &report) }
        }
        return report
    }

    /// Drops every condition of rules in turn and checks what is left of the rules, several at a time.
    ///
    /// - Parameter progress: called with the name of each rule when its turn comes.
    /// - Returns: the reports in the order of the rules.
    /// - Throws: ``HarrierError`` if a rule's file has errors.
    public func mutate(
        _ rules: [Rule], progress: @Sendable (String) -> Void = { _ in }
    ) throws -> [MutationReport] {
        try rules.parallelMap { rule in
            progress(rule.name)
            return try mutate(rule)
        }
    }

    /// Drops every condition of a rule in turn and checks what is left of the rule.
    ///
    /// - Throws: ``HarrierError`` if the rule's file has errors.
    public func mutate(_ rule: Rule) throws -> MutationReport {
        let mutations = try RuleMutation.all(of: rule)
        guard !mutations.isEmpty else { return MutationReport(rule: rule.name, mutations: 0, survivors: []) }
        let cases = RuleCases(
            rule, drawnShapes: drawnShapes, variesExamples: variesExamples, evaluator: evaluator)
        let survivors = mutations.filter { survives($0.rule, cases) }
        return MutationReport(
            rule: rule.name, mutations: mutations.count,
            survivors: survivors.map { MutationReport.Survivor(line: $0.line, condition: $0.dropped) })
    }

    /// Whether nothing in the rule's file shows that a condition is missing.
    private func survives(_ mutation: Rule, _ cases: RuleCases) -> Bool {
        var report = Report(mutation)
        for example in cases.counterexamples where report.problems.isEmpty { leaveAlone(mutation, example, &report) }
        for example in cases.examples where report.problems.isEmpty { fire(mutation, on: example, &report) }
        return report.problems.isEmpty
    }

    /// A counter-example must be left alone.
    private func leaveAlone(_ rule: Rule, _ example: RuleCase, _ report: inout Report) {
        do {
            if try example.candidates(rule, evaluator: evaluator).isEmpty {
                report.leftAlone += 1
            } else {
                report.problems.append("\(example.place): fires, and must not")
            }
        } catch {
            report.problems.append("\(example.place): \(error)")
        }
    }

    /// An example must be rewritten, and what it becomes must compute the same.
    private func fire(_ rule: Rule, on example: RuleCase, _ report: inout Report) {
        do {
            let rewrites = try example.rewrites(rule, evaluator: evaluator)
            if rewrites.isEmpty {
                if example.isWritten { report.problems.append("\(example.place): does not fire") }
                return
            }
            report.shapes += 1
            for rewritten in rewrites { compare(example, rewritten, rule, &report) }
        } catch {
            // A search skips the places where a rule does not fit.
            guard example.variation == nil else { return }
            report.problems.append("\(example.place): \(error)")
        }
    }

    private func compare(_ example: RuleCase, _ rewritten: Graph, _ rule: Rule, _ report: inout Report) {
        report.runs += 1
        let check = NumericCheck.compare(example.graph, rewritten, settings(for: rule, example))
        if check.status == .skipped {
            // A drawn shape may be empty, or leave the rule's domain.
            if example.isWritten { report.problems.append("\(example.place): \(check.why ?? "cannot run")") }
            return
        }
        report.maxRelativeError = max(report.maxRelativeError, check.maxRelativeError)
        report.maxAbsError = max(report.maxAbsError, check.maxAbsError)
        if let problem = problem(of: check, rule) { report.problems.append("\(example.place): \(problem)") }
        if rule.exactness == .exact && example.variation?.isFar != true { compareExactly(example, rewritten, &report) }
        if rule.level == .protocol, example.isWritten,
            let problem = RingCheck(samples: samples).problem(
                rule, example.state.graph, rewritten, positive: example.positive)
        {
            report.problems.append("\(example.place): \(problem)")
        }
    }

    private func settings(for rule: Rule, _ example: RuleCase) -> ComparisonSettings {
        var settings = ComparisonSettings(
            samples: samples, tolerance: Self.tolerance, positive: example.positive, assumptions: example.ranges)
        switch rule.exactness {
        case .exact: settings.styles = [.ordinary, .halves, .magnitudes, .ordinary]
        case .rounding:
            settings.styles = [.ordinary, .halves, .magnitudes] + [4, 8, 16, 64, 1024].map(SampleStyle.wide)
            settings.samples = max(samples, 2 * settings.styles.count)
        case .approximate: break
        }
        if let variation = example.variation {
            settings.ignoresInfinite = true
            settings.inOwnTypes = variation.isFar
            // What masks leave of 64 bits is about as much as 32 bits have.
            if variation.isFar { settings.tolerance = Self.farTolerance }
        }
        return settings
    }

    /// What is wrong with how far apart the two sides are; nil if nothing.
    private func problem(of check: NumericCheck, _ rule: Rule) -> String? {
        // Without differences the signatures are not the same, or the right side cannot run.
        if check.status == .failed, check.differences.isEmpty { return check.why ?? "the sides differ" }
        switch rule.exactness {
        case .exact: return check.status == .failed ? check.why ?? "the sides differ" : nil
        case .rounding:
            guard let bound = rule.error, !(check.maxAbsError <= bound) else { return nil }
            return "the sides differ by \(check.maxAbsError), and 'error' says \(bound)"
        case .approximate: return nil
        }
    }

    private func compareExactly(_ example: RuleCase, _ rewritten: Graph, _ report: inout Report) {
        let settings = ComparisonSettings(
            samples: 2, positive: example.positive, assumptions: example.ranges, styles: [.ordinary, .halves])
        let check = ExactCheck.compare(
            example.state.graph.writingOrdinaryOperators(), rewritten.writingOrdinaryOperators(), settings)
        report.proof.add(check)
        if check.status == .different {
            report.problems.append("\(example.place): computed exactly, \(check.why ?? "the sides differ")")
        }
    }
}
