import ArgumentParser
import Evaluate
import Foundation
import IR
import ONNXFormat
import Frameworks
import Pricing
import Rewrite

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
        let framework = try FrameworkCatalog.make(
            log.framework.name, parties: log.framework.parties, configuration: log.framework.config)
        let graph = try loadGraph(log)
        var options = Optimizer.Options(objective: try objective(of: log))
        options.allowsApproximate = log.options.approximate
        options.allowsRounding = log.options.rounding
        options.allowsRefusedOperators = log.options.anyOperator
        options.ranges = try log.options.assumptions()
        let optimizer = Optimizer(
            rules: try rules.catalog().rules, framework: framework, policy: try log.policy(), evaluator: Interpreter(),
            options: options)
        let replay: ProofReplay
        // Batch 0 is what is done before searching.
        let batches = (log.steps.last?.batch ?? 0) + 1
        do {
            replay = try Progress.during("replaying") { progress in
                try optimizer.replay(log, on: graph, checksSteps: checkSteps) {
                    progress.update("replaying batch \($0)", done: $0, of: batches)
                }
            }
        } catch let error as HarrierError { throw error.inFile(proof) }
        for note in replay.notes { Console.warn(note) }
        if let output {
            let newest = log.options.anyOperator ? nil : framework.newestOpset
            for note in try ModelFile.write(replay.graph, to: output, newestOpset: newest) {
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

    /// The model, read with the lengths that the user gave when it was optimized, unless others are given now.
    private func loadGraph(_ log: ProofLog) throws -> Graph {
        let lengths = log.model.dimensions.merging(reading.lengths) { $1 }
        let loaded = try loadModel(at: model, dimensions: lengths, evaluator: Interpreter())
        for note in loaded.notes { Console.warn("\(model): \(note)") }
        return loaded.graph
    }

    private func objective(of log: ProofLog) throws -> Objective {
        switch log.objective.name {
        case "bytes": return .bytes
        case "rounds": return .rounds
        case "time": return .time(try Network(parsing: log.objective.network ?? Network.wan.name))
        default:
            throw HarrierError("'\(log.objective.name)' is no objective", file: proof, hint: "time, bytes or rounds")
        }
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
