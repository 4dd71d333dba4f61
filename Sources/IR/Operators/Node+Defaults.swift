extension Node {
    /// The node with the attributes written out that its operator has defaults for.
    ///
    /// - Parameter spatialAxes: over how many axes its windows move, for lists with an entry for each; nil if it has none.
    package func writingOutDefaults(spatialAxes: Int?) -> Node {
        var result = self
        for definition in OperatorTable[op]?.attributes ?? [] where attributes[definition.name] == nil {
            if let value = definition.defaultValue {
                result.attributes[definition.name] = value
            } else if let entry = definition.defaultEntry, let spatialAxes, !padsByItself {
                let count = definition.name == "pads" ? 2 * spatialAxes : spatialAxes
                result.attributes[definition.name] = .ints([Int](repeating: entry, count: count))
            }
        }
        return result
    }

    /// Whether the padding follows from the operand's lengths, which a list of zeros would contradict.
    private var padsByItself: Bool {
        if case .string(let mode)? = attributes["auto_pad"] { mode != "NOTSET" } else { false }
    }
}
