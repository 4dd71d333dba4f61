import ArgumentParser
import Evaluate
import Graph
import Profiler

struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Price a model: the bytes and rounds that it costs under a framework, layer by layer.",
        usage: "harrier profile <model> --framework <name> [<options>]",
        discussion: """
            Only shapes matter: neither weights nor data are read. Bytes are summed over what all parties send; rounds \
            are the framework's own count.
            """)

    /// How the profile is written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, json, csv, folded, speedscope
    }

    @OptionGroup var model: ModelOptions
    @OptionGroup(title: "Framework options") var framework: FrameworkOptions
    @OptionGroup var network: NetworkOptions

    @Option(help: "Group the table by modules this deep in the model's module tree; 1 is the outermost.")
    var depth: Int?

    @Flag(help: "Show every row of the table, not only the dearest ones.")
    var all = false

    @Option(help: "A table for people; JSON or CSV for programs; folded stacks or a speedscope file for flame graphs.")
    var format = Format.table

    @OptionGroup var output: OutputOptions

    func validate() throws {
        try framework.requireFramework()
        if let depth, depth < 0 { throw ValidationError("'--depth' must not be negative") }
        if format != .table, depth != nil || all {
            throw ValidationError("'--depth' and '--all' are for the table; the other formats hold everything")
        }
    }

    func run() throws {
        guard let pricing = try framework.makeFramework() else { return }
        let graph = try model.load()
        let profile = try Profiler(pricing, evaluator: Interpreter()).profile(
            graph, model: model.name, policy: framework.visibility(in: graph, under: pricing))
        Console.warnIfClear(profile)
        try Results.write(try text(of: profile, graph), to: output.output)
    }

    private func text(of profile: Profile, _ graph: Graph) throws -> String {
        switch format {
        case .json: return String(decoding: try profile.json(network: network.network), as: UTF8.self)
        case .csv: return profile.csv
        case .folded: return profile.foldedStacks
        case .speedscope: return String(decoding: try profile.speedscope(), as: UTF8.self)
        case .table:
            let style = Style(isColored: output.isStandardOutput && Console.outputTakesColor)
            return ProfileTable(
                profile: profile, graph: graph, network: network.network, depth: depth,
                limit: all ? nil : Self.usualRows,
                style: style
            ).render()
        }
    }

    /// Rows of the table unless all are asked for.
    private static let usualRows = 10
}
