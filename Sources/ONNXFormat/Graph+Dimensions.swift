import IR

extension Graph {
    /// Gives lengths to dimensions that the file left open, and sets a leading dimension of an input that is still
    /// open then, the batch, to 1.
    ///
    /// - Parameter lengths: a length for each name, such as `["sequence": 128]`.
    /// - Returns: what to tell: batch dimensions set to 1, and dimensions of inputs that stay open.
    /// - Throws: ``HarrierError`` if no input has a dimension of such a name, or a length is not positive.
    mutating func bindDimensions(_ lengths: [String: Int]) throws -> [String] {
        nameOpenDimensions()
        let names = openDimensionNames()
        for (name, length) in lengths.sorted(by: { $0.key < $1.key }) {
            guard names.contains(name) else {
                throw HarrierError(
                    "no input has a dimension '\(name)'",
                    hint: names.isEmpty
                        ? "no dimension is open" : "open dimensions: \(names.sorted().joined(separator: ", "))")
            }
            guard length > 0 else { throw HarrierError("dimension '\(name)' cannot be \(length)") }
        }
        var lengths = lengths
        var notes: [String] = []
        for input in inputs {
            guard case .symbol(let name)? = self[input].type?.shape?.first, lengths[name] == nil else { continue }
            lengths[name] = 1
            notes.append("dimension '\(name)' is open and was set to 1")
        }
        try setDimensions(lengths)
        return notes + openInputs().map { "dimension \($0.dimension) of input '\($0.input)' is open" }
    }

    /// Dimensions of inputs without a name get one by which they can be set: that of the input, and the axis in brackets.
    private mutating func nameOpenDimensions() {
        for input in inputs {
            for (axis, dimension) in (self[input].type?.shape ?? []).enumerated() where dimension == .unknown {
                let name = "\(self[input].name)[\(axis)]"
                self[input].type?.shape?[axis] = .symbol(name)
            }
        }
    }

    private func openDimensionNames() -> Set<String> {
        var names: Set<String> = []
        for input in inputs {
            for case .symbol(let name) in self[input].type?.shape ?? [] { names.insert(name) }
        }
        return names
    }

    private func openInputs() -> [(input: String, dimension: String)] {
        inputs.flatMap { input in
            (self[input].type?.shape ?? []).filter { $0.value == nil }.map { (self[input].name, "'\($0)'") }
        }
    }
}
