import ArgumentParser
import Evaluate
import IR
import Rewrite

struct ExplainCommand: RunsModels {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what is different between two models, and where they begin to compute something else.",
        discussion: """
            Nodes are aligned by what they compute, with or without names. Both models then run on the same random inputs; \
            where the outputs differ, the nodes of both models are compared to find where the values part. A \
            difference is an answer and no failure: the exit status is 0.
            """)

    @OptionGroup var models: PairOptions

    @Option(help: "How the answer is written.")
    var format = ReportFormat.table

    @OptionGroup var output: OutputOptions

    func run() throws {
        let graphs = try models.load()
        let settings = try models.settings(samples: 1, about: graphs.0)
        let comparison = Progress.during("comparing") { _ in GraphComparison(graphs.0, graphs.1, settings) }
        let report = DifferenceReport(first: models.first, second: models.second, comparison: comparison)
        let style = Style(isColored: output.isStandardOutput && Console.outputTakesColor)
        try Results.write(format == .json ? report.json() : report.table(style), to: output.output)
    }
}
