import ArgumentParser
import Harrier

/// Two models that are run on the same random inputs.
struct PairOptions: ParsableArguments {
    @Argument(help: "The original.", completion: .model)
    var first: String

    @Argument(help: "The other model.", completion: .model)
    var second: String

    @OptionGroup var reading: ReadingOptions

    @OptionGroup var ranges: RangeOptions

    @Option(help: "How many random inputs to try; by default 3, or 1 to explain.")
    var samples: Int?

    @Option(
        help: """
            The largest difference that counts as agreement, in relation to the largest element in 64 bits, and to elements of about the same size \
            in the models' own types; by default 1e-4 and what rounding explains.
            """)
    var tolerance: Double?

    func validate() throws {
        if let samples, samples < 1 { throw ValidationError("'--samples' must be at least 1") }
        if let tolerance, !(tolerance >= 0) { throw ValidationError("'--tolerance' must not be negative") }
    }

    /// Both models.
    ///
    /// - Throws: `HarrierError` if a file cannot be read as a model.
    func load() throws -> (Model, Model) {
        let models = try reading.load([first, second])
        return (models[0], models[1])
    }

    /// How the models are compared.
    ///
    /// - Parameters:
    ///   - samples: how many inputs to try unless the user says.
    ///   - original: the first model.
    /// - Throws: `HarrierError` if what is said of ranges does not fit the model.
    func settings(samples: Int, about original: Graph) throws -> ComparisonSettings {
        var settings = ComparisonSettings(
            samples: self.samples ?? samples, tolerance: tolerance ?? 1e-4,
            assumptions: try ranges.assumptions(about: original))
        settings.inOwnTypes = true
        settings.typedTolerance = tolerance ?? 0
        return settings
    }

    /// What is different between the models, under the names that they were given by.
    func difference(_ models: (Model, Model), _ settings: ComparisonSettings) -> DifferenceReport {
        DifferenceReport(
            first: first, second: second,
            comparison: GraphComparison(models.0.graph, models.1.graph, settings))
    }
}
