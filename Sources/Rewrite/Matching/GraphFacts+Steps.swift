import IR

extension GraphFacts {
    /// Readers that are looked at, at most.
    private static let mostReaders = 256

    /// Whether something that changes by steps, such as a rounding to integers, a comparison or the place of a maximum, is computed of a value
    /// element by element: there a difference in the last place can be a difference of one.
    func feedsSteps(_ id: ValueID) -> Bool {
        feeds(id) { node, output in
            node.has(.stepwise) || !(graph[output].type?.elementType.isFloatingPoint ?? true)
        }
    }

    /// Whether a quotient by a value, its logarithm, or another function that is steep somewhere is computed of it element by element: there a
    /// number near 0 counts in relation to itself.
    func feedsSteep(_ id: ValueID) -> Bool { feeds(id) { node, _ in node.has(.steep) } }

    /// Whether a node of some kind is reached from a value by nodes that work element by element.
    ///
    /// - Parameter isOne: takes a node, and one of its outputs.
    private func feeds(_ id: ValueID, _ isOne: (Node, ValueID) -> Bool) -> Bool {
        var seen: Set<ValueID> = [id]
        var stack = [id]
        var count = 0
        while let value = stack.popLast() {
            for index in uses[value.index] {
                let node = graph.nodes[index]
                count += 1
                guard count <= Self.mostReaders else { return true }
                for case let output? in node.outputs {
                    if isOne(node, output) { return true }
                    let goesOn = node.has(.elementwise) || node.has(.dataMovement) || node.has(.comparison)
                    if goesOn, seen.insert(output).inserted { stack.append(output) }
                }
            }
        }
        return false
    }
}
