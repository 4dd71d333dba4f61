import ArgumentParser
import Harrier

struct VerifyCommand: RunsModels {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Run two models on the same random inputs and compare their outputs.",
        discussion: """
            Both models run in 64-bit arithmetic. Weights that are missing from the files get random values that \
            depend on their names alone, the same in both models. An output agrees if its largest difference is at \
            most the tolerance times its largest magnitude.

            Examples:
              harrier verify resnet18.onnx cheaper.onnx --samples 5
            """)

    @OptionGroup var models: PairOptions

    func run() throws {
        let pair = try models.load()
        try pair.0.requireData(of: models.first)
        try pair.1.requireData(of: models.second)
        let settings = try models.settings(samples: 3, about: pair.0.graph)
        let check = Progress.during("comparing") { progress in
            pair.0.verify(pair.1, settings, progress: progress.handler)
        }
        if check.randomParameters > 0 {
            Console.warn(
                "\(check.randomParameters) tensors of \(models.first) have no data in the file and got random values")
        }
        try Results.write(report(check, Style(isColored: Console.outputTakesColor)), to: nil)
        if check.status == .failed, !check.differences.isEmpty { try explain(pair, settings) }
        if check.status != .passed { throw ExitCode(ExitStatus.failed) }
    }

    /// Names what is different where the values part.
    private func explain(_ pair: (Model, Model), _ settings: ComparisonSettings) throws {
        var settings = settings
        settings.samples = 1
        let report = Progress.during("looking for the place") { _ in models.difference(pair, settings) }
        guard !report.comparison.places.isEmpty else { return }
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
        text +=
            "\(verdict): \(check.why?.printable ?? "the outputs agree within \(shortScientific(models.tolerance ?? 1e-4))")"
        if check.samples > 0 { text += " (\(check.samples) \(check.samples == 1 ? "sample" : "samples"))" }
        return text + "\n"
    }
}
