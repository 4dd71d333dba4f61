extension Graph {
    /// A hash of what the graph computes and how: the same for graphs that differ in the names of intermediate values
    /// and constants, in the order of nodes that do not depend on each other or in the order of a commutative operator's operands,
    /// in scopes and other notes.
    ///
    /// Inputs count by name and type, outputs by name, constants by content, large ones by where their data is. That
    /// a computation stands in the graph twice counts, and so does one that no output needs.
    ///
    /// - Complexity: O(nodes + edges + bytes of small constants).
    package var structuralHash: UInt64 {
        let hashing = GraphHashing(self, environment: nil)
        var hasher = StableHasher("graph")
        hasher.combine(inputs) { $0.combine(hashing.values[$1.index]) }
        hasher.combine(outputs) {
            $0.combine(self[$1].name)
            $0.combine(hashing.values[$1.index])
        }
        hasher.combine(hashing.nodeSum)
        hasher.combine(opsets.sorted { $0.key < $1.key }) {
            $0.combine($1.key)
            $0.combine($1.value)
        }
        let functionHashes = functions.map { ($0.name, $0.overload, $0.structuralHash) }
        hasher.combine(functionHashes.sorted { ($0.0, $0.1) < ($1.0, $1.1) }) { $0.combine($1.2) }
        return hasher.value
    }

    /// For every value, indexed by ``ValueID/index``, a hash of how it is computed from inputs and constants: two values
    /// of one hash are equal in every run. Values that nothing defines have the hash 0.
    ///
    /// - Complexity: O(nodes + edges + bytes of small constants).
    package func valueHashes() -> [UInt64] { GraphHashing(self, environment: nil).values }
}

extension Function {
    /// A hash of what the function does, independent of the names inside.
    var structuralHash: UInt64 {
        var hasher = StableHasher("function")
        hasher.combine(name.description)
        hasher.combine(overload)
        hasher.combine(attributes.sorted()) { $0.combine($1) }
        let hashing = GraphHashing(body, environment: [:])
        hasher.combine(defaults.sorted { $0.key < $1.key }) {
            $0.combine($1.key)
            hashing.combine($1.value, into: &$0)
        }
        hasher.combine(hashing.bodyHash)
        return hasher.value
    }
}

/// The hashes of the values of one graph.
private struct GraphHashing {
    /// Bytes up to which a constant's data is hashed; of larger data, which is in memory only where a transformation
    /// computed it, this many are sampled.
    private static let sampleSize = 4096

    private let graph: Graph
    private let hasBodies: Bool
    /// Hashes of values.
    private(set) var values: [UInt64]
    /// A sum over the nodes, and so independent of their order.
    private(set) var nodeSum: UInt64 = 0

    /// - Parameter environment: nil for a whole model. For a body, whose inputs count by position, the hashes of the
    ///   values around it by name.
    init(_ graph: Graph, environment: [String: UInt64]?) {
        self.graph = graph
        values = Array(repeating: 0, count: graph.values.count)
        hasBodies = graph.nodes.contains { !$0.attributes.isEmpty && !$0.subgraphs.isEmpty }
        for (index, value) in graph.values.enumerated() {
            if let constant = value.constant { values[index] = hash(constant, named: value.name) }
        }
        for (position, input) in graph.inputs.enumerated() {
            values[input.index] = hash(input: input, position: environment == nil ? nil : position)
        }
        for capture in graph.captures {
            var hasher = StableHasher("capture")
            hasher.combine(graph[capture].name)
            values[capture.index] = environment?[graph[capture].name] ?? hasher.value
        }
        let names = hasBodies ? graph.valuesByName() : [:]
        for node in graph.nodes {
            let nodeHash = hash(node, names)
            var hasher = StableHasher("node")
            hasher.combine(nodeHash)
            hasher.combine(node.outputs) { $0.combine($1 == nil ? 0 : 1) }
            nodeSum &+= hasher.value
            for (position, output) in node.outputs.enumerated() {
                guard let output else { continue }
                var hasher = StableHasher("output")
                hasher.combine(nodeHash)
                hasher.combine(position)
                values[output.index] = hasher.value
            }
        }
    }

    /// The hash of a body or function: names of inputs and outputs do not count.
    var bodyHash: UInt64 {
        var hasher = StableHasher("body")
        hasher.combine(graph.inputs) { $0.combine(values[$1.index]) }
        hasher.combine(graph.outputs) { $0.combine(values[$1.index]) }
        hasher.combine(nodeSum)
        return hasher.value
    }

