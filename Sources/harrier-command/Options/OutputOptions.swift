import ArgumentParser

/// Where results go.
struct OutputOptions: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write the result to this file instead of standard output.", valueName: "file"),
        completion: .file())
    var output: String?

    /// Whether the result goes to standard output.
    var isStandardOutput: Bool { output == nil || output == "-" }
}
