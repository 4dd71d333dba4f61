import ArgumentParser
import Harrier

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
        let pair = try models.load()
        let settings = try models.settings(samples: 1, about: pair.0.graph)
        let report = Progress.during("comparing") { _ in models.difference(pair, settings) }
        switch format {
        case .json: try Results.write(report.json(), to: output.output)
        case .table:
            let style = Style(isColored: output.isStandardOutput && Console.outputTakesColor)
            try Results.write(report.table(style), to: output.output)
        }
    }
}
