import ArgumentParser
import Evaluate
import IR
import Pricing
import Rewrite
import Suggest

struct SuggestCommand: RunsModels {
    static let configuration = CommandConfiguration(
        commandName: "suggest",
        abstract: "Find cheaper variants of a model: what they cost against how far they are from it.",
        usage: "harrier suggest <model> --framework <name> [--samples <file>] [--output <dir>] [<options>]",
        discussion: """
            Variants differ in the places at which approximate rules are used (activation substitutions, optimizer swaps). Each is run on \
            samples beside the model; of a model whose weights are not in the file, divergences are unknown. No accuracy is promised. \
            '--only' and '--disable' choose among the approximate rules, too.
            """)

    @OptionGroup var model: ModelOptions
    @OptionGroup(title: "Framework options") var framework: FrameworkOptions
    @OptionGroup var network: NetworkOptions
    @OptionGroup(title: "Search options") var rewriting: RewriteOptions
    @OptionGroup(title: "Variant options") var variants: VariantOptions

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write the variants, 'index.json' and 'index.md' into this folder.", valueName: "dir"),
        completion: .directory)
    var output: String?

    @Option(help: "How the report on standard output is written.")
    var format = ReportFormat.table

    @OptionGroup var page: ReportOptions

    func validate() throws {
        try framework.requireFramework()
        guard rewriting.level == .portable else {
            throw ValidationError("variants are portable; give '--level protocol' to 'optimize' with a variant's file")
        }
    }

    func run() throws {
        guard let pricing = try framework.makeFramework() else { return }
        let graph = try model.load()
        let policy = framework.visibility(in: graph, under: pricing)
        let rules = try rewriting.selectedRulesForVariants()
        var options = Suggester.Options(search: try rewriting.optimizerOptions(network.network, for: graph))
        options.search.limits = SearchLimits()
        options.seconds = rewriting.budget ?? options.seconds
        variants.apply(to: &options)
        let suggester = Suggester(
            rules: rules.exact, substitutions: rules.approximate, framework: pricing, policy: policy, options: options)
        let samples = try variants.samples.map { try Samples.read($0, for: graph, limit: variants.mostSamples) }
        let report = try Progress.during("looking for variants") { progress in
            let found = try suggester.suggest(for: graph, samples: samples) { text in progress.update(text) }
            return try self.report(found, graph, pricing, rules.exact, options)
        }
        for note in report.suggestions.notes { Console.warn(note) }
        if let output {
            let newest = rewriting.allowsAnyOperator ? nil : pricing.newestOpset
            for note in try SuggestionFolder(output).write(report, newestOpset: newest) { Console.warn(note) }
        }
        if let path = page.report {
            let page = try ReportFile.page(report, of: graph, under: pricing, policy: policy, folder: output)
            try ReportFile.write(page, to: path)
        }
        switch format {
        case .json: try Results.write(String(decoding: try report.json(folder: output), as: UTF8.self), to: nil)
        case .table:
            let style = Style(isColored: Console.outputTakesColor)
            try Results.write(SuggestionTable(report: report, folder: output).text(style), to: nil)
        }
    }

    private func report(
        _ found: Suggestions, _ graph: Graph, _ pricing: any Framework, _ rules: [Rule], _ options: Suggester.Options
    ) throws -> SuggestionReport {
        let line = try ReproductionCommand(
            arguments: Array(CommandLine.arguments.dropFirst()), model: model, rewriting: rewriting)
        var settings: [Alternative] = []
        var frameworks: [Alternative] = []
        if let exact = found.variants.last(where: { $0.effect == .exact }), variants.alternatives {
            let configuration = try Assignment.dictionary(framework.setting.config, option: "--config")
            settings = try Alternative.settings(
                for: exact.graph, framework: pricing.info, configuration: configuration,
                policy: framework.visibility(in: exact.graph, under: pricing), totals: exact.totals,
                objective: options.search.objective)
            let start = ContinuousClock.now
            frameworks = Alternative.frameworks(
                for: graph, except: pricing.info.name, rules: rules, search: options.search
            ) { found.seconds + (ContinuousClock.now - start) / .seconds(1) < options.seconds }
        }
        return SuggestionReport(
            model: model.name, framework: pricing.info, objective: options.search.objective, network: network.network,
            suggestions: found, settings: settings, frameworks: frameworks,
            command: { line.text(for: $0, file: $1) })
    }
}
