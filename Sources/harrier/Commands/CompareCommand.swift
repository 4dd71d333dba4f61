import ArgumentParser
import Evaluate
import IR
import Frameworks
import Pricing

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Price a model under every framework, one row a framework, cheapest first.",
        discussion: """
            Every framework prices the model in its own default setting: its parties, its configuration, and who knows \
            inputs and weights. Frameworks that cannot run a part of the model come last, with what they cannot run.

            Examples:
              harrier compare resnet18.onnx
              harrier compare bert.onnx --framework crypten,semi2k,cheetah --network lan
            """)

    @OptionGroup var model: ModelOptions

    @Option(
        help: ArgumentHelp(
            "Only these frameworks: names separated by commas, or paths of framework files. Repeatable.",
            valueName: "names"),
        completion: .framework)
    var framework: [NameList] = []

    @OptionGroup var network: NetworkOptions

    @Option(help: "A table for people, JSON for programs.")
    var format = ReportFormat.table

    @OptionGroup var output: OutputOptions
    @OptionGroup var report: ReportOptions

    func run() throws {
        let named = framework.flatMap(\.names)
        let frameworks = try (named.isEmpty ? FrameworkCatalog.names : named).map { try FrameworkCatalog.make($0) }
        let graph = try model.load()
        let profiles = try Progress.during("pricing") { progress in
            try frameworks.enumerated().map { position, framework in
                progress.update(
                    "pricing under \(framework.info.title)", done: position, of: frameworks.count)
                return try Profiler(framework, evaluator: Interpreter()).profile(graph, model: model.name)
            }
        }
        profiles.forEach(Console.warnIfClear)
        let comparison = Comparison(profiles, on: network.network)
        if let path = report.report { try ReportFile.write(ReportFile.page(comparison), to: path) }
        switch format {
        case .json:
            try Results.write(String(decoding: try comparison.json(), as: UTF8.self), to: output.output)
        case .table:
            let style = Style(isColored: output.isStandardOutput && Console.outputTakesColor)
            try Results.write(ComparisonTable(comparison: comparison, style: style).render(), to: output.output)
        }
    }
}
