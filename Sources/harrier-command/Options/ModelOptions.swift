import ArgumentParser
import Harrier

/// Settings of how models are read.
struct ReadingOptions: ParsableArguments {
    @Option(
        name: .customLong("dim"),
        help: ArgumentHelp(
            "Set a dimension that the model leaves open. Repeatable. An open batch dimension is 1.",
            valueName: "name=length"))
    var dimensions: [Assignment] = []

    func validate() throws {
        for dimension in dimensions where Int(dimension.value).map({ $0 >= 0 }) != true {
            throw ValidationError("'--dim \(dimension.name)=\(dimension.value)': the length must be a whole number")
        }
        _ = try Assignment.dictionary(dimensions, option: "--dim")
    }

    /// The lengths by name.
    var lengths: [String: Int] {
        Dictionary(dimensions.map { ($0.name, Int($0.value) ?? 1) }) { first, _ in first }
    }

    /// Reads a model, and says on standard error what a person should know of how it was read.
    ///
    /// - Throws: `HarrierError` if the file cannot be read as a model.
    func load(_ path: String) throws -> Model {
        let model = try Model(contentsOf: path, dimensions: lengths)
        for note in model.notes { Console.warn("\(path): \(note)") }
        return model
    }
}

/// The model that a command works on, and how to read it.
struct ModelOptions: ParsableArguments {
    @Argument(help: "An ONNX file, binary (.onnx) or textual (.onnxtxt).", completion: .model)
    var model: String

    @OptionGroup var reading: ReadingOptions

    /// Reads the model.
    func load() throws -> Model { try reading.load(model) }
}
