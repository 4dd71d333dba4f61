import ArgumentParser
import Harrier

/// A `NAME=LOW,HIGH` argument.
struct RangeAssignment: ExpressibleByArgument {
    /// The value's name, or `*` for all inputs.
    let name: String
    /// The range.
    let range: Interval

    /// As ``RangeAssumptions/parse(_:)``.
    init?(argument: String) {
        guard let (name, range) = RangeAssumptions.parse(argument) else { return nil }
        self.name = name
        self.range = range
    }
}

/// What is known of the values of a model's tensors.
struct RangeOptions: ParsableArguments {
    @Option(
        name: .customLong("range"),
        help: ArgumentHelp(
            """
            What is known of an input's values (also of an initializer's, or of what a node computes): rules can rely on \
            it, and random inputs keep to it. '*' means all inputs. Repeatable.
            """, valueName: "name=low,high"))
    var ranges: [RangeAssignment] = []

    func validate() throws {
        var seen: Set<String> = []
        for range in ranges where !seen.insert(range.name).inserted {
            throw ValidationError("'--range' gives '\(range.name)' twice")
        }
    }

    /// What the options say of a model.
    ///
    /// - Throws: `HarrierError` if the model has no value of a name, or its data contradicts what is said.
    func assumptions(about graph: Graph) throws -> RangeAssumptions {
        var result = RangeAssumptions()
        for range in ranges {
            // A star is all inputs unless the model has a value of that name.
            if range.name == RangeAssumptions.allInputs, graph.value(named: range.name) == nil {
                result.inputs = range.range
            } else {
                result.named[range.name] = range.range
            }
        }
        try result.check(against: graph)
        return result
    }
}
