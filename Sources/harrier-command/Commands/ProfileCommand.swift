import ArgumentParser
import Harrier

struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Price a model: the bytes and rounds that it costs under a framework, layer by layer.",
        usage: "harrier profile <model> --framework <name> [<options>]",
        discussion: """
            Only shapes matter for prices: neither weights nor data are read. Bytes are summed over what all parties send; rounds \
            are the framework's own count. Small models are also run on random inputs as the framework computes, and what it \
            computes badly is warned of.

            Examples:
              harrier profile resnet18.onnx --framework crypten
              harrier profile bert.onnx --framework semi2k --network 1Gbps,5ms --depth 3
              harrier profile bert.onnx --framework cheetah --format pprof --output bert.pb
            """)

    /// How the profile is written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, json, csv, folded, speedscope, pprof, markdown
    }

    @OptionGroup var model: ModelOptions
    @OptionGroup(title: "Framework options") var framework: FrameworkOptions
    @OptionGroup var network: NetworkOptions

    @Option(help: "Group the table by modules this deep in the model's module tree; 1 is the outermost.")
    var depth: Int?

    @Flag(help: "Show every row of the table, not only the dearest ones.")
    var all = false

    @Option(
        help:
            """
            A table for people; Markdown for papers; JSON or CSV for programs; folded stacks, a speedscope or a pprof file for \
            flame graphs.
            """)
    var format = Format.table

    @Flag(
        inversion: .prefixedNo,
        help: "Run the model as the framework computes; said of small models without being asked for.")
    var simulation: Bool?

    @OptionGroup var output: OutputOptions
    @OptionGroup var report: ReportOptions

    func validate() throws {
        try framework.requireFramework()
        if let depth, depth < 0 { throw ValidationError("'--depth' must not be negative") }
        if format != .table, depth != nil {
            throw ValidationError("'--depth' is for the table; the other formats hold everything")
        }
        if format != .table, format != .markdown, all {
            throw ValidationError("'--all' is for tables; the other formats hold everything")
        }
        if model.reading.series.count > 1, (format != .table && format != .json) || report.report != nil {
            throw ValidationError("several lengths are told as a table or as JSON, without a report")
        }
        if format == .pprof, output.isStandardOutput {
            throw ValidationError("a pprof file is not text: say with '--output' where to write it")
        }
    }

    func run() throws {
        guard let pricing = try framework.makeFramework() else { return }
        if model.reading.series.count > 1 { return try writeSeries(pricing) }
        let model = try model.loadForLeastPrice()
        let profile = try Progress.during("pricing") { _ in
            try model.profile(under: pricing, visibility: framework.setting.visibility)
        }
        Console.warnIfClear(profile)
        if let offer = try model.publicOffer(beside: profile, under: pricing, visibility: framework.setting.visibility)
        {
            Console.offer(offer)
        }
        let accuracy = try accuracy(of: model, under: pricing)
        for warning in accuracy?.warnings ?? [] { Console.warn(warning) }
        if let path = report.report {
            try ReportFile.write(ReportPage(profile, of: model.graph, on: network.network), to: path)
        }
        if format == .pprof, let path = output.output {
            return try WholeFile.write(try profile.pprof(), to: path)
        }
        try Results.write(try text(of: profile, accuracy, model.graph), to: output.output)
    }

    /// Prices the model at each choice of lengths, a row each.
    private func writeSeries(_ pricing: any Framework) throws {
        let rows = try model.reading.series.map { lengths in
            let model = try Model(contentsOf: self.model.model, dimensions: lengths)
            try model.requireLengths(of: self.model.model)
            return LengthSeries.Row(
                dimensions: lengths,
                profile: try model.profile(under: pricing, visibility: framework.setting.visibility))
        }
        let series = LengthSeries(rows: rows, network: network.network)
        switch format {
        case .json: try Results.write(try series.json(), to: output.output)
        default:
            let style = Style(isColored: output.isStandardOutput && Console.outputTakesColor)
            try Results.write(series.table(style), to: output.output)
        }
    }

    /// How exactly the framework computes the model; nil if that is not wanted, or not known.
    private func accuracy(of model: Model, under framework: any Framework) throws -> FrameworkAccuracy? {
        guard simulation ?? true else { return nil }
        return try Progress.during("simulating") { _ in
            try model.accuracy(
                under: framework, visibility: self.framework.setting.visibility, anySize: simulation ?? false)
        }
    }

    private func text(of profile: Profile, _ accuracy: FrameworkAccuracy?, _ graph: Graph) throws -> String {
        switch format {
        case .json:
            return String(decoding: try profile.json(network: network.network, accuracy: accuracy), as: UTF8.self)
        case .csv: return profile.csv
        case .folded: return profile.foldedStacks
        case .markdown: return profile.markdown(network: network.network, limit: all ? nil : TextTable.usualRows)
        case .pprof, .speedscope: return String(decoding: try profile.speedscope(), as: UTF8.self)
        case .table:
            let style = Style(isColored: output.isStandardOutput && Console.outputTakesColor)
            return ProfileTable(
                profile: profile, graph: graph, network: network.network, depth: depth,
                limit: all ? nil : TextTable.usualRows, style: style
            ).render()
        }
    }
}
