import ArgumentParser
import Evaluate
import IR
import ONNXFormat
import Pricing
import Rewrite

struct OptimizeCommand: RunsModels {
    static let configuration = CommandConfiguration(
        commandName: "optimize",
        abstract: "Rewrite a model into the cheapest equivalent that the search finds.",
        usage: "harrier optimize <model> --framework <name> [--output <out.onnx>] [<options>]",
        discussion: """
            Rules are exact unless '--rounding' or '--approximate' is given. The result is run against the original on random inputs \
            before it is written; it is not written if it computes something else.

            Examples:
              harrier optimize resnet18.onnx --framework crypten --output cheaper.onnx
              harrier optimize bert.onnx --framework semi2k --objective rounds -o new.onnx
            """)

    @OptionGroup var model: ModelOptions
    @OptionGroup(title: "Framework options") var framework: FrameworkOptions
    @OptionGroup var network: NetworkOptions
    @OptionGroup(title: "Search options") var rewriting: RewriteOptions

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "Write the optimized model to this file (.onnx, or .onnxtxt for ONNX's textual syntax).", valueName: "file"),
        completion: .model)
    var output: String?

    @Flag(name: .customLong("no-check"), help: "Do not run the result against the original. For measuring searches.")
    var skipsCheck = false

    @Option(
        help: ArgumentHelp(
            "Write every step with its place and price to this file, for 'harrier replay'.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var proof: String?

    @Option(
        help: ArgumentHelp(
            "Say for each rule whether it fired at this node, and if not, what failed first. Repeatable.",
            valueName: "node"))
    var explain: [String] = []

    @Option(
        name: .customLong("at"),
        help: ArgumentHelp(
            "Use an approximate rule at this node, before the search; 'harrier suggest' lists such places. Repeatable.",
            valueName: "rule@node"))
    var substitutions: [Substitution] = []

    @Option(help: "How the report on standard output is written.")
    var format = ReportFormat.table

    @OptionGroup var page: ReportOptions

    func validate() throws {
        try framework.requireFramework()
        guard substitutions.isEmpty || proof == nil else {
            throw ValidationError("'--proof' writes steps of the search only, so it does not go with '--at'")
        }
    }

    func run() throws {
        guard let pricing = try framework.makeFramework() else { return }
        let substitutes = try substitutionRules()
        let selected = try rewriting.selectedRules()
        let rules = selected + substitutes.filter { rule in !selected.contains { $0.name == rule.name } }
        let graph = try model.load()
        let policy = framework.visibility(in: graph, under: pricing)
        let options = try rewriting.optimizerOptions(network.network, for: graph)
        let optimizer = LevelOptimizer(
            rules: rules, framework: pricing, policy: policy, evaluator: Interpreter(), options: options)
        let result = try Progress.during("searching") { progress in
            let tell: SearchProgress = { progress.update("searching, \($0) of \($1) regions", done: $0, of: $1) }
            guard !substitutions.isEmpty else { return try optimizer.optimize(graph, progress: tell) }
            let sites = try SubstitutionSites(in: graph, rules: substitutes, optimizer: optimizer.portable)
            let (substituted, steps) = try sites.substituting(sites.parts(of: substitutions))
            return try optimizer.optimize(substituted, from: (graph, steps), progress: tell)
        }
        for note in result.notes { Console.warn("\(note)") }
        try warnOfUnpriced(in: graph, pricing, policy)
        let start = ContinuousClock.now
        let check =
            skipsCheck ? .skipped("'--no-check' was given") : compare(graph, with: result, rules, options.ranges)
        let fixedPoint = simulate(
            graph, result.graph, pricing, check, took: ContinuousClock.now - start, options.ranges)
        let report = OptimizationReport(
            model: model.name, framework: pricing.info, objective: rewriting.objective.rawValue,
            network: network.network, result: result.portable, check: check, fixedPoint: fixedPoint,
            protocolLevel: ProtocolLevelReport(
                level: rewriting.level.rawValue, rules: rules, result: result.protocolLevel),
            explanations: ExplanationReport(
                explanations: try explain.map {
                    try optimizer.portable.explanation(of: $0, in: graph, result: result.portable)
                }))
        if check.status != .failed, let output {
            let newest = rewriting.allowsAnyOperator || result.graph.isProtocolLevel ? nil : pricing.newestOpset
            let written = result.graph.withTrainableCoefficients(of: Set(substitutes.map(\.name)))
            for note in try ModelFile.write(written, to: output, newestOpset: newest) {
                Console.warn("\(output): \(note)")
            }
        }
        if check.status != .failed, let proof {
            if result.protocolLevel != nil { Console.warn("the log ends with the portable rewrites") }
            let log = try optimizer.portable.proof(of: result.portable, on: graph, proofContext())
            try WholeFile.write(log.json(), to: proof)
        }
        if check.status != .failed, let path = page.report {
            let optimization = ReportFile.Optimization(
                model: model.name, original: graph, result: result, rules: rules, framework: pricing, policy: policy,
                network: network.network, objective: rewriting.objective.rawValue, check: check)
            try ReportFile.write(try ReportFile.page(optimization), to: path)
        }
        switch format {
        case .json: try Results.write(report.json(), to: nil)
        case .table:
            try Results.write(report.table(Style(isColored: Console.outputTakesColor), output: output), to: nil)
        }
        if check.status == .failed {
            throw HarrierError(
                "the optimized model does not compute the same, so it was not written: \(check.why ?? "")")
        }
    }

    /// The rules that '--at' names, each once.
    ///
    /// - Throws: `HarrierError` if there is no rule of a name.
    private func substitutionRules() throws -> [Rule] {
        guard !substitutions.isEmpty else { return [] }
        return try rewriting.rules.catalog().selecting(only: substitutions.map(\.rule)).rules
    }

    /// What the log says of the command line.
    private func proofContext() throws -> Optimizer.ProofContext {
        Optimizer.ProofContext(
            model: model.name, dimensions: model.reading.lengths, framework: framework.framework ?? "",
            configuration: try Assignment.dictionary(framework.setting.config, option: "--config"))
    }

    private func warnOfUnpriced(in graph: Graph, _ pricing: any Framework, _ policy: VisibilityPolicy) throws {
        let profile = try Profiler(pricing, evaluator: Interpreter()).profile(graph, policy: policy)
        guard !profile.unpriced.isEmpty else { return }
        let operators = Set(profile.unpriced.map { "\($0.op)" }).sorted().joined(separator: ", ")
        Console.warn(
            "\(profile.unpriced.count) nodes have no price and count as nothing: \(operators) "
                + "('harrier profile' names them)")
    }

    /// The numeric check. Where approximate rules were used a difference is theirs and no failure, and where rules were used whose
    /// sides differ by a bound, only a difference beyond ``roundingTolerance`` is one.
    private func compare(
        _ graph: Graph, with result: LevelOptimizer.Result, _ rules: [Rule], _ ranges: RangeAssumptions
    ) -> NumericCheck {
        let names = Set(result.portable.rewrites.map(\.rule))
        let used = rules.filter { names.contains($0.name) }
        var settings = ComparisonSettings(
            tolerance: tolerance(for: result.graph, beside: graph), seconds: Self.checkingSeconds, assumptions: ranges,
            styles: [.ordinary, .halves])
        if used.contains(where: { $0.exactness == .rounding }) { settings.tolerance = Self.roundingTolerance }
        var check = Progress.during("comparing the result with the original") { progress in
            NumericCheck.compare(graph, result.graph, settings) {
                progress.update(
                    "comparing the result with the original, input \($0 + 1)", done: $0, of: settings.samples)
            }
        }
        let approximate = used.filter { $0.exactness == .approximate }
        if check.status == .failed && !check.differences.isEmpty && !approximate.isEmpty {
            check.status = .skipped
            check.why =
                "approximate rules changed what the model computes: \(approximate.map(\.name).joined(separator: ", "))"
        }
        return check
    }

    /// Exact rules leave the rounding of 64-bit arithmetic and of the numbers that they write in 32 bits; weights that were computed
    /// beforehand are rounded to 32 bits, each of them.
    private func tolerance(for result: Graph, beside original: Graph) -> Double {
        let names = Set(original.values.map(\.name))
        let hasNewWeights = result.values.contains { value in
            guard let tensor = value.constant?.tensor, tensor.elementType.isFloatingPoint else { return false }
            return tensor.elementCount > 1 && !names.contains(value.name)
        }
        return hasNewWeights ? 1e-4 : 1e-6
    }

    /// Both graphs at the framework's precision, unless the check has shown that this takes too long; nil if the precision is not
    /// known, or the graphs cannot run.
    private func simulate(
        _ graph: Graph, _ result: Graph, _ pricing: any Framework, _ check: NumericCheck, took: Duration,
        _ ranges: RangeAssumptions
    ) -> FixedPointReport? {
        guard let format = pricing.fixedPoint, check.samples > 0, check.status != .failed else { return nil }
        // A sample of the simulation runs each graph twice, a sample of the check once.
        guard took / check.samples * 2 < .seconds(Self.checkingSeconds) else {
            return .skipped(format, why: "the model takes too long to run")
        }
        let settings = ComparisonSettings(seconds: Self.checkingSeconds / 2, assumptions: ranges)
        do {
            let comparison = try Progress.during("simulating fixed point") { _ in
                try FixedPointComparison.compare(graph, result, format: format, settings)
            }
            return .compared(comparison)
        } catch {
            return .skipped(format, why: "\(error)")
        }
    }

    /// Relative difference of the outputs up to which rounding rules count as such.
    private static let roundingTolerance = 1e-2

    /// After this time a large model is not run on further samples.
    private static let checkingSeconds = 0.5
}
