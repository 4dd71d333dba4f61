import ArgumentParser
import Foundation
import Harrier

struct ReplayCommand: RunsModels {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Go through the steps of an optimization again, without searching.",
        discussion: """
            At every step of the log the rule is matched anew and its conditions are evaluated: it must fire exactly \
            where the log says and save what the log says, and the last graph must be the one that the log names. The \
            first step that differs is told, with exit status 1.
            """)

    @Argument(help: "The model that was optimized.", completion: .model)
    var model: String

    @Argument(help: "The log that 'harrier optimize --proof' wrote.", completion: .file(extensions: ["json"]))
    var proof: String

    @OptionGroup var reading: ReadingOptions

    @OptionGroup var rules: RuleOptions

    @Flag(help: "Also run both sides of every step on the values that a random input brings there.")
    var checkSteps = false

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write the optimized model to this file (.onnx or .onnxtxt).", valueName: "file"))
    var output: String?

    func run() throws {
        let log = try readLog()
        // The lengths that the user gave when it was optimized, unless others are given now.
        let original = try Model(contentsOf: model, dimensions: log.model.dimensions.merging(reading.lengths) { $1 })
        for note in original.notes { Console.warn("\(model): \(note)") }
        let replay: ProofReplay
        do {
            let catalog = try rules.catalog()
            replay = try Progress.during("replaying") { progress in
                try original.replay(log, rules: catalog, checksSteps: checkSteps, progress: progress.handler)
            }
        } catch let error as HarrierError { throw error.inFile(proof) }
        for note in replay.notes { Console.warn(note) }
        if let output {
            let newest = log.options.anyOperator ? nil : try FrameworkCatalog.make(log).newestOpset
            for note in try Model(replay.graph).write(to: output, newestOpset: newest) {
                Console.warn("\(output): \(note)")
            }
        }
        try Results.write(report(replay, log, Style(isColored: Console.outputTakesColor)), to: nil)
    }

    private func readLog() throws -> ProofLog {
        guard let data = FileManager.default.contents(atPath: proof) else {
            throw HarrierError("cannot be read", file: proof)
        }
        return try ProofLog(json: data, file: proof)
    }

    private func report(_ replay: ProofReplay, _ log: ProofLog, _ style: Style) -> String {
        var text =
            "\(replay.steps) steps in \(replay.batches) batches, each fired where the log says and saved the same.\n"
        if checkSteps {
            let worst = replay.checks.map(\.maxRelativeError).max() ?? 0
            text += "Both sides of \(replay.checks.count) steps were run: they agree to \(shortScientific(worst)).\n"
        }
        func line(_ name: String, _ cost: Cost) -> String { "\(name): \(ProofLog.CostFigures(cost))\n" }
        text += line("before", replay.before) + line("after", replay.after)
        text += style.green("Replayed") + ": the result is the log's graph, hash \(log.result.hash)."
        if let output { text += " Written to \(output)." }
        return text + "\n"
    }
}
