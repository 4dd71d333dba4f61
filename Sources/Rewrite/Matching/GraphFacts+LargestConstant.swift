import Evaluate
import IR

extension GraphFacts {
    /// The largest magnitude of a number of the model that goes into a value element by element, be it added, chosen or padded with:
    /// masks of -10⁹ and -∞ show in it. What is bounded, whatever the inputs, counts with its bound; sums of products with weights, inputs of
    /// the model and parameters whose data is not there count as ordinary numbers.
    ///
    /// - Complexity: linear in the nodes between the value and the nearest sums of products.
    func largestConstant(in id: ValueID) -> Double {
        var result = 0.0
        var seen: Set<ValueID> = [id]
        var stack = [id]
        while let value = stack.popLast() {
            let interval = ranges.interval(of: value)
            if interval.isBounded {
                result = max(result, abs(interval.low), abs(interval.high))
            } else if let tensor = graph[value].knownTensor ?? graph[value].constant?.tensor {
                if tensor.isAvailable { return .infinity }
            } else if let outside = ranges.knowledge.largestConstant(outside: value) {
                result = max(result, outside)
            } else if let producer = producers[value.index] {
                let node = graph.nodes[producer]
                guard node.subgraphs.isEmpty else { return .infinity }
                if node.has(.product), !node.has(.elementwise) { continue }
                for case let input? in node.inputs where isNumber(input) && seen.insert(input).inserted {
                    stack.append(input)
                }
            }
        }
        return result
    }

    private func isNumber(_ id: ValueID) -> Bool { graph[id].type?.elementType.isFloatingPoint ?? true }
}
