import IR

extension Graph {
    /// Gives lengths to dimensions that the file left open, and sets a leading dimension of an input that is still
    /// open then, the batch, to 1.
    ///
    /// - Parameter lengths: a length for each name, such as `["sequence": 128]`.
    /// - Returns: what to tell: batch dimensions set to 1, and dimensions of inputs that stay open.
    /// - Throws: ``HarrierError`` if no input has a dimension of such a name, or a length is not positive.
    mutating func bindDimensions(_ lengths: [String: Int]) throws -> [String] {
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
            switch self[input].type?.shape?.first {
            case .symbol(let name)? where lengths[name] == nil:
                lengths[name] = 1
                notes.append("dimension '\(name)' is open and was set to 1")
            case .unknown?:
                self[input].type?.shape?[0] = 1
                notes.append("the first dimension of input '\(self[input].name)' is open and was set to 1")
            default: break
            }
        }
        try setDimensions(lengths)
        return notes + openInputs().map { "dimension \($0.dimension) of input '\($0.input)' is open" }
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
