import ArgumentParser
import Harrier

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Expand a model into a training step, price it and write it.",
        usage: "harrier train <model> --loss <name> --optimizer <name> [--framework <name> ...] [--output <step.onnx>]",
        discussion: """
            A step is forward pass, loss, gradients and update in one ONNX graph, whose outputs are the loss, the new \
            parameters and the optimizer's new state. Prices are split the same way. Optimizers have PyTorch's options \
            and defaults.

            Examples:
              harrier train a.onnx --loss ce --optimizer adam --batch 32 --framework crypten
              harrier train a.onnx --loss mse --optimizer sgd --lr 0.1 --output step.onnx
            """)

    @OptionGroup var model: ModelOptions
    @OptionGroup(title: "Training options") var training: TrainingOptions
    @OptionGroup(title: "Framework options") var frameworks: TrainingFrameworkOptions
    @OptionGroup var network: NetworkOptions

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "Write the training step to this file (.onnx, or .onnxtxt for ONNX's textual syntax).", valueName: "file"),
        completion: .model)
    var output: String?

    @Flag(help: "Show every layer of the table, not only the dearest ones.")
    var all = false

    @Option(help: "How the report on standard output is written.")
    var format = ReportFormat.table

    @OptionGroup var page: ReportOptions

    func validate() throws {
        if frameworks.names.isEmpty, page.report != nil {
            throw ValidationError("'--report' is about prices: say with '--framework' whose")
        }
        if frameworks.names.isEmpty, output == nil {
            throw ValidationError("say what to do: '--framework NAME' prices the step, '--output FILE' writes it")
        }
    }

    func run() throws {
        let pricing = try frameworks.make()
        let model = try model.load()
        var settings = try training.settings()
        settings.gradients = frameworks.gradients
        if let output {
            let step = try Progress.during("expanding the training step") { _ in try model.trainingStep(settings) }
            for note in try step.write(to: output) { Console.warn("\(output): \(note)") }
        }
        let result = try Progress.during("pricing the training step") { progress in
            try model.train(
                settings, under: pricing, visibility: frameworks.setting.visibility, progress: progress.handler)
        }
        for note in result.notes { Console.warn(note) }
        try report(result)
    }

    private func report(_ training: Training) throws {
        if let path = page.report { try ReportFile.write(ReportPage(training, on: network.network), to: path) }
        switch format {
        case .json: try Results.write(training.json(on: network.network), to: nil)
        case .table:
            let style = Style(isColored: Console.outputTakesColor)
            let tables = training.results.map { result in
                TrainingTable(
                    profile: result.profile, subject: training.subject, gradients: result.gradients,
                    network: network.network, limit: all ? nil : TextTable.usualRows, style: style
                ).render()
            }
            let written = output.map { "The step is written to \($0).\n" } ?? ""
            try Results.write((tables + [written]).filter { !$0.isEmpty }.joined(separator: "\n"), to: nil)
        }
    }
}
