import IR
import SwiftProtobuf

/// Turns graphs into `GraphProto` messages. Large data does not go into the messages: it is noted in ``payloads`` and
/// the tensor says which of them is its own, for ``WeightSplicer`` to put in.
struct GraphExporter {
    /// Data above ``WeightCutter/largestKept`` bytes, to be put in when the file is written.
    private(set) var payloads: [Tensor.Payload] = []
    /// Which initializers of the outermost graph stay in or go to other files, by name.
    let external: [String: ExternalReference]
    /// Whether the types of values between nodes are written.
    let writesValueTypes: Bool

    init(external: [String: ExternalReference], writesValueTypes: Bool) {
        self.external = external
        self.writesValueTypes = writesValueTypes
    }

    /// The message for the outermost graph.
    mutating func model(_ graph: Graph) throws -> GraphProto {
        var proto = try body(graph, external: external)
        proto.docString = graph.metadata.graphDocumentation
        if proto.docString.isEmpty { proto.clearDocString() }
        return proto
    }

    /// The message for a function.
    mutating func function(_ function: Function) throws -> FunctionProto {
        var proto = FunctionProto()
        proto.name = function.name.type
        proto.domain = function.name.domain
        if !function.overload.isEmpty { proto.overload = function.overload }
        proto.input = function.body.inputs.map { function.body[$0].name }
        proto.output = function.body.outputs.map { function.body[$0].name }
        proto.attribute = function.attributes
        proto.attributeProto = try attributes(function.defaults)
        proto.node = try nodes(function.body)
        if !function.documentation.isEmpty { proto.docString = function.documentation }
        proto.opsetImport = operatorSets(of: function.body)
        return proto
    }

    private mutating func body(_ graph: Graph, external: [String: ExternalReference] = [:]) throws -> GraphProto {
        var proto = GraphProto()
        proto.name = graph.name.isEmpty ? "graph" : graph.name
        for value in graph.values {
            guard let constant = value.constant, constant.form == .initializer else { continue }
            do {
                var tensor = try tensorProto(constant.tensor, external: external[value.name])
                tensor.name = value.name
                proto.initializer.append(tensor)
            } catch let error as HarrierError { throw error.at("initializer '\(value.name)'") }
        }
        proto.node = try nodes(graph)
        proto.input = try graph.inputs.map { try valueInfo(graph[$0]) }
        proto.output = try graph.outputs.map { try valueInfo(graph[$0]) }
        if writesValueTypes { proto.valueInfo = try intermediateValues(graph) }
        return proto
    }

    // MARK: Values

    private func intermediateValues(_ graph: Graph) throws -> [ValueInfoProto] {
        let outputs = Set(graph.outputs)
        return try graph.nodes.flatMap { $0.outputs.compactMap { $0 } }
            .filter { !outputs.contains($0) && (graph[$0].type != nil || graph[$0].foreignType != nil) }
            .map { try valueInfo(graph[$0]) }
    }

    private func valueInfo(_ value: Value) throws -> ValueInfoProto {
        var proto = ValueInfoProto()
        proto.name = value.name
        if let type = value.type {
            proto.type.tensorType = type.proto
        } else if let bytes = value.foreignType {
            proto.type = try TypeProto(serializedBytes: bytes)
        }
        return proto
    }

    // MARK: Nodes

    /// The nodes, each literal as a Constant node before the first that reads it.
    private mutating func nodes(_ graph: Graph) throws -> [NodeProto] {
        let literals = graph.values.compactMap { value -> String? in
            guard case .literal(let nodeName)? = value.constant?.form else { return nil }
            return nodeName
        }
        var names = NodeNames(wanted: graph.nodes.map(\.name) + literals)
        var pending = Set(
            graph.values.indices.filter { index in
                if case .literal? = graph.values[index].constant?.form { true } else { false }
            }.map(ValueID.init))
        var protos: [NodeProto] = []
        protos.reserveCapacity(graph.nodes.count + pending.count)
        let valuesByName = pending.isEmpty ? [:] : graph.valuesByName()
        for (index, node) in graph.nodes.enumerated() {
            let captured = node.subgraphs.flatMap { body in body.captures.compactMap { valuesByName[body[$0].name] } }
            for input in node.inputs.compactMap({ $0 }) + captured where pending.remove(input) != nil {
                protos.append(try constantNode(graph[input], names: &names))
            }
            do { protos.append(try nodeProto(node, in: graph, names: &names)) } catch let error as HarrierError {
                throw error.at(graph.label(ofNode: index))
            }
        }
        for value in pending.sorted() { protos.append(try constantNode(graph[value], names: &names)) }
        return protos
    }

