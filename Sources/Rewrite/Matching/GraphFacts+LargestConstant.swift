import Evaluate
import IR

extension GraphFacts {
    /// The largest magnitude of a number of the model that goes into a value element by element, be it added, chosen or padded with:
    /// masks of -10⁹ and -∞ show in it. What is bounded, whatever the inputs, counts with its bound; sums of products with weights, inputs of
    /// the model and parameters whose data is not there count as ordinary numbers. Numbers near the largest of a type are added up, as
    /// often as they are read: two masks of the lowest number make -∞.
    ///
    /// - Complexity: linear in the nodes between the value and the nearest sums of products.
    func largestConstant(in id: ValueID) -> Double {
        var (ordinary, extreme) = (0.0, 0.0)
        var seen: Set<ValueID> = [id]
        var stack = [id]
        while let value = stack.popLast() {
            if let number = number(of: value) {
                if number < Self.extreme { ordinary = max(ordinary, number) } else { extreme += number }
            } else if let producer = producers[value.index] {
                let node = graph.nodes[producer]
                guard node.subgraphs.isEmpty else { return .infinity }
                if node.has(.product), !node.has(.elementwise) { continue }
                for case let input? in node.inputs where isNumber(input) {
                    if producers[input.index] == nil || seen.insert(input).inserted { stack.append(input) }
                }
            }
        }
        return max(ordinary, extreme)
    }

    /// From here on numbers are near the largest of 32 bits.
    private static let extreme = 1e30

    /// The largest magnitude in a value that is bounded, a constant or an input of a part of a graph; nil for others.
    private func number(of id: ValueID) -> Double? {
        let interval = ranges.interval(of: id)
        if interval.isBounded { return max(abs(interval.low), abs(interval.high)) }
        if let tensor = graph[id].knownTensor ?? graph[id].constant?.tensor {
            return tensor.isAvailable ? .infinity : 0
        }
        return ranges.knowledge.largestConstant(outside: id)
    }

    private func isNumber(_ id: ValueID) -> Bool { graph[id].type?.elementType.isFloatingPoint ?? true }
}
