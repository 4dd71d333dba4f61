import ArgumentParser
import Autograd
import Evaluate
import IR
import Pricing

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
        var graph = try model.load()
        if let batch = training.batch { graph = try graph.withBatch(batch, evaluator: Interpreter()) }
        let trainer = Trainer(model: graph, training: training, setting: frameworks.setting)
        if let output {
            let step = try Progress.during("expanding the training step") { _ in
                try trainer.step(trainer.style(frameworks.gradients)).written
            }
            for note in try ModelFile.write(step, to: output) { Console.warn("\(output): \(note)") }
        }
        for framework in pricing {
            for warning in trainer.warnings(for: framework) { Console.warn(warning) }
        }
        let results = try Progress.during("pricing the training step") { progress in
            try pricing.enumerated().map { position, framework in
                progress.update(
                    "pricing the training step under \(framework.info.title)", done: position, of: pricing.count)
                return try trainer.price(under: framework, gradients: frameworks.gradients)
            }
        }
        try report(results, batch: graph.batch)
    }

    private func report(_ results: [Trainer.Priced], batch: Int) throws {
        let subject = TrainingDocument.Subject(
            model: model.name, loss: try training.makeLoss().name, optimizer: training.optimizer.lowercased(),
            batch: batch)
        if let path = page.report {
            try ReportFile.write(ReportFile.page(results, of: subject, on: network.network), to: path)
        }
        switch format {
        case .json:
            let documents = results.map {
                TrainingDocument($0.profile, of: subject, gradients: $0.source.rawValue, on: network.network)
            }
            // One framework is told as 'profile' tells it, several as 'compare' does.
            let data =
                if let only = documents.first, documents.count == 1 {
                    try JSONOutput.encode(only)
                } else {
                    try JSONOutput.encode(["frameworks": documents])
                }
            try Results.write(String(decoding: data, as: UTF8.self), to: nil)
        case .table:
            let style = Style(isColored: Console.outputTakesColor)
            let tables = results.map { result in
                TrainingTable(
                    profile: result.profile, subject: subject, gradients: result.description,
                    network: network.network, limit: all ? nil : TextTable.usualRows, style: style
                ).render()
            }
            let written = output.map { "The step is written to \($0).\n" } ?? ""
            try Results.write((tables + [written]).filter { !$0.isEmpty }.joined(separator: "\n"), to: nil)
        }
    }
}

extension Graph {
    /// The length of the first axis of the first input; 1 if there is none.
    fileprivate var batch: Int { inputs.first.flatMap { self[$0].type?.shape?.first?.value } ?? 1 }
}
