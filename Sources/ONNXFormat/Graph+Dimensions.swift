import IR

extension Graph {
    /// Gives lengths to dimensions that the file left open, and sets a leading dimension of an input that is still
    /// open then, the batch, to 1.
    ///
    /// - Parameter lengths: a length for each name, such as `["sequence": 128]`.
    /// - Returns: the lengths that were set, and what to tell: batch dimensions set to 1, and dimensions of inputs that stay open.
    /// - Throws: ``HarrierError`` if a length is not positive.
    mutating func bindDimensions(_ lengths: [String: Int]) throws -> (lengths: [String: Int], notes: [String]) {
        let names = openDimensionNames()
        for (name, length) in lengths.sorted(by: { $0.key < $1.key }) where names.contains(name) && length < 1 {
            throw HarrierError("dimension '\(name)' cannot be \(length)")
        }
        var lengths = lengths.filter { names.contains($0.key) }
        var notes: [String] = []
        // The nodes of a graph come first, too, and again as the second axis of its matrix.
        let inner = Set(inputs.flatMap { (self[$0].type?.shape ?? []).dropFirst() })
        for input in inputs {
            guard case .symbol(let name)? = self[input].type?.shape?.first, lengths[name] == nil,
                !inner.contains(.symbol(name))
            else { continue }
            lengths[name] = 1
            notes.append("dimension '\(name)' is open and was set to 1")
        }
        try setDimensions(lengths)
        return (lengths, notes)
    }

    /// Dimensions of inputs without a name get one by which they can be set: that of the input, and the axis in brackets.
    mutating func nameOpenDimensions() {
        for input in inputs {
            for (axis, dimension) in (self[input].type?.shape ?? []).enumerated() where dimension == .unknown {
                let name = "\(self[input].name)[\(axis)]"
                self[input].type?.shape?[axis] = .symbol(name)
            }
        }
    }

    /// The names of the dimensions of inputs that have no length.
    package func openDimensionNames() -> Set<String> {
        var names: Set<String> = []
        for input in inputs {
            for case .symbol(let name) in self[input].type?.shape ?? [] { names.insert(name) }
        }
        return names
    }
}
