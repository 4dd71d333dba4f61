import Evaluate
import IR

/// A cone as a graph of its own: what it computes of its operand and its parameters.
struct ConeFunction: Sendable {
    /// The nodes with their names. The operand is the first input, the parameters are the others.
    private(set) var graph: Graph
    /// The value of the model for each constant of the graph.
    let constants: [ValueID: ValueID]
    /// Equal for cones that compute the same in the same way on tensors of the same types.
    var structure: UInt64 {
        graph.inputs.reduce(shapelessStructure) { hash, input in
            var hasher = Hasher()
            hasher.combine(graph[input].type)
            return mixed(hash, UInt64(bitPattern: Int64(hasher.finalize())))
        }
    }
    /// As ``structure``, without the types.
    private let shapelessStructure: UInt64
    /// Whether each element of the result depends on one element of the operand, and on numbers.
    let isElementwise: Bool
    /// Functions in it that no arithmetic expresses.
    let functions: Set<OperatorName>
    /// The numbers in it.
    let numbers: [Double]
    /// The whole numbers in its shapes, axes and attributes.
    let integers: [Int]
    /// The lists of whole numbers in it.
    let lists: [[Int]]

    init(_ cone: Cone, in host: Graph) {
        var builder = ConeGraphBuilder(host)
        builder.addInput(cone.operand)
        for parameter in cone.parameters { builder.addInput(parameter) }
        for index in cone.nodes { builder.add(host.nodes[index]) }
        let graph = builder.finish(output: host.nodes[cone.root].firstOutput)
        self.graph = graph
        constants = builder.constants
        isElementwise = cone.parameters.isEmpty && graph.nodes.allSatisfy { $0.has(.elementwise) }
        functions = graph.nodes.reduce(into: []) { $0.formUnion(KnownOperator.functions(of: $1.op)) }
        numbers = Self.unique(builder.numbers.filter(\.isFinite))
        integers = Self.unique(builder.lists.joined())
        lists = Self.unique(builder.lists)
        shapelessStructure = builder.structure
    }

    private static func unique<Element: Hashable>(_ elements: some Sequence<Element>) -> [Element] {
        var seen: Set<Element> = []
        return elements.filter { seen.insert($0).inserted }
    }

    /// Whether something other than moving elements takes several elements together.
    var reduces: Bool {
        graph.nodes.contains { KnownOperator.reducing.contains($0.op) }
    }

    /// The same function of tensors with fewer elements, where lengths have no meaning of their own; else the function itself. What holds
    /// of one holds of the other, and takes less time to find out.
    var smaller: ConeFunction {
        // A length in a number is a mean, in a list a shape.
        func hasMeaning(_ length: Int) -> Bool {
            integers.contains { $0 == length || $0 == -length }
                || numbers.contains { $0 == Double(length) || ($0 * Double(length) - 1).magnitude < 1e-6 }
        }
        let lengths = Set(graph.inputs.flatMap { graph[$0].type?.lengths ?? [] }).filter {
            $0 > Self.smallLength && !hasMeaning($0)
        }.sorted()
        guard !lengths.isEmpty, lengths.count <= Self.smallLength, !movesOperand else { return self }
        var result = self
        var shorter: [Int: Int] = [:]
        for (index, length) in lengths.enumerated() { shorter[length] = Self.smallLength + 1 + index }
        for index in result.graph.values.indices where result.graph.values[index].constant == nil {
            let type = result.graph.values[index].type
            result.graph.values[index].type = nil
            guard graph.inputs.contains(ValueID(index)), let type, let old = type.lengths else { continue }
            result.graph.values[index].type = TensorType(type.elementType, lengths: old.map { shorter[$0] ?? $0 })
        }
        return (try? result.graph.inferTypes(evaluator: Interpreter())) == nil ? self : result
    }

    private static let smallLength = 4

    /// Whether elements of the operand are moved about: their places have a meaning.
    private var movesOperand: Bool {
        var depends = [Bool](repeating: false, count: graph.values.count)
        depends[graph.inputs[0].index] = true
        for node in graph.nodes {
            guard node.inputs.contains(where: { $0.map { depends[$0.index] } ?? false }) else { continue }
            if node.has(.dataMovement) { return true }
            for case let output? in node.outputs { depends[output.index] = true }
        }
        return false
    }

    /// The type of the operand.
    var operandType: TensorType? { graph[graph.inputs[0]].type }

    /// The elements of the result.
    func run(_ inputs: [NumericArray]) throws -> NumericArray {
        let named = Dictionary(zip(graph.inputs.map { graph[$0].name }, inputs)) { first, _ in first }
        let outputs = try Interpreter().run(graph, inputs: named)
        guard let result = outputs[graph[graph.outputs[0]].name] else { throw HarrierError("a cone has no result") }
        return result
    }
}

/// Copies nodes of a graph into one of their own.
private struct ConeGraphBuilder {
    private let host: Graph
    private var graph = Graph(name: "spelling")
    private var local: [ValueID: ValueID] = [:]
    private(set) var constants: [ValueID: ValueID] = [:]
    private(set) var numbers: [Double] = []
    private(set) var lists: [[Int]] = []
    private var hasher = Hasher()

    init(_ host: Graph) {
        self.host = host
        graph.opsets = host.opsets
    }

    var structure: UInt64 {
        let copy = hasher
        return UInt64(bitPattern: Int64(copy.finalize()))
    }

    mutating func addInput(_ id: ValueID) {
        var value = Value(name: host[id].name, type: host[id].type)
        value.known = nil
        local[id] = graph.add(value)
        graph.inputs.append(ValueID(graph.values.count - 1))
    }

    mutating func add(_ node: Node) {
        var copy = node
        hasher.combine(node.op)
        hasher.combine(node.attributes)
        copy.inputs = node.inputs.map { input in
            let id = input.map { operand($0) }
            hasher.combine(id)
            return id
        }
        copy.outputs = node.outputs.map { output in
            output.map { id in
                let new = graph.add(Value(name: host[id].name, type: host[id].type))
                local[id] = new
                return new
            }
        }
        note(node)
        graph.nodes.append(copy)
    }

    private mutating func operand(_ id: ValueID) -> ValueID {
        if let known = local[id] { return known }
        var value = host[id]
        if let known = value.known, value.constant == nil {
            // Inference found out what a chain of shapes computes.
            value.constant = Constant(known, form: .literal(nodeName: value.name))
        }
        let new = graph.add(value)
        local[id] = new
        constants[new] = id
        guard let tensor = value.constant?.tensor else { return new }
        hasher.combine(tensor)
        if tensor.elementType.isFloatingPoint {
            numbers += (try? tensor.doubles()) ?? []
        } else if let elements = try? tensor.doubles(), elements.count <= Self.longestList {
            lists.append(elements.compactMap { Int(exactly: $0) })
        }
        return new
    }

    /// Longer lists of whole numbers are neither axes nor shapes.
    private static let longestList = 16

    /// Notes the numbers in a node's attributes.
    private mutating func note(_ node: Node) {
        for attribute in OperatorTable[node.op]?.attributes ?? [] {
            switch node.attributes[attribute.name] ?? attribute.defaultValue {
            case .float(let value)?: numbers.append(Double(value))
            case .int(let value)?: lists.append([value])
            case .ints(let values)?: lists.append(values)
            default: break
            }
        }
    }

    mutating func finish(output: ValueID) -> Graph {
        if let id = local[output] {
            graph.outputs = [id]
            hasher.combine(id)
        }
        return graph
    }
}
