import IR

/// What somebody who knows a model's data says about the ranges of its values.
public struct RangeAssumptions: Hashable, Sendable, CustomStringConvertible {
    /// Ranges of single values, by name.
    public var named: [String: Interval]
    /// The range of every floating-point input that ``named`` does not mention; nil if nothing is known of those.
    public var inputs: Interval?

    /// Nothing is known unless said.
    public init(named: [String: Interval] = [:], inputs: Interval? = nil) {
        self.named = named
        self.inputs = inputs
    }

    /// Whether nothing is said.
    public var isEmpty: Bool { named.isEmpty && inputs == nil }

    /// What texts such as `x=0,1` say, of which `*` stands for all inputs.
    ///
    /// - Throws: ``HarrierError`` if a text says nothing of the kind.
    public init(texts: [String]) throws {
        self.init()
        for text in texts {
            guard let (name, range) = Self.parse(text) else { throw HarrierError("'\(text)' is no range") }
            if name == Self.allInputs { inputs = range } else { named[name] = range }
        }
    }

    /// What is said, as ``init(texts:)`` takes it.
    public var texts: [String] {
        let all = inputs.map { [(Self.allInputs, $0)] } ?? []
        return (named.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } + all)
            .map { "\($0.0)=\($0.1.low),\($0.1.high)" }
    }

    /// The name that means all inputs.
    public static let allInputs = "*"

    /// The parts of a text around its last equals sign: a name, and two numbers of which the first is not above the second. A
    /// side that is open is `-inf` or `inf`. Nil for other texts.
    public static func parse(_ text: String) -> (name: String, range: Interval)? {
        guard let equals = text.lastIndex(of: "="), equals != text.startIndex else { return nil }
        let bounds = text[text.index(after: equals)...].split(separator: ",", omittingEmptySubsequences: false)
        guard bounds.count == 2, let low = Double(bounds[0]), let high = Double(bounds[1]), low <= high,
            low < .infinity, high > -.infinity
        else { return nil }
        return (String(text[..<equals]), Interval(low, high))
    }

    /// What is said, as in `x in [0, 1]`.
    public var description: String {
        let all = inputs.map { ["other inputs in \($0)"] } ?? []
        return (named.sorted { $0.key < $1.key }.map { "\($0.key) in \($0.value)" } + all).joined(separator: ", ")
    }

    /// What is said of each value of a graph. Names that the graph does not have say nothing.
    public func intervals(in graph: Graph) -> [ValueID: Interval] {
        if isEmpty { return [:] }
        var result: [ValueID: Interval] = [:]
        if let inputs {
            for id in graph.inputs where graph[id].type?.elementType.isFloatingPoint ?? false { result[id] = inputs }
        }
        guard !named.isEmpty else { return result }
        for (index, value) in graph.values.enumerated() {
            if let range = named[value.name] { result[ValueID(index)] = range }
        }
        return result
    }

    /// Checks what is said against a graph.
    ///
    /// - Throws: ``HarrierError`` if a name is none of its values or one that holds no floating-point numbers, or if the data of an
    ///   initializer is not in the range said.
    public func check(against graph: Graph) throws {
        let names = graph.valuesByName()
        for (name, range) in named.sorted(by: { $0.key < $1.key }) {
            guard let id = names[name] else {
                throw HarrierError(
                    "the model has no value of this name, so it cannot have a range", place: "'\(name)'",
                    hint: "inputs: " + graph.inputs.map { graph[$0].name }.joined(separator: ", "))
            }
            if let type = graph[id].type, !type.elementType.isFloatingPoint {
                throw HarrierError(
                    "holds \(type.elementType.onnxName) elements; ranges are for floating-point values",
                    place: "'\(name)'")
            }
            guard let tensor = graph[id].constant?.tensor, tensor.isAvailable else { continue }
            let data = ConstantBounds().bounds(of: tensor)
            guard !data.isBounded || range.contains(data) else {
                throw HarrierError(
                    "its data goes from \(data.low) to \(data.high), beyond the range \(range)", place: "'\(name)'")
            }
        }
    }
}
