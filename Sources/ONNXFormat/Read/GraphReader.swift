import IR

/// A graph that is being read: resolves names to values.
struct GraphReader {
    private let importer: GraphImporter
    private let outer: GraphImporter.OuterNames
    private var graph: Graph
    private var ids: [String: ValueID] = [:]

    init(_ importer: GraphImporter, name: String, outer: GraphImporter.OuterNames) {
        self.importer = importer
        self.outer = outer
        graph = Graph(name: name, opsets: importer.opsets)
        graph.metadata.sourceOpset = importer.opsets[""]
    }

    /// The graph, its nodes in order.
    ///
    /// - Throws: ``HarrierError`` if it has a cycle or no outputs.
    consuming func finish() throws -> Graph {
        guard !graph.outputs.isEmpty else { throw HarrierError("the graph '\(graph.name)' has no outputs") }
        try graph.sortTopologically()
        return graph
    }

    // MARK: Values

    private mutating func introduce(_ value: Value) throws -> ValueID {
        guard !value.name.isEmpty else { throw HarrierError("there is a value without a name") }
        guard ids[value.name] == nil else { throw HarrierError("there are two values of the name '\(value.name)'") }
        let id = graph.add(value)
        ids[value.name] = id
        return id
    }

    /// The value of that name; nil for the empty name. A name of the graphs around becomes a capture.
    private mutating func resolve(_ name: String) throws -> ValueID? {
        if name.isEmpty { return nil }
        if let id = ids[name] { return id }
        guard outer.contains(name) else {
            throw HarrierError("reads '\(name)', which is neither an input nor an initializer nor computed by a node")
        }
        let id = try introduce(Value(name: name))
        graph.captures.append(id)
        return id
    }

    mutating func addInitializer(_ proto: TensorProto) throws {
        do {
            let tensor = try importer.tensors.tensor(proto, name: proto.name)
            _ = try introduce(Value(name: proto.name, constant: Constant(tensor, form: .initializer)))
        } catch let error as HarrierError {
            throw error.at("initializer '\(proto.name)'")
        }
    }

    mutating func addInput(_ proto: ValueInfoProto) throws {
        if let id = ids[proto.name], graph[id].constant != nil { return }
        var value = Value(name: proto.name)
        try value.setType(proto.type)
        graph.inputs.append(try introduce(value))
    }

    mutating func addOutput(_ proto: ValueInfoProto) throws {
        do {
            guard let id = try resolve(proto.name) else { throw HarrierError("has no name") }
            try addType(proto)
            graph.outputs.append(id)
        } catch let error as HarrierError {
            throw error.at("output '\(proto.name)'")
        }
    }

    /// Notes a type that the file states. A constant has its own.
    mutating func addType(_ proto: ValueInfoProto) throws {
        guard let id = ids[proto.name], graph[id].constant == nil else { return }
        try graph[id].setType(proto.type)
    }

    // MARK: Nodes

    /// Adds nodes in any order: all results are introduced before the operands are looked up.
    mutating func addNodes(_ protos: [NodeProto]) throws {
        var rest: [(proto: NodeProto, outputs: [ValueID?])] = []
        rest.reserveCapacity(protos.count)
        for proto in protos {
            do {
                guard !proto.opType.isEmpty else { throw HarrierError("has no op_type") }
                if let tensor = try literal(proto) {
                    let form = Constant.Form.literal(nodeName: proto.name)
                    _ = try introduce(Value(name: proto.output[0], constant: Constant(tensor, form: form)))
                } else {
                    let outputs = try proto.output.map { $0.isEmpty ? nil : try introduce(Value(name: $0)) }
                    rest.append((proto, withoutTrailingNils(outputs)))
                }
            } catch let error as HarrierError { throw error.within(label(proto)) }
        }
        graph.nodes.reserveCapacity(rest.count)
        for (proto, outputs) in rest {
            do { try addNode(proto, outputs: outputs) } catch let error as HarrierError {
                throw error.within(label(proto))
            }
        }
    }

    private mutating func addNode(_ proto: NodeProto, outputs: [ValueID?]) throws {
        let inputs = try proto.input.map { try resolve($0) }
        let hasGraph = proto.attribute.contains { $0.hasG || !$0.graphs.isEmpty }
        let visible = hasGraph ? outer.union(ids.keys) : []
        let attributes = try importer.attributes(proto.attribute, outer: visible)
        for body in attributes.values.flatMap(\.subgraphs) {
            for capture in body.captures { _ = try resolve(body[capture].name) }
        }
        var node = Node(
            name: proto.name, op: OperatorName(proto.opType, domain: proto.domain),
            inputs: withoutTrailingNils(inputs), outputs: outputs, attributes: attributes,
            documentation: proto.docString, metadata: properties(proto.metadataProps), overload: proto.overload)
        node.scope = Scope(of: node)
        graph.nodes.append(node)
    }

    /// The tensor that a Constant node is; nil for other nodes, for Constant nodes inside functions that take their
    /// value from the call, and for kinds that the IR does not look into.
    private func literal(_ proto: NodeProto) throws -> Tensor? {
        guard proto.opType == "Constant", proto.output.count == 1, proto.input.isEmpty else { return nil }
        let op = OperatorName(proto.opType, domain: proto.domain)
        let attributes = try importer.attributes(proto.attribute, outer: [])
        return Node(op: op, inputs: [], outputs: [], attributes: attributes).literal
    }

    private func withoutTrailingNils(_ ids: [ValueID?]) -> [ValueID?] {
        guard let last = ids.lastIndex(where: { $0 != nil }) else { return [] }
        return Array(ids[...last])
    }

    /// How messages call a node that is not in the graph yet.
    private func label(_ proto: NodeProto) -> String {
        let kind = proto.opType.isEmpty ? "" : " (\(proto.opType))"
        if !proto.name.isEmpty { return "node '\(proto.name)'\(kind)" }
        return proto.output.first.map { "the node\(kind) that computes '\($0)'" } ?? "a node\(kind)"
    }
}

/// Properties by key; of several of one key, the last.
func properties(_ protos: [StringStringEntryProto]) -> [String: String] {
    Dictionary(protos.map { ($0.key, $0.value) }) { $1 }
}

extension HarrierError {
    /// The same error with its place said to be inside another.
    func within(_ outer: String) -> HarrierError {
        var copy = self
        copy.place = outer + (place.map { ", " + $0 } ?? "")
        return copy
    }
}
