import ArgumentParser
import Harrier

extension Grouping: ExpressibleByArgument {}

/// Which variants are looked for, and on what they are measured.
struct VariantOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Inputs to run the variants on: an .npz archive with an array for each input, or an .npy file; the first axis counts the "
                + "samples. Without them inputs are drawn, which the report says.", valueName: "file"),
        completion: .file(extensions: ["npz", "npy"]))
    var samples: String?

    @Option(help: ArgumentHelp("How many samples of the file to use at most, the first ones.", valueName: "count"))
    var mostSamples = 256

    @Option(help: ArgumentHelp("How many inputs to draw where there are no samples.", valueName: "count"))
    var draws = 16

    @Option(
        help: ArgumentHelp(
            "Only variants whose outputs differ by no more than this part of the model's (relative L2).",
            valueName: "part"))
    var maxDivergence: Double?

    @Option(
        name: .customLong("sites"),
        help: ArgumentHelp(
            "Decide for each place by itself, or for blocks of equal places; by itself up to 24 places unless said otherwise.",
            valueName: "each|block"))
    var grouping: Grouping?

    @Option(
        name: .customLong("place"),
        help: ArgumentHelp("Only nodes whose names begin with this. Repeatable.", valueName: "prefix"))
    var places: [String] = []

    @Option(help: ArgumentHelp("How many variants to show and write at most.", valueName: "count"))
    var points = 16

    @Option(
        help: ArgumentHelp(
            "Measure every set of decisions if there are no more than this; more are searched.", valueName: "count"))
    var exhaustive = 128

    @Flag(help: "Also substitute activations on a quarter, a half or three quarters of their channels.")
    var channels = false

    @Flag(inversion: .prefixedNo, help: "Also price other settings of the framework, and other frameworks.")
    var alternatives = true

    func validate() throws {
        for (name, number) in [("--points", points), ("--draws", draws), ("--most-samples", mostSamples)]
        where number < 1 {
            throw ValidationError("'\(name)' must be at least 1")
        }
        guard maxDivergence.map({ $0 >= 0 }) ?? true else {
            throw ValidationError("'--max-divergence' must not be negative")
        }
        guard (0...1 << 20).contains(exhaustive) else {
            throw ValidationError("'--exhaustive' must be from 0 to 1048576")
        }
    }

    /// Takes the options over.
    func apply(to options: inout Suggester.Options) {
        options.grouping = grouping
        options.places = places
        options.dividesChannels = channels
        options.points = points
        options.draws = draws
        options.maxDivergence = maxDivergence
        options.exhaustive = exhaustive
    }
}
