/// Writes a graph: expressions over values become nodes.
///
/// ```swift
/// let builder = GraphBuilder(name: "model")
/// let x = try builder.input("x", TensorType(.float32, lengths: [1, 8]))
/// let y = try builder.within("gate") { try x * (x * 1.5).apply("Sigmoid") }
/// let graph = try builder.graph(outputs: [("y", y)])
/// ```
///
/// Types are inferred node by node, so that operands that do not fit are reported where they meet. A node gets the scope
/// and the metadata that the builder has at the moment, and a name made of its scope and operator (`/gate/Mul_1`), from
/// which a reader of the file finds the scope again. Equal literals are one value.
public final class GraphBuilder {
    /// The graph so far. Its outputs are what it had before the builder; ``graph(outputs:)`` sets them.
    public private(set) var graph: Graph
    /// The module that new nodes belong to.
    public var scope = Scope()
    /// The metadata that new nodes get.
    public var metadata: [String: String] = [:]
    /// What is taken for the element type of a term whose type is not known.
    var defaultElementType = ElementType.float32

    private let evaluator: (any ConstantEvaluator)?
    private let names: UniqueNames
    private var literals: [Tensor: ValueID] = [:]

    /// Bytes of data up to which equal literals are found.
    private static let largestSharedLiteral = 1 << 20

    /// A builder of a new graph.
    ///
    /// - Parameter evaluator: computes shapes that the graph itself works out (Shape, Gather, Concat, ...), as in
    ///   ``Graph/inferTypes(evaluator:)``.
    public convenience init(name: String = "graph", evaluator: (any ConstantEvaluator)? = nil) {
        self.init(Graph(name: name), evaluator: evaluator)
    }

    /// A builder that goes on with a graph whose types have been inferred.
    public init(_ graph: Graph, evaluator: (any ConstantEvaluator)? = nil) {
        self.graph = graph
        self.evaluator = evaluator
        names = UniqueNames(taken: graph.allNames())
    }

    /// The graph with the given outputs, by name. A value that is an input or a constant, or an output already, is copied by an
    /// Identity; the others are renamed.
    ///
    /// - Throws: ``HarrierError`` if another value has one of the names.
    public func graph(outputs: [(name: String, term: Term)]) throws -> Graph {
        var free = Set(graph.nodes.flatMap(\.outputs))
        var newNames: [ValueID: String] = [:]
        graph.outputs = try outputs.map { name, term in
            let id = free.remove(term.id) != nil ? term.id : try term.apply("Identity").id
            if graph[id].name != name {
                try claim(name)
                newNames[id] = name
            }
            return id
        }
        graph.rename(newNames)
        return graph
    }

    /// The graph with the given outputs under the names they have.
    public func graph(outputs: [Term]) -> Graph {
        graph.outputs = outputs.map(\.id)
        return graph
    }
}

// MARK: - Values

extension GraphBuilder {
    /// The term of a value of the graph.
    public subscript(id: ValueID) -> Term { Term(builder: self, id: id) }

    /// A new input.
    ///
    /// - Throws: ``HarrierError`` if there is a value of that name.
    public func input(_ name: String, _ type: TensorType) throws -> Term {
        try claim(name)
        return self[graph.addInput(name, type)]
    }

    /// A new initializer: a parameter of the model, or a buffer.
    ///
    /// - Throws: ``HarrierError`` if there is a value of that name.
    public func initializer(_ name: String, _ tensor: Tensor) throws -> Term {
        try claim(name)
        return self[graph.addConstant(name, tensor)]
    }

    private func claim(_ name: String) throws {
        guard names.claim(name) else { throw HarrierError("there are two values of the name '\(name)'") }
    }

    /// A constant that is part of the program, and therefore public.
    public func literal(_ tensor: Tensor) -> Term {
        if let known = literals[tensor] { return self[known] }
        let id = graph.addConstant(names.take("constant"), tensor, isLiteral: true)
        if let count = tensor.byteCount, count <= Self.largestSharedLiteral { literals[tensor] = id }
        return self[id]
    }

    /// A list of 64-bit integers, as axes and shapes are.
    public func integers(_ values: [Int]) -> Term { literal(Tensor(int64: values)) }

    /// A literal scalar, rounded to the given type: a floating-point type of 16 bits and more, or a 32 or 64-bit integer.
    /// Anything else becomes float32.
    public func scalar(_ value: Double, _ elementType: ElementType) -> Term {
        literal(Tensor(scalar: value, elementType))
    }

