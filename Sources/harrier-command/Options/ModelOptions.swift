import ArgumentParser
import Harrier

/// Settings of how models are read.
struct ReadingOptions: ParsableArguments {
    @Option(
        name: .customLong("dim"),
        help: ArgumentHelp(
            "Set a dimension that the model leaves open; 'input[axis]' is one without a name. Repeatable. An open batch dimension is 1. "
                + "'harrier profile' takes several lengths, separated by commas.",
            valueName: "name=length"))
    var dimensions: [Assignment] = []

    func validate() throws {
        for dimension in dimensions where dimension.lengths?.allSatisfy({ $0 >= 0 }) != true {
            throw ValidationError("'--dim \(dimension.name)=\(dimension.value)': the length must be a whole number")
        }
        _ = try Assignment.dictionary(dimensions, option: "--dim")
    }

    /// The lengths by name, the first where there are several.
    var lengths: [String: Int] { series[0] }

    /// All choices of lengths, the last dimension's changing first; one without lengths if none were given.
    var series: [[String: Int]] {
        dimensions.reduce([[:]]) { choices, dimension in
            choices.flatMap { choice in
                (dimension.lengths ?? []).map { choice.merging([dimension.name: $0]) { $1 } }
            }
        }
    }

    /// Reads models that belong together, and says on standard error what a person should know of how they were read. Each takes the lengths
    /// of the dimensions that it has.
    ///
    /// - Throws: `HarrierError` if a file cannot be read as a model, or none has a dimension of a name.
    func load(_ paths: [String]) throws -> [Model] {
        guard series.count == 1 else {
            throw HarrierError(
                "several lengths of a dimension are for 'harrier profile'", hint: "give one length with '--dim'")
        }
        let models = try Model.reading(paths, dimensions: lengths)
        for (path, model) in zip(paths, models) {
            for note in model.notes { Console.warn("\(path): \(note)") }
        }
        return models
    }

    /// Reads a model whose price is wanted.
    ///
    /// - Throws: `HarrierError` if the file cannot be read as a model, or leaves lengths open that were not given.
    func loadForPricing(_ path: String) throws -> Model {
        let model = try load([path])[0]
        try model.requireLengths(of: path)
        return model
    }
}

/// The model that a command works on, and how to read it.
struct ModelOptions: ParsableArguments {
    @Argument(help: "An ONNX file, binary (.onnx) or textual (.onnxtxt).", completion: .model)
    var model: String

    @OptionGroup var reading: ReadingOptions

    /// Reads the model, and warns where lengths that it leaves open were not given: what is said of its price is the least that it can be.
    func loadForLeastPrice() throws -> Model {
        let model = try reading.load([self.model])[0]
        do { try model.requireLengths(of: self.model) } catch {
            Console.warn("\(error); the totals are the least it can be")
        }
        return model
    }

    /// Reads the model, whose price is wanted.
    func load() throws -> Model { try reading.loadForPricing(model) }
}

extension Assignment {
    /// The value as whole numbers separated by commas; nil if it is something else.
    fileprivate var lengths: [Int]? {
        let parts = value.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        return parts.contains(nil) ? nil : parts.compactMap { $0 }
    }
}