    private func hash(input: ValueID, position: Int?) -> UInt64 {
        var hasher = StableHasher("input")
        let value = graph[input]
        if let position { hasher.combine(position) } else { hasher.combine(value.name) }
        hasher.combine(value.type?.elementType.rawValue ?? 0)
        hasher.combine(value.foreignType ?? [])
        hasher.combine(value.type?.shape?.count ?? -1)
        for dimension in value.type?.shape ?? [] { hasher.combine(dimension.description) }
        return hasher.value
    }

    private func hash(_ node: Node, _ names: [String: ValueID]) -> UInt64 {
        let traits = OperatorTable[node.op]?.traits(of: node) ?? []
        var hasher = StableHasher("operator")
        hasher.combine(node.op.domain)
        hasher.combine(node.op.type)
        hasher.combine(node.overload)
        var operands = node.inputs.map { $0.map { values[$0.index] } ?? 1 }
        if traits.contains(.commutative) { operands.sort() }
        hasher.combine(operands) { $0.combine($1) }
        hasher.combine(node.attributes.count == 0 ? [] : node.attributes.sorted { $0.key < $1.key }) {
            $0.combine($1.key)
            combine($1.value, into: &$0, names)
        }
        if traits.contains(.random) {
            // Two such nodes never compute the same.
            hasher.combine(node.outputs) { hasher, output in hasher.combine(output.map { graph[$0].name } ?? "") }
        }
        return hasher.value
    }

    /// Adds an attribute. The names are those of the graph's values, for bodies to refer to.
    func combine(_ attribute: Attribute, into hasher: inout StableHasher, _ names: [String: ValueID] = [:]) {
        hasher.combine(attribute.kind?.rawValue ?? 0)
        switch attribute {
        case .int(let value): hasher.combine(value)
        case .float(let value): hasher.combine(UInt64(value.bitPattern))
        case .string(let value): hasher.combine(value)
        case .tensor(let tensor): combine(tensor, named: "", into: &hasher)
        case .graph(let body): hasher.combine(hash(body, names))
        case .ints(let values): hasher.combine(values) { $0.combine($1) }
        case .floats(let values): hasher.combine(values) { $0.combine(UInt64($1.bitPattern)) }
        case .strings(let values): hasher.combine(values) { $0.combine($1) }
        case .tensors(let tensors): hasher.combine(tensors) { combine($1, named: "", into: &$0) }
        case .graphs(let bodies): hasher.combine(bodies) { $0.combine(hash($1, names)) }
        case .reference(let name, _): hasher.combine("@" + name)
        case .opaque(let bytes): hasher.combine(bytes)
        }
    }

    private func hash(_ body: Graph, _ names: [String: ValueID]) -> UInt64 {
        GraphHashing(body, environment: names.mapValues { values[$0.index] }).bodyHash
    }

    private func hash(_ constant: Constant, named name: String) -> UInt64 {
        var hasher = StableHasher(constant.form == .initializer ? "initializer" : "literal")
        combine(constant.tensor, named: name, into: &hasher)
        return hasher.value
    }

    private func combine(_ tensor: Tensor, named name: String, into hasher: inout StableHasher) {
        hasher.combine(tensor.elementType.rawValue)
        hasher.combine(tensor.shape) { $0.combine($1) }
        switch tensor.payload {
        case .strings(let strings): hasher.combine(strings) { $0.combine($1) }
        case .file(let slice):
            hasher.combine(slice.path)
            hasher.combine(slice.offset)
            hasher.combine(slice.count)
        case .missing(let reference):
            hasher.combine(reference.location)
            hasher.combine(reference.offset ?? -1)
            hasher.combine(reference.length ?? -1)
            if !reference.identifiesData { hasher.combine(name) }
        case .bytes(let bytes):
            if bytes.count <= Self.sampleSize { return hasher.combine(bytes) }
            hasher.combine(name)
            hasher.combine(bytes.count)
            let stride = bytes.count / (Self.sampleSize / 8)
            for start in Swift.stride(from: 0, through: bytes.count - 8, by: stride) {
                bytes.withUnsafeBytes {
                    hasher.combine(UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: UInt64.self)))
                }
            }
        }
    }
}
