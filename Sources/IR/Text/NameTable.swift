/// The values of a graph that is being read, by name.
struct NameTable {
    /// The graph so far.
    var graph: Graph
    private var numbers: [String: ValueID] = [:]
    private var isDefined: [Bool] = []
    private var firstPlace: [Int] = []
    private var types: [String: TextType] = [:]

    init(name: String) { graph = Graph(name: name) }

    /// The value of a name that something reads, which may be defined later; nil for the name that stands for an operand
    /// left out.
    mutating func use(_ name: String, at place: Int) -> ValueID? { name.isEmpty ? nil : number(name, place) }

    /// The value of a name that an input, a constant or a node gives; nil if it has been given before.
    mutating func define(_ name: String, at place: Int) -> ValueID? {
        let id = number(name, place)
        guard !isDefined[id.index] else { return nil }
        isDefined[id.index] = true
        return id
    }

    /// The input of that name, which is an input no longer; nil if there is none.
    mutating func takeInput(_ name: String) -> ValueID? {
        guard let id = numbers[name], let index = graph.inputs.firstIndex(of: id) else { return nil }
        graph.inputs.remove(at: index)
        return id
    }

    /// Notes the type of a name, wherever it is defined. The first statement of several holds.
    mutating func declare(_ name: String, _ type: TextType?) {
        if let type, types[name] == nil { types[name] = type }
    }

    private mutating func number(_ name: String, _ place: Int) -> ValueID {
        if let known = numbers[name] { return known }
        let id = graph.add(Value(name: name))
        numbers[name] = id
        isDefined.append(false)
        firstPlace.append(place)
        return id
    }

    /// The first name that is read and defined nowhere, and where it is read.
    var firstUndefined: (name: String, place: Int)? {
        isDefined.firstIndex(of: false).map { (graph.values[$0].name, firstPlace[$0]) }
    }

    /// Makes the names that are defined nowhere captures from the graphs around.
    mutating func captureUndefined() {
        for index in isDefined.indices where !isDefined[index] {
            graph.captures.append(ValueID(index))
            isDefined[index] = true
        }
    }

    /// Gives the values their declared types. A constant has its own.
    mutating func applyTypes() {
        for (name, type) in types {
            guard let id = numbers[name], graph[id].constant == nil else { continue }
            if case .tensor(let tensorType) = type {
                graph[id].type = tensorType
            } else {
                graph[id].foreignType = type.serialized
            }
        }
    }
}
