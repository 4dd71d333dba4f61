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
                if node.has(.product), !node.has(.elementwise) {
                    let before = largestNumber(
                        behind: node.inputs.compactMap { $0 }.filter { graph[$0].constant == nil })
                    // A product with a number near the largest of a type is infinite.
                    if before >= Self.extreme { return .infinity }
                    if before > Self.farAway { ordinary = max(ordinary, before) }
                    continue
                }
                guard growsSlowly(node) else { return .infinity }
                for case let input? in node.inputs where isNumber(input) {
                    if producers[input.index] == nil || seen.insert(input).inserted { stack.append(input) }
                }
            }
        }
        return max(ordinary, extreme)
    }

    /// From here on numbers are near the largest of 32 bits.
    static let extreme = 1e30

    /// Numbers beyond this are no weights, but masks and bounds far away.
    static let farAway = 1e4

    /// Whether a number near the largest of its type, or an infinite one, goes into a value: in products and quotients it overflows.
    ///
    /// - Complexity: as ``largestNumber(behind:)``.
    func meetsExtreme(_ id: ValueID) -> Bool { largestNumber(behind: [id]) >= Self.extreme }

    /// The largest magnitude of a constant that goes into values through what stands right before them, up to the next sums of products and to
    /// what is bounded.
    ///
    /// - Complexity: constant; so many nodes are looked at.
    func largestNumber(behind values: [ValueID]) -> Double {
        var seen: Set<ValueID> = []
        var stack = values
        var largest = 0.0
        while let value = stack.popLast(), seen.count < Self.mostBefore {
            guard seen.insert(value).inserted, isNumber(value) else { continue }
            guard let producer = producers[value.index] else {
                largest = max(largest, farNumber(in: value))
                continue
            }
            let node = graph.nodes[producer]
            if node.has(.product) && !node.has(.elementwise) || ranges.interval(of: value).isBounded { continue }
            stack += node.inputs.compactMap { $0 }
        }
        return largest
    }

    /// Nodes that are looked at before a value, at most.
    private static let mostBefore = 32

    /// The largest magnitude in a constant, or in those before an input of a part of a graph; 0 for others.
    private func farNumber(in id: ValueID) -> Double {
        graph[id].constant == nil ? ranges.knowledge.farNumber(outside: id) : number(of: id) ?? 0
    }

    /// The largest magnitude in a value that is bounded, a constant or an input of a part of a graph; nil for others.
    private func number(of id: ValueID) -> Double? {
        let interval = ranges.interval(of: id)
        if interval.isBounded { return max(abs(interval.low), abs(interval.high)) }
        if let tensor = graph[id].knownTensor ?? graph[id].constant?.tensor {
            return tensor.isAvailable ? .infinity : 0
        }
        return ranges.knowledge.largestConstant(outside: id)
    }

    /// Whether what a node computes is of the order of its operands, as sums, choices, means and activations are, and exponentials,
    /// quotients and products of two values are not.
    private func growsSlowly(_ node: Node) -> Bool {
        guard node.subgraphs.isEmpty else { return false }
        let kinds: OperatorDefinition.Traits = [
            .dataMovement, .comparison, .choice, .linear, .average, .reduction, .overwriting,
        ]
        guard let traits = OperatorTable[node.op]?.traits else { return false }
        if !node.has(.elementwise) || !traits.isDisjoint(with: kinds) { return true }
        let values = node.inputs.compactMap { $0 }.filter { !isConstant[$0.index] }
        guard values.count == 1, node.input(0) == values[0] else {
            return values.isEmpty || node.has(.commutative) && values.count == 1
        }
        return Self.isModerateFarOut(node, constants: node.inputs.map { $0.flatMap { graph[$0].knownTensor } })
    }

    /// Whether a function of one number is not much larger than it, far out and near 0.
    private static func isModerateFarOut(_ node: Node, constants: [Tensor?]) -> Bool {
        let points = [-1e4, -1e-4, 0, 1e-4, 1e4]
        guard let probe = try? NumericArray(points, shape: [points.count], elementType: .float64) else { return false }
        let inputs = node.inputs.indices.map { index -> NumericArray? in
            if index == 0 { return probe }
            guard let number = constants[index]?.scalar else { return nil }
            return try? NumericArray([number], shape: [], elementType: .float64)
        }
        guard zip(node.inputs, inputs).allSatisfy({ $0 == nil || $1 != nil }),
            let output = try? Interpreter().evaluate(node, inputs: inputs)?.first, let found = output,
            let numbers = try? found.doubles()
        else { return false }
        return numbers.allSatisfy { abs($0) <= 1e6 }
    }

    private func isNumber(_ id: ValueID) -> Bool { graph[id].type?.elementType.isFloatingPoint ?? true }
}
