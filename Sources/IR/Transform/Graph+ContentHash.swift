extension Graph {
    /// A hash of the graph as it is written: names, operators, attributes and wiring in the order of the file, types of inputs,
    /// and public constants of up to 4096 bytes by content. Parameters count by type only, so that a model that was trained
    /// on has the hash that it had before; paths of files and notes do not count.
    ///
    /// - Complexity: O(nodes + edges + values + bytes of small constants).
    package var contentHash: UInt64 {
        var hasher = StableHasher("graph")
        combine(into: &hasher)
        return hasher.value
    }

    private func combine(into hasher: inout StableHasher) {
        hasher.combine(inputs) {
            $0.combine(self[$1].name)
            $0.combine(self[$1].type?.description ?? "")
        }
        hasher.combine(outputs) { $0.combine(self[$1].name) }
        hasher.combine(captures) { $0.combine(self[$1].name) }
        for value in values {
            guard let constant = value.constant else { continue }
            hasher.combine(value.name)
            hasher.combine(constant.isParameter ? 1 : 0)
            hasher.combine(constant.tensor, isParameter: constant.isParameter)
        }
        hasher.combine(nodes) { hasher, node in
            hasher.combine(node.name)
            hasher.combine(node.op.description)
            hasher.combine(node.overload)
            hasher.combine(node.isPrecomputed ? 1 : 0)
            hasher.combine(node.inputs) { $0.combine($1.map { self[$0].name } ?? "") }
            hasher.combine(node.outputs) { $0.combine($1.map { self[$0].name } ?? "") }
            hasher.combine(node.attributes.sorted { $0.key < $1.key }) {
                $0.combine($1.key)
                $1.value.combineContent(into: &$0)
            }
        }
        hasher.combine(functions) {
            $0.combine($1.name.description)
            $1.body.combine(into: &$0)
        }
    }
}

extension StableHasher {
    /// Adds a tensor's type and, of a public constant of up to 4096 bytes, its data.
    package mutating func combine(_ tensor: Tensor, isParameter: Bool) {
        combine(tensor.elementType.rawValue)
        combine(tensor.shape) { $0.combine($1) }
        if case .strings(let strings) = tensor.payload { return combine(strings) { $0.combine($1) } }
        guard !isParameter, let byteCount = tensor.byteCount, byteCount <= Self.largestConstant,
            let data = try? tensor.bytes()
        else { return }
        combine(data)
    }

    /// Bytes up to which a constant counts by content.
    private static let largestConstant = 4096
}

extension Attribute {
    /// Adds the attribute's kind and value, tensors as ``StableHasher/combine(_:isParameter:)`` does.
    package func combineContent(into hasher: inout StableHasher) {
        hasher.combine(kind?.rawValue ?? 0)
        switch self {
        case .int(let value): hasher.combine(value)
        case .float(let value): hasher.combine(UInt64(value.bitPattern))
        case .string(let value): hasher.combine(value)
        case .tensor(let tensor): hasher.combine(tensor, isParameter: false)
        case .graph(let body): hasher.combine(body.contentHash)
        case .ints(let values): hasher.combine(values) { $0.combine($1) }
        case .floats(let values): hasher.combine(values) { $0.combine(UInt64($1.bitPattern)) }
        case .strings(let values): hasher.combine(values) { $0.combine($1) }
        case .tensors(let tensors):
            hasher.combine(tensors) { $0.combine($1, isParameter: false) }
        case .graphs(let bodies): hasher.combine(bodies) { $0.combine($1.contentHash) }
        case .reference(let name, _): hasher.combine("@" + name)
        case .opaque(let bytes): hasher.combine(bytes)
        }
    }
}
