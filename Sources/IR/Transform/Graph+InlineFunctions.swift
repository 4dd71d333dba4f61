extension Graph {
    /// The domain whose functions stay calls: the operators that Harrier adds to ONNX's.
    package static let harrierDomain = "ai.harrier"

    /// Most nodes that a model may have after its functions are written out.
    static let largestInlinedGraph = 1 << 20

    /// The graph with every call of a function that the model defines replaced by the function's body, also in bodies of nodes and
    /// for functions that call functions; functions of the domain `ai.harrier` stay.
    ///
    /// References to attributes become the call's values, else the function's defaults; an attribute without either is
    /// left out. New names start with the name of the call (or of its first output) and a slash, new scopes with the scope of
    /// the call. An output that the body does not compute by a node of its own (an input, a constant, an output twice) is
    /// computed by an Identity. Types of intermediate values are left to inference.
    ///
    /// - Throws: ``HarrierError`` if functions call themselves, a call does not fit its function, or the result is too large.
    /// - Complexity: O(size of the result).
    package func inliningFunctions() throws -> Graph {
        let callable = functions.filter { $0.name.domain != Self.harrierDomain }
        if callable.isEmpty { return self }
        var inliner = FunctionInliner(functions: callable, names: UniqueNames(taken: allNames()))
        try inliner.checkSize(of: self)
        for function in functions { try inliner.checkSize(of: function.body) }
        var result = try inliner.inlined(self)
        for function in callable {
            for (domain, version) in function.body.opsets where result.opsets[domain] == nil {
                result.opsets[domain] = version
            }
        }
        for index in result.functions.indices {
            result.functions[index].body = try inliner.inlined(result.functions[index].body)
        }
        result.functions.removeAll { $0.name.domain != Self.harrierDomain }
        return result
    }
}

/// Replaces calls by bodies.
private struct FunctionInliner {
    /// Levels of calls inside calls that are written out.
    private static let deepest = 256

    private struct Key: Hashable {
        let name: OperatorName
        let overload: String

        init(name: OperatorName, overload: String) {
            self.name = name
            self.overload = overload
        }

        init(_ call: Node) { self.init(name: call.op, overload: call.overload) }
    }

    private let functions: [Key: Function]
    private let names: UniqueNames
    /// Nodes of the functions without calls, as far as counted.
    private var sizes: [Key: Int] = [:]
    /// The functions whose nodes are being counted, outermost first.
    private var stack: [Key] = []

    init(functions: [Function], names: UniqueNames) {
        self.names = names
        self.functions = Dictionary(functions.map { (Key(name: $0.name, overload: $0.overload), $0) }) { $1 }
    }

    /// Checks that functions do not call themselves, and that the graph without calls will have at most as many nodes.
    mutating func checkSize(of graph: Graph) throws {
        guard try size(of: graph) <= Graph.largestInlinedGraph else {
            throw HarrierError(
                "the model has more than \(Graph.largestInlinedGraph) nodes when its functions are written out")
        }
    }

    private mutating func size(of graph: Graph) throws -> Int {
        var size = 0
        for node in graph.nodes {
            size += 1
            for body in node.subgraphs { size += try self.size(of: body) }
            if let function = functions[Key(node)] { size += try self.size(of: function) }
            size = min(size, Graph.largestInlinedGraph + 1)
        }
        return size
    }

    private mutating func size(of function: Function) throws -> Int {
        let key = Key(name: function.name, overload: function.overload)
        if let known = sizes[key] { return known }
        guard !stack.contains(key) else { throw HarrierError("the function \(function.name) calls itself") }
        guard stack.count < Self.deepest else { throw HarrierError("calls of functions are nested too deeply") }
        stack.append(key)
        defer { stack.removeLast() }
        let size = try size(of: function.body)
        sizes[key] = size
        return size
    }

    /// The graph without calls.
    func inlined(_ graph: Graph) throws -> Graph {
        var result = graph
        result.nodes = []
        for (index, node) in graph.nodes.enumerated() {
            do { try append(node, to: &result) } catch let error as HarrierError {
                throw error.at(graph.label(ofNode: index))
            }
        }
        return result
    }

    private func append(_ node: Node, to graph: inout Graph) throws {
        guard let function = functions[Key(node)] else {
            var node = node
            for (name, attribute) in node.attributes where !attribute.subgraphs.isEmpty {
                node.attributes[name] = try attribute.mappingGraphs(inlined)
            }
            return graph.nodes.append(node)
        }
        guard node.inputs.count <= function.body.inputs.count, node.outputs.count <= function.body.outputs.count
        else {
            throw HarrierError(
                "the function \(node.op) has \(function.body.inputs.count) inputs and "
                    + "\(function.body.outputs.count) outputs, not \(node.inputs.count) and \(node.outputs.count)")
        }
        // The graph moves into the expansion and back, so that it is never copied.
        let moved = graph
        graph = Graph()
        var expansion = CallExpansion(of: node, function, in: consume moved, names)
        for inner in function.body.nodes {
            if let expanded = try expansion.expand(inner) { try append(expanded, to: &expansion.graph) }
        }
        for connection in try expansion.connections() { try append(connection, to: &expansion.graph) }
        graph = expansion.graph
    }
}

/// The body of a function in the place of one call.
private struct CallExpansion {
    /// The graph around the call, which gets the body's values.
    var graph: Graph
    private let names: UniqueNames
    private let call: Node
    private let function: Function
    private let prefix: String
    /// What stands for the body's values; operands that the call leaves out are not there.
    private var values: [ValueID: ValueID] = [:]

