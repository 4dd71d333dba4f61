import ArgumentParser
import Harrier

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
        let model = try model.load()
        let options = try options(for: model)
        let line = try ReproductionCommand(
            arguments: Array(CommandLine.arguments.dropFirst()), model: self.model, rewriting: rewriting)
        let visibility = framework.setting.visibility
        let report = try Progress.during("looking for variants") { progress in
            try model.suggestions(
                pricing, visibility, options, { line.text(for: $0, file: $1) }, progress.handler)
        }
        for note in report.suggestions.notes { Console.warn(note) }
        if let output {
            let newest = rewriting.allowsAnyOperator ? nil : pricing.newestOpset
            for note in try SuggestionFolder(output).write(report, newestOpset: newest) { Console.warn(note) }
        }
        if let path = page.report {
            let page = try report.page(of: model, under: pricing, visibility: visibility, folder: output)
            try ReportFile.write(page, to: path)
        }
        switch format {
        case .json: try Results.write(report.json(folder: output), to: nil)
        case .table:
            let style = Style(isColored: Console.outputTakesColor)
            try Results.write(SuggestionTable(report: report, folder: output).text(style), to: nil)
        }
    }

    /// Which variants the options ask for.
    private func options(for model: Model) throws -> SuggestionOptions {
        var options = SuggestionOptions(for: network.network)
        options.catalog = try rewriting.rules.catalog()
        (options.only, options.disabled) = (rewriting.only, rewriting.disable)
        options.suggester.search = try rewriting.optimizerOptions(network.network, for: model.graph)
        options.suggester.search.limits = SearchLimits()
        options.suggester.seconds = rewriting.budget ?? options.suggester.seconds
        variants.apply(to: &options.suggester)
        options.samples = try variants.samples.map {
            try Samples.read($0, for: model.graph, limit: variants.mostSamples)
        }
        options.hasAlternatives = variants.alternatives
        options.configuration = try Assignment.dictionary(framework.setting.config, option: "--config")
        return options
    }
}
