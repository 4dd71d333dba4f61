import IR

extension ChangeFinder {
    /// What changed about a node that both graphs have.
    func changes(of one: Int, _ two: Int) -> [GraphChange] {
        attributeChanges(one, two) + constantChanges(one, two) + rewiring(one, two)
    }

    private func title(_ node: Int) -> String {
        "\(first.graph.nodes[node].op) '\(first.graph.displayName(ofNode: node))'"
    }

    private func attributeChanges(_ one: Int, _ two: Int) -> [GraphChange] {
        let (left, right) = (first.graph.nodes[one], second.graph.nodes[two])
        guard left.attributes != right.attributes else { return [] }
        let definition = OperatorTable[left.op]
        let names = Set(left.attributes.keys).union(right.attributes.keys).sorted()
        return names.compactMap { name in
            let fallback = definition?.attribute(name)?.defaultValue
            let values = (left.attributes[name] ?? fallback, right.attributes[name] ?? fallback)
            guard values.0 != values.1 else { return nil }
            return change(
                .attribute, one, two,
                "\(title(one)): '\(name)' is \(values.1.shortDescription), was \(values.0.shortDescription)")
        }
    }

    private func constantChanges(_ one: Int, _ two: Int) -> [GraphChange] {
        let (left, right) = (first.graph.nodes[one], second.graph.nodes[two])
        guard left.inputs.count == right.inputs.count, left.outputs.count == right.outputs.count else { return [] }
        return zip(left.inputs, right.inputs).compactMap { mine, other in
            guard let mine, let other, let tensor = first.graph[mine].constant?.tensor else { return nil }
            let name = first.graph[mine].name
            guard let found = second.graph[other].constant?.tensor else {
                let how = second.isConstant[other.index] ? "is computed on constants" : "is no constant any more"
                return change(.constant, one, two, "\(title(one)): the constant '\(name)' \(how)")
            }
            return tensor.difference(from: found).map {
                change(.constant, one, two, "\(title(one)): the constant '\(name)' \($0)")
            }
        }
    }

    /// A node that reads something that neither its old operand nor a node lost or added in between explains.
    private func rewiring(_ one: Int, _ two: Int) -> [GraphChange] {
        let sources = reached(from: one, in: first, alignment.partners)
        let found = reached(from: two, in: second, alignment.inverse)
        let expected = Set(sources.compactMap(partner))
        let surplus = found.filter { !expected.contains($0) }
        guard !surplus.isEmpty, first.dataOperands(of: one).count == second.dataOperands(of: two).count,
            isDirect(one, first, alignment.partners), isDirect(two, second, alignment.inverse)
        else { return [] }
        let before = sources.filter { source in !(partner(source).map(found.contains) ?? false) }
        let text =
            "\(title(one)) reads \(surplus.map(second.name).joined(separator: " and ")) in place of "
            + before.map(first.name).joined(separator: " and ")
        return [change(.rewired, one, two, text)]
    }

    private func reached(from node: Int, in side: AlignedGraph, _ partners: [Int?]) -> [NodeSurroundings.Place] {
        side.surroundings(of: node) { partners[$0] != nil }.below
    }

    /// Whether a node reads nodes that have partners, and inputs, only.
    private func isDirect(_ node: Int, _ side: AlignedGraph, _ partners: [Int?]) -> Bool {
        side.dataOperands(of: node).compactMap { side.producers[$0.index] }.allSatisfy { partners[$0] != nil }
    }

    private func partner(_ place: NodeSurroundings.Place) -> NodeSurroundings.Place? {
        switch place {
        case .node(let node): alignment.partners[node].map(NodeSurroundings.Place.node)
        case .value(let id): alignment.inputs.first { $0.first == id }.map { .value($0.second) }
        }
    }
}

extension Tensor {
    /// Constants of more bytes are not read to compare them.
    private static let largestCompared = 1 << 26

    /// How another constant differs, in words; nil if it does not, or if that cannot be told.
    fileprivate func difference(from other: Tensor) -> String? {
        guard type == other.type else { return "is \(other.type), was \(type)" }
        if payload == other.payload { return nil }
        guard isAvailable, other.isAvailable, elementType != .string, (byteCount ?? .max) <= Self.largestCompared,
            let mine = try? bytes(), let found = try? other.bytes(), mine != found
        else { return nil }
        guard elementCount == 1, let one = try? doubles().first, let two = try? other.doubles().first else {
            return "has other elements"
        }
        return "is \(two), was \(one)"
    }
}

extension Attribute? {
    /// The value as messages show it, long lists cut.
    var shortDescription: String {
        switch self {
        case nil: "left out"
        case .int(let value)?: "\(value)"
        case .float(let value)?: "\(value)"
        case .string(let text)?: "'\(text)'"
        case .ints(let values)?: Self.short(values)
        case .floats(let values)?: Self.short(values)
        case .strings(let texts)?: Self.short(texts)
        case .tensor(let tensor)?: "a tensor of type \(tensor.type)"
        case .graph?, .graphs?: "a graph"
        case .tensors?: "tensors"
        case .reference(let name, _)?: "@\(name)"
        case .opaque?: "bytes that Harrier does not look into"
        }
    }

    private static func short<Element>(_ values: [Element]) -> String {
        "[" + values.prefix(8).map { "\($0)" }.joined(separator: ", ") + (values.count > 8 ? ", …]" : "]")
    }
}
