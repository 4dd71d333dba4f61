import ArgumentParser
import Evaluate
import Graph
import Rewrite

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what is different between two models, and where they begin to compute something else.",
        discussion: """
            Nodes are aligned by what they compute, with or without names. Both models then run on the same random inputs; \
            where the outputs differ, the nodes of both models are compared to find where the values part. A \
            difference is an answer and no failure: the exit status is 0.
            """)

    /// How the answer is written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, json
    }

    @Argument(help: "The original.")
    var first: String

    @Argument(help: "The other model.")
    var second: String

    @OptionGroup var reading: ReadingOptions

    @OptionGroup var ranges: RangeOptions

    @Option(help: "How many random inputs to try.")
    var samples = 1

    @Option(help: "The largest relative difference that counts as agreement.")
    var tolerance = 1e-4

    @Option(help: "How the answer is written.")
    var format = Format.table

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard samples > 0 else { throw ValidationError("'--samples' must be at least 1") }
        guard tolerance >= 0 else { throw ValidationError("'--tolerance' must not be negative") }
    }

    func run() throws {
        let graphs = try (reading.load(first), reading.load(second))
        let settings = ComparisonSettings(
            samples: samples, tolerance: tolerance, assumptions: try ranges.assumptions(about: graphs.0))
        let comparison = Progress.during("comparing") { _ in GraphComparison(graphs.0, graphs.1, settings) }
        let report = DifferenceReport(first: first, second: second, comparison: comparison)
        let style = Style(isColored: output.isStandardOutput && Console.outputTakesColor)
        try Results.write(format == .json ? report.json() : report.table(style), to: output.output)
    }
}
