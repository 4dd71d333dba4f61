import ArgumentParser
import Harrier

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
        let model = try model.loadForLeastPrice()
        let comparison = try Progress.during("pricing") { progress in
            try model.compare(under: frameworks, on: network.network, progress: progress.handler)
        }
        comparison.profiles.forEach(Console.warnIfClear)
        if let path = report.report { try ReportFile.write(ReportPage(comparison), to: path) }
        switch format {
        case .json:
            try Results.write(comparison.json(), to: output.output)
        case .table:
            let style = Style(isColored: output.isStandardOutput && Console.outputTakesColor)
            try Results.write(ComparisonTable(comparison: comparison, style: style).render(), to: output.output)
        }
    }
}