    init(of call: Node, _ function: Function, in graph: consuming Graph, _ names: UniqueNames) {
        self.names = names
        self.call = call
        self.function = function
        let firstOutput = call.outputs.compactMap { $0 }.first
        prefix = call.name.isEmpty ? firstOutput.map { graph[$0].name } ?? call.op.type : call.name
        let body = function.body
        for (position, input) in body.inputs.enumerated() {
            if let operand = call.input(position) { values[input] = operand }
        }
        let produced = body.producers()
        for (position, output) in body.outputs.enumerated() {
            guard let result = call.output(position), values[output] == nil, produced[output.index] != nil else {
                continue
            }
            values[output] = result
        }
        self.graph = graph
    }

    private func isLeftOut(_ id: ValueID) -> Bool { function.body.inputs.contains(id) && values[id] == nil }

    /// The value that stands for one of the body; nil for an operand that the call leaves out.
    private mutating func value(_ id: ValueID) -> ValueID? {
        if let known = values[id] { return known }
        if isLeftOut(id) { return nil }
        let inner = function.body[id]
        let new = graph.add(Value(name: freshName(inner.name), constant: inner.constant))
        values[id] = new
        return new
    }

    private func freshName(_ name: String) -> String { names.take("\(prefix)/\(name)") }

    /// A node of the body as it stands in the graph; nil if it became a constant.
    mutating func expand(_ inner: Node) throws -> Node? {
        var node = inner
        node.name = inner.name.isEmpty ? "" : "\(prefix)/\(inner.name)"
        node.scope = Scope(call.scope.path + inner.scope.path)
        node.rule = inner.rule ?? call.rule
        node.attributes = try bound(inner.attributes)
        node.inputs = inner.inputs.map { $0.flatMap { value($0) } }
        while let last = node.inputs.last, last == nil { node.inputs.removeLast() }
        node.outputs = inner.outputs.map { $0.flatMap { value($0) } }
        try renameBodies(of: &node)
        guard let literal = node.literal, case let output?? = node.outputs.first else { return node }
        graph[output].constant = Constant(literal, form: .literal(nodeName: node.name))
        graph[output].type = literal.type
        return nil
    }

    /// Identity nodes for the outputs that no node of the body computes for the call.
    mutating func connections() throws -> [Node] {
        var result: [Node] = []
        for (position, output) in function.body.outputs.enumerated() {
            guard let target = call.output(position), values[output] != target else { continue }
            guard let source = value(output) else {
                throw HarrierError(
                    "the call leaves out '\(function.body[output].name)', which the function \(call.op) gives back")
            }
            result.append(
                Node(
                    name: call.name, op: "Identity", inputs: [source], outputs: [target], scope: call.scope,
                    rule: call.rule))
        }
        return result
    }

    private func bound(_ attributes: [String: Attribute]) throws -> [String: Attribute] {
        var result: [String: Attribute] = [:]
        for (name, attribute) in attributes {
            guard case .reference(let target, let kind) = attribute else {
                result[name] = try attribute.mappingGraphs { body in
                    var copy = body
                    for index in copy.nodes.indices {
                        copy.nodes[index].attributes = try bound(copy.nodes[index].attributes)
                    }
                    return copy.withLiterals()
                }
                continue
            }
            guard let value = call.attributes[target] ?? function.defaults[target] else { continue }
            guard value.kind == nil || value.kind == kind else {
                throw HarrierError("the attribute '\(target)' of \(call.op) must be of kind \(kind.onnxName)")
            }
            result[name] = value
        }
        return result
    }

    /// Gives the values in bodies of a node names that are not taken, and those they capture the new names.
    private mutating func renameBodies(of node: inout Node) throws {
        guard !node.subgraphs.isEmpty else { return }
        let outer = function.body.valuesByName()
        for (key, attribute) in node.attributes where !attribute.subgraphs.isEmpty {
            node.attributes[key] = try attribute.mappingGraphs { body in
                var newNames: [String: String] = [:]
                for capture in body.captures {
                    let name = body[capture].name
                    guard let id = outer[name], let target = value(id) else {
                        throw HarrierError(
                            "a body in the function \(call.op) needs '\(name)', which the call leaves out")
                    }
                    newNames[name] = graph[target].name
                }
                var copy = body
                renameValues(of: &copy, newNames)
                return copy
            }
        }
    }

    private mutating func renameValues(of body: inout Graph, _ captured: [String: String]) {
        var newNames = captured
        for index in body.values.indices {
            let name = body.values[index].name
            if newNames[name] == nil { newNames[name] = freshName(name) }
            body.values[index].name = newNames[name] ?? name
        }
        for index in body.nodes.indices {
            for (key, attribute) in body.nodes[index].attributes where !attribute.subgraphs.isEmpty {
                body.nodes[index].attributes[key] = attribute.mappingGraphs { inner in
                    var copy = inner
                    let visible = Set(inner.captures.map { inner[$0].name })
                    renameValues(of: &copy, newNames.filter { visible.contains($0.key) })
                    return copy
                }
            }
        }
    }
}

extension Graph {
    /// The graph with Constant nodes whose value became known as constants.
    fileprivate func withLiterals() -> Graph {
        var result = self
        result.nodes = []
        for node in nodes {
            if let literal = node.literal, case let output?? = node.outputs.first {
                result[output].constant = Constant(literal, form: .literal(nodeName: node.name))
                result[output].type = literal.type
            } else {
                result.nodes.append(node)
            }
        }
        return result
    }
}
