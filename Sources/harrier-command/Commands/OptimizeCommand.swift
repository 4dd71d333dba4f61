import ArgumentParser
import Harrier

struct OptimizeCommand: RunsModels {
    static let configuration = CommandConfiguration(
        commandName: "optimize",
        abstract: "Rewrite a model into the cheapest equivalent that the search finds.",
        usage: "harrier optimize <model> --framework <name> [--output <out.onnx>] [<options>]",
        discussion: """
            Rules are exact unless '--rounding' or '--approximate' is given. The result is run against the original on random inputs \
            before it is written; it is not written if it computes something else.

            Examples:
              harrier optimize resnet18.onnx --framework crypten --output cheaper.onnx
              harrier optimize bert.onnx --framework semi2k --objective rounds -o new.onnx
            """)

    @OptionGroup var model: ModelOptions
    @OptionGroup(title: "Framework options") var framework: FrameworkOptions
    @OptionGroup var network: NetworkOptions
    @OptionGroup(title: "Search options") var rewriting: RewriteOptions

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "Write the optimized model to this file (.onnx, or .onnxtxt for ONNX's textual syntax).", valueName: "file"),
        completion: .model)
    var output: String?

    @Flag(name: .customLong("no-check"), help: "Do not run the result against the original. For measuring searches.")
    var skipsCheck = false

    @Flag(
        help:
            "Write a model for the lengths that open dimensions were set to, instead of one for every length: more rewrites are possible."
    )
    var freeze = false

    @Option(
        name: .customLong("max-error"), parsing: .unconditional,
        help: ArgumentHelp(
            "How much the framework's arithmetic may be off after the rewrites; twice what it is off before, or four units in the last "
                + "place, unless said otherwise. 'inf' sets no bound.", valueName: "number"))
    var maxError: Double?

    @Option(
        help: ArgumentHelp(
            "Write every step with its place and price to this file, for 'harrier replay'.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var proof: String?

    @Option(
        help: ArgumentHelp(
            "Say for each rule whether it fired at this node, and if not, what failed first. Repeatable.",
            valueName: "node"))
    var explain: [String] = []

    @Option(
        name: .customLong("at"),
        help: ArgumentHelp(
            "Use an approximate rule at this node, before the search; 'harrier suggest' lists such places. Repeatable.",
            valueName: "rule@node"))
    var substitutions: [Substitution] = []

    @Option(help: "How the report on standard output is written.")
    var format = ReportFormat.table

    @OptionGroup var page: ReportOptions

    func validate() throws {
        try framework.requireFramework()
        guard maxError.map({ $0 > 0 }) ?? true else { throw ValidationError("'--max-error' must be a positive number") }
        guard substitutions.isEmpty || proof == nil else {
            throw ValidationError("'--proof' writes steps of the search only, so it does not go with '--at'")
        }
    }

    func run() throws {
        guard let pricing = try framework.makeFramework() else { return }
        let model = try model.load()
        if !skipsCheck { try model.requireData(of: self.model.model) }
        let options = try options(for: model)
        let found = try Progress.during("searching") { progress in
            try model.optimize(
                under: pricing, visibility: framework.setting.visibility, options: options,
                progress: progress.handler)
        }
        for note in found.notes { Console.warn(note) }
        if found.check.status != .failed { try write(found) }
        switch format {
        case .json: try Results.write(found.json(), to: nil)
        case .table:
            try Results.write(found.table(Style(isColored: Console.outputTakesColor), output: output), to: nil)
        }
        // Complains of a result that computes something else.
        _ = try found.model
    }

    /// What the options ask for.
    private func options(for model: Model) throws -> OptimizationOptions {
        var options = OptimizationOptions(for: network.network)
        options.catalog = try rewriting.rules.catalog()
        (options.only, options.disabled) = (rewriting.only, rewriting.disable)
        options.search = try rewriting.optimizerOptions(network.network, for: model.graph)
        options.substitutions = substitutions
        options.explained = explain
        options.checks = !skipsCheck
        options.keepsOpenDimensions = !freeze
        if let maxError { options.errorLimit = maxError.isFinite ? .absolute(maxError) : .none }
        return options
    }

    /// Writes the files that were asked for.
    private func write(_ found: Optimization) throws {
        if let output {
            for note in try found.write(to: output) { Console.warn("\(output): \(note)") }
        }
        if let proof {
            if found.result.protocolLevel != nil { Console.warn("the log ends with the portable rewrites") }
            let log = try found.proof(
                framework: framework.framework ?? "",
                configuration: try Assignment.dictionary(framework.setting.config, option: "--config"))
            try WholeFile.write(log.json(), to: proof)
        }
        if let path = page.report { try ReportFile.write(found.page(), to: path) }
    }
}
