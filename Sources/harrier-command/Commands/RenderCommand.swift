import ArgumentParser
import Harrier

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
    var view = DrawingView.both

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
        guard DrawingFormat(fileName: output) != nil else {
            throw ValidationError("'\(output)' must end in .svg, .png, .pdf or .dot")
        }
    }

    func run() throws {
        let pricing = try framework.makeFramework()
        let models = try model.reading.load([model.model] + (compare.map { [$0] } ?? []))
        if pricing != nil { try models[0].requireLengths(of: model.model) }
        let (first, second) = (models[0], models.dropFirst().first)
        let options = Drawing.Options(depth: depth, expanded: expand.map { Scope(dotted: $0) })
        try Progress.during("drawing") { _ in
            try first.draw(
                to: output, under: pricing, visibility: framework.setting.visibility, beside: second, view: view,
                options: options)
        }
    }
}

extension DrawingView: ExpressibleByArgument {}
