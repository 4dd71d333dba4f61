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

    @Option(help: "The largest relative difference that counts as agreement.")
    var tolerance = 1e-4

    func validate() throws {
        if let samples, samples < 1 { throw ValidationError("'--samples' must be at least 1") }
        guard tolerance >= 0 else { throw ValidationError("'--tolerance' must not be negative") }
    }

    /// Both models.
    ///
    /// - Throws: `HarrierError` if a file cannot be read as a model.
    func load() throws -> (Model, Model) { try (reading.load(first), reading.load(second)) }

    /// How the models are compared.
    ///
    /// - Parameters:
    ///   - samples: how many inputs to try unless the user says.
    ///   - original: the first model.
    /// - Throws: `HarrierError` if what is said of ranges does not fit the model.
    func settings(samples: Int, about original: Graph) throws -> ComparisonSettings {
        ComparisonSettings(
            samples: self.samples ?? samples, tolerance: tolerance,
            assumptions: try ranges.assumptions(about: original))
    }

    /// What is different between the models, under the names that they were given by.
    func difference(_ models: (Model, Model), _ settings: ComparisonSettings) -> DifferenceReport {
        DifferenceReport(
            first: first, second: second,
            comparison: GraphComparison(models.0.graph, models.1.graph, settings))
    }
}
