import ArgumentParser
import Evaluate
import Foundation
import Graph
import ONNXFormat
import Rewrite

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Run two models on the same random inputs and compare their outputs.",
        discussion: """
            Both models run in 64-bit arithmetic. Weights that are missing from the files get random values that \
            depend on their names alone, the same in both models. An output agrees if its largest difference is at \
            most the tolerance times its largest magnitude.
            """)

    @Argument(help: "The original.")
    var first: String

    @Argument(help: "The model that should compute the same.")
    var second: String

    @OptionGroup var reading: ReadingOptions

    @OptionGroup var ranges: RangeOptions

    @Option(help: "How many random inputs to try.")
    var samples = 3

    @Option(help: "The largest relative difference that counts as agreement.")
    var tolerance = 1e-4

    func validate() throws {
        guard samples > 0 else { throw ValidationError("'--samples' must be at least 1") }
        guard tolerance >= 0 else { throw ValidationError("'--tolerance' must not be negative") }
    }

    func run() throws {
        let graphs = try (reading.load(first), reading.load(second))
        let settings = ComparisonSettings(
            samples: samples, tolerance: tolerance, assumptions: try ranges.assumptions(about: graphs.0))
        let check = Progress.during("comparing") { progress in
            NumericCheck.compare(graphs.0, graphs.1, settings) {
                progress.update("comparing, sample \($0 + 1) of \(samples)", done: $0, of: samples)
            }
        }
        if check.randomParameters > 0 {
            Console.warn(
                "\(check.randomParameters) tensors of \(first) have no data in the file and got random values")
        }
        try Results.write(report(check, Style(isColored: Console.outputTakesColor)), to: nil)
        if check.status == .failed, !check.differences.isEmpty { try explain(graphs, settings) }
        if check.status != .passed { throw ExitCode(ExitStatus.failed) }
    }

    /// Names what is different where the values part.
    private func explain(_ graphs: (Graph, Graph), _ settings: ComparisonSettings) throws {
        var settings = settings
        settings.samples = 1
        let comparison = Progress.during("looking for the place") { _ in
            GraphComparison(graphs.0, graphs.1, settings)
        }
        guard !comparison.places.isEmpty else { return }
        let report = DifferenceReport(first: first, second: second, comparison: comparison)
        try Results.write("\n" + report.places(Style(isColored: Console.outputTakesColor)), to: nil)
    }

    private func report(_ check: NumericCheck, _ style: Style) -> String {
        var text = ""
        if !check.differences.isEmpty {
            var table = TextTable([.left("output"), .right("max abs error"), .right("max relative error")])
            for difference in check.differences {
                table.add([
                    difference.output, shortScientific(difference.maxAbsError),
                    shortScientific(difference.maxRelativeError),
                ])
            }
            text = table.render(style) + "\n"
        }
        let verdict =
            switch check.status {
            case .passed: style.green("passed")
            case .failed: style.red("failed")
            case .skipped: style.yellow("not compared")
            }
        text += "\(verdict): \(check.why?.printable ?? "the outputs agree within \(shortScientific(tolerance))")"
        if check.samples > 0 { text += " (\(check.samples) \(check.samples == 1 ? "sample" : "samples"))" }
        return text + "\n"
    }
}

/// A small number with three significant digits: `0`, `1.23e-07`.
func shortScientific(_ number: Double) -> String {
    number == 0 ? "0" : String(format: "%.2e", number)
}
