import IR

extension GraphFacts {
    /// Readers that are looked at, at most.
    private static let mostReaders = 256

    /// Whether something that changes by steps, such as a rounding to integers, a comparison or the place of a maximum, is computed of a value
    /// element by element: there a difference in the last place can be a difference of one.
    func feedsSteps(_ id: ValueID) -> Bool {
        var seen: Set<ValueID> = [id]
        var stack = [id]
        var count = 0
        while let value = stack.popLast() {
            for index in uses[value.index] {
                let node = graph.nodes[index]
                count += 1
                guard count <= Self.mostReaders else { return true }
                for case let output? in node.outputs {
                    let type = graph[output].type?.elementType
                    if node.has(.stepwise) || !(type?.isFloatingPoint ?? true) { return true }
                    let goesOn = node.has(.elementwise) || node.has(.dataMovement) || node.has(.comparison)
                    if goesOn, seen.insert(output).inserted { stack.append(output) }
                }
            }
        }
        return false
    }
}