    /// A name that no value has: the given one, if need be with a number.
    public func freeName(like name: String) -> String { names.free(name) }

    /// Adds an input that is a copy of a value outside, known if that is.
    func addInput(_ value: Value) -> Term {
        let id = graph.add(value)
        graph.inputs.append(id)
        return self[id]
    }

    /// Makes constants inputs of the same name and type, behind those that are there.
    package func makeInputs(_ ids: [ValueID]) {
        for id in ids { graph[id].constant = nil }
        graph.inputs += ids
    }
}

// MARK: - Nodes

extension GraphBuilder {
    /// The output of a new node.
    ///
    /// - Parameters:
    ///   - operands: nil for an optional one that is left out.
    ///   - name: the node's name within its scope; the operator's if it is not given. A number is added where it is taken.
    /// - Throws: ``HarrierError`` with the node's name if the operands do not fit together.
    public func apply(
        _ op: OperatorName, _ operands: [Term?], _ attributes: [String: Attribute] = [:], name: String? = nil
    ) throws -> Term {
        try append(op, operands, attributes, outputCount: 1, name: name)[0]
    }

    /// The outputs of a new node that has several.
    public func apply(
        _ op: OperatorName, _ operands: [Term?], _ attributes: [String: Attribute] = [:], outputCount: Int,
        name: String? = nil
    ) throws -> [Term] {
        try append(op, operands, attributes, outputCount: outputCount, name: name)
    }

    /// Writes nodes that belong to a module inside the present one.
    ///
    /// - Parameter module: the module's name, with dots if it is a path.
    public func within<Result>(_ module: String, _ write: () throws -> Result) rethrows -> Result {
        try within(Scope(scope.path + Scope(dotted: module).path), write)
    }

    /// Writes nodes that belong to a module, wherever the builder is.
    public func within<Result>(_ scope: Scope, _ write: () throws -> Result) rethrows -> Result {
        let outer = self.scope
        self.scope = scope
        defer { self.scope = outer }
        return try write()
    }
}

extension GraphBuilder {
    /// Appends a node as it is.
    package func append(_ node: Node) { graph.nodes.append(node) }

    /// Appends a node that reads and computes values of the graph, and infers the types of what it computes.
    package func appendInferring(_ node: Node) throws {
        graph.nodes.append(node)
        try graph.inferTypes(ofNode: graph.nodes.count - 1, evaluator: evaluator)
    }

    /// Infers the types of what a node computes without appending it.
    package func inferOutputs(of node: Node) throws {
        graph.nodes.append(node)
        defer { graph.nodes.removeLast() }
        try graph.inferTypes(ofNode: graph.nodes.count - 1, evaluator: nil)
    }

    /// A new value for a node in the present scope to compute.
    package func newValue(_ name: String) -> ValueID {
        graph.add(Value(name: names.take(scope.prefixOfNames + name)))
    }

    /// The nodes, which the graph then lacks.
    func takeNodes() -> [Node] {
        defer { graph.nodes = [] }
        return graph.nodes
    }

    /// Changes every node.
    func updateNodes(_ change: (inout Node) -> Void) {
        for index in graph.nodes.indices { change(&graph.nodes[index]) }
    }

    private func append(
        _ op: OperatorName, _ operands: [Term?], _ attributes: [String: Attribute], outputCount: Int, name: String?
    ) throws -> [Term] {
        var inputs = operands.map { $0?.id }
        while inputs.last == .some(nil) { inputs.removeLast() }
        let nodeName = names.take(scope.prefixOfNames + (name ?? op.type))
        let outputs = (0..<outputCount).map { index in
            graph.add(Value(name: outputCount == 1 ? nodeName : names.take("\(nodeName)_output_\(index)")))
        }
        graph.nodes.append(
            Node(
                name: nodeName, op: op, inputs: inputs, outputs: outputs, attributes: attributes, scope: scope,
                metadata: metadata))
        do {
            try graph.inferTypes(ofNode: graph.nodes.count - 1, evaluator: evaluator)
        } catch {
            graph.nodes.removeLast()
            throw error
        }
        return outputs.map { self[$0] }
    }
}

extension Scope {
    /// What names of nodes in this scope begin with, so that ``init(torchScriptNodeName:)`` finds the scope.
    fileprivate var prefixOfNames: String { path.isEmpty ? "" : "/" + path.joined(separator: "/") + "/" }
}
