extension Graph {
    /// Makes nodes, and bodies of nodes, read other values instead of the given ones. The graph's outputs stay.
    ///
    /// - Parameter replacements: the value to read, by the value read now; none of the new ones may itself be replaced.
    /// - Complexity: O(nodes + edges), with bodies also in their sizes.
    public mutating func replaceUses(_ replacements: [ValueID: ValueID]) {
        if replacements.isEmpty { return }
        var newNames: [String: String] = [:]
        for (old, new) in replacements { newNames[self[old].name] = self[new].name }
        for index in nodes.indices {
            for position in nodes[index].inputs.indices {
                guard let old = nodes[index].inputs[position], let new = replacements[old] else { continue }
                nodes[index].inputs[position] = new
            }
        }
        mapBodies { $0.renameCaptures(newNames) }
    }

    /// Gives a value another name, also where bodies of nodes read it. The name must be free.
    public mutating func rename(_ id: ValueID, to name: String) { rename([id: name]) }

    /// Gives values other names, also where bodies of nodes read them. The names must be free.
    public mutating func rename(_ names: [ValueID: String]) {
        var newNames: [String: String] = [:]
        for (id, name) in names {
            newNames[self[id].name] = name
            self[id].name = name
        }
        mapBodies { $0.renameCaptures(newNames) }
    }

    /// Changes the bodies of nodes, those directly in this graph only.
    public mutating func mapBodies(_ transform: (inout Graph) throws -> Void) rethrows {
        for index in nodes.indices where !nodes[index].attributes.isEmpty {
            for (name, attribute) in nodes[index].attributes where !attribute.subgraphs.isEmpty {
                nodes[index].attributes[name] = try attribute.mappingGraphs { graph in
                    var copy = graph
                    try transform(&copy)
                    return copy
                }
            }
        }
    }

    /// Makes a body read other names from the graphs around it.
    mutating func renameCaptures(_ newNames: [String: String]) {
        for capture in captures {
            guard let name = newNames[self[capture].name] else { continue }
            if let twin = captures.first(where: { $0 != capture && self[$0].name == name }) {
                replaceUses([capture: twin])
                outputs = outputs.map { $0 == capture ? twin : $0 }
                captures.removeAll { $0 == capture }
                continue
            }
            if let local = value(named: name), local != capture {
                rename(local, to: freeName(like: name))
            }
            rename(capture, to: name)
        }
    }

    /// A name that no value has, neither here nor in bodies of nodes: the given one, if need be with a number.
    package func freeName(like name: String) -> String {
        UniqueNames(taken: allNames()).free(name)
    }

    /// The names of all values, here and in bodies of nodes.
    func allNames() -> Set<String> {
        var names = Set(values.map(\.name))
        for node in nodes {
            for body in node.subgraphs { names.formUnion(body.allNames()) }
        }
        return names
    }
}

extension Attribute {
    /// The attribute with its graphs replaced.
    public func mappingGraphs(_ transform: (Graph) throws -> Graph) rethrows -> Attribute {
        switch self {
        case .graph(let graph): .graph(try transform(graph))
        case .graphs(let graphs): .graphs(try graphs.map(transform))
        default: self
        }
    }
}