    private mutating func nodeProto(_ node: Node, in graph: Graph, names: inout NodeNames) throws -> NodeProto {
        var proto = NodeProto()
        proto.opType = node.op.type
        if !node.op.domain.isEmpty { proto.domain = node.op.domain }
        proto.name = names.next(node.name, else: node.op.type)
        proto.input = node.inputs.map { $0.map { graph[$0].name } ?? "" }
        proto.output = node.outputs.map { $0.map { graph[$0].name } ?? "" }
        proto.attribute = try attributes(node.attributes)
        if !node.overload.isEmpty { proto.overload = node.overload }
        if !node.documentation.isEmpty { proto.docString = node.documentation }
        var metadata = node.metadata
        metadata[Node.ruleKey] = node.originatingRule
        proto.metadataProps = entries(metadata)
        return proto
    }

    private mutating func constantNode(_ value: Value, names: inout NodeNames) throws -> NodeProto {
        guard let constant = value.constant, case .literal(let nodeName) = constant.form else { return NodeProto() }
        var proto = NodeProto()
        proto.opType = "Constant"
        proto.name = names.next(nodeName, else: "Constant")
        proto.output = [value.name]
        proto.attribute = try attributes(["value": .tensor(constant.tensor)])
        return proto
    }

    // MARK: Attributes

    private mutating func attributes(_ attributes: [String: Attribute]) throws -> [AttributeProto] {
        try attributes.sorted { $0.key < $1.key }.map { try attributeProto($0.key, $0.value) }
    }

    private mutating func attributeProto(_ name: String, _ value: Attribute) throws -> AttributeProto {
        if case .opaque(let bytes) = value { return try AttributeProto(serializedBytes: bytes) }
        var proto = AttributeProto()
        proto.name = name
        if let kind = value.kind { proto.type = AttributeProto.AttributeType(rawValue: kind.rawValue) ?? .undefined }
        switch value {
        case .int(let number): proto.i = Int64(number)
        case .float(let number): proto.f = number
        case .string(let text): proto.s = .init(text.utf8)
        case .tensor(let tensor): proto.t = try tensorProto(tensor)
        case .graph(let graph): proto.g = try body(graph)
        case .ints(let numbers): proto.ints = numbers.map(Int64.init)
        case .floats(let numbers): proto.floats = numbers
        case .strings(let texts): proto.strings = texts.map { .init($0.utf8) }
        case .tensors(let tensors): for tensor in tensors { proto.tensors.append(try tensorProto(tensor)) }
        case .graphs(let graphs): for graph in graphs { proto.graphs.append(try body(graph)) }
        case .reference(let other, _): proto.refAttrName = other
        case .opaque: break
        }
        return proto
    }

    // MARK: Tensors

    private mutating func tensorProto(_ tensor: Tensor, external: ExternalReference? = nil) throws -> TensorProto {
        var proto = TensorProto()
        proto.dims = tensor.shape.map(Int64.init)
        proto.dataType = Int32(tensor.elementType.rawValue)
        if let external {
            proto.setExternal(external)
            return proto
        }
        switch tensor.payload {
        case .missing(let reference): proto.setExternal(reference)
        case .strings(let texts): proto.stringData = texts.map { .init($0.utf8) }
        case .bytes(let bytes) where bytes.count <= WeightCutter.largestKept: proto.rawData = .init(bytes)
        case .file(let slice) where slice.count <= WeightCutter.largestKept: proto.rawData = .init(try slice.read())
        case .bytes, .file:
            proto.leftOffset = Int64(payloads.count)
            payloads.append(tensor.payload)
        }
        return proto
    }
}

/// The operator sets that a graph's nodes refer to; those it does not name have version 1.
func operatorSets(of graph: Graph) -> [OperatorSetIdProto] {
    var versions = graph.opsets
    func visit(_ graph: Graph) {
        for node in graph.nodes {
            if versions[node.op.domain] == nil { versions[node.op.domain] = graph.opsets[node.op.domain] ?? 1 }
            node.subgraphs.forEach(visit)
        }
    }
    visit(graph)
    return versions.sorted { $0.key < $1.key }.map { entry in
        .with {
            $0.domain = entry.key
            $0.version = Int64(entry.value)
        }
    }
}

/// Properties in alphabetical order, so that equal graphs give equal files.
func entries(_ properties: [String: String]) -> [StringStringEntryProto] {
    properties.sorted { $0.key < $1.key }.map { entry in
        .with {
            $0.key = entry.key
            $0.value = entry.value
        }
    }
}

extension TensorProto {
    mutating func setExternal(_ reference: ExternalReference) {
        dataLocation = .external
        var properties = [("location", reference.location)]
        if let offset = reference.offset { properties.append(("offset", "\(offset)")) }
        if let length = reference.length { properties.append(("length", "\(length)")) }
        externalData = properties.map { entry in
            .with {
                $0.key = entry.0
                $0.value = entry.1
            }
        }
    }
}

extension TensorType {
    var proto: TypeProto.Tensor {
        .with { proto in
            proto.elemType = Int32(elementType.rawValue)
            guard let shape else { return }
            proto.shape.dim = shape.map { dimension in
                .with {
                    switch dimension {
                    case .known(let length): $0.dimValue = Int64(length)
                    case .symbol(let name): $0.dimParam = name
                    case .unknown: break
                    }
                }
            }
        }
    }
}
