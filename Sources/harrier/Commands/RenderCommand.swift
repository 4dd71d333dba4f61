import ArgumentParser
import Evaluate
import IR
import Pricing
import Render
import Rewrite

struct RenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Draw a model, coloured by what its operators cost.",
        usage:
            "harrier render <model> [--framework <name>] [--compare <other>] --output <x.svg|png|pdf|dot> [<options>]",
        discussion: """
            The extension of the output says the format. Modules alike are drawn once; above 400 operators modules are \
            folded into one node each unless '--depth' says how deep to go.

            Examples:
              harrier render a.onnx --framework crypten --output a.svg
              harrier render a.onnx --compare b.onnx --view difference --output new.svg
              harrier render bert.onnx --expand encoder.layer --depth 3 --output bert.pdf
            """)

    /// What of two models is drawn.
    enum View: String, CaseIterable, ExpressibleByArgument {
        case both, before, after, difference
    }

    @OptionGroup var model: ModelOptions

    @Option(
        help: ArgumentHelp("Draw this model beside it, on one scale of colours.", valueName: "other"),
        completion: .model)
    var compare: String?

    @Option(
        help: """
            What '--compare' draws: both models side by side, one of them, or what is different, both as one with lost, \
            new and changed operators.
            """)
    var view = View.both

    @OptionGroup(title: "Framework options") var framework: FrameworkOptions

    @Option(help: "Fold modules this deep in the module tree into one node each.")
    var depth: Int?

    @Option(
        help: ArgumentHelp(
            "Draw the modules alike at this path one by one instead of once with their number; '.' for all. Repeatable.",
            valueName: "path"))
    var expand: [String] = []

    @Option(
        name: [.short, .long], help: ArgumentHelp("The picture: .svg, .png, .pdf or .dot.", valueName: "file"),
        completion: .file(extensions: ["svg", "png", "pdf", "dot"]))
    var output: String

    func validate() throws {
        if compare == nil, view != .both { throw ValidationError("'--view' needs '--compare OTHER'") }
        if let depth, depth < 0 { throw ValidationError("'--depth' must not be negative") }
        guard Picture(fileName: output) != nil else {
            throw ValidationError("'\(output)' must end in .svg, .png, .pdf or .dot")
        }
    }

    /// What is written.
    private enum Picture {
        /// Graphviz' text, for other programs.
        case dot
        case painted(GraphvizRenderer.Format)

        /// What a file name's extension names.
        init?(fileName: String) {
            guard let dot = fileName.lastIndex(of: ".") else { return nil }
            let suffix = fileName[fileName.index(after: dot)...].lowercased()
            if suffix == "dot" {
                self = .dot
            } else if let format = GraphvizRenderer.Format(rawValue: suffix) {
                self = .painted(format)
            } else {
                return nil
            }
        }
    }

    func run() throws {
        guard let picture = Picture(fileName: output) else { return }
        let pricing = try framework.makeFramework()
        let first = try load(model.model, pricing)
        let options = Drawing.Options(depth: depth, expanded: expand.map { Scope(dotted: $0) })
        let drawing =
            if let compare {
                comparison(of: first, with: try load(compare, pricing), options)
            } else {
                Drawing(graph: first.graph, profile: first.profile, options: options)
            }
        switch picture {
        case .dot: try WholeFile.write(drawing.dot().utf8, to: output)
        case .painted(let format):
            let bytes = try Progress.during("drawing") { _ in
                try GraphvizRenderer.render(dot: drawing.dot(), format: format)
            }
            try WholeFile.write(bytes, to: output)
        }
    }

    private func comparison(of before: Drawing.Model, with after: Drawing.Model, _ options: Drawing.Options) -> Drawing
    {
        let partners = Progress.during("comparing") { _ in GraphDifference(before.graph, after.graph).partners }
        if view == .difference {
            return .difference(before: before, after: after, partners: partners, options: options)
        }
        let both = Drawing.comparison(before: before, after: after, partners: partners, options: options)
        return view == .both ? both : both.separated[view == .before ? 0 : 1]
    }

    private func load(_ path: String, _ pricing: (any Framework)?) throws -> Drawing.Model {
        let graph = try model.reading.load(path)
        let profile = try pricing.map { pricing in
            try Profiler(pricing, evaluator: Interpreter()).profile(
                graph, model: modelName(ofFile: path), policy: framework.visibility(in: graph, under: pricing))
        }
        return Drawing.Model(graph, profile)
    }
}
