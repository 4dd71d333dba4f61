import Evaluate
import IR

/// Brings masks of attention within the range on which a framework's exponential is right.
///
/// A mask of -10⁹ says that an element has no part in a softmax. The exponential of frameworks that compute (1 + x / 2^n)^(2^n) grows again
/// below -2 · 2^n, so that every element of the result is wrong. A mask of -2^n / 2 says the same, as long as the other elements of a row
/// lie no further apart than a quarter of the range: what is left of a masked element is less than fixed-point numbers resolve, and the
/// check of the result holds it against the original.
///
/// Changed are the elements of constants that are below that, all of whose readers lead to a softmax by sums, choices, quotients, products with
/// what is 0 or 1, or another whole number, and moves; or above its opposite where all of them turn the sign on the way.
struct MaskClipping {
    /// The name of the step.
    static let step = "masks-within-range"

    /// How far below the largest of its row an operand of a softmax may lie.
    let depth: Double
    /// The graph.
    let graph: Graph
    /// Where values lie.
    let ranges: RangeAnalysis
    private let producers: [Int?]

    init(depth: Double, graph: Graph, ranges: RangeAnalysis) {
        self.depth = depth
        self.graph = graph
        self.ranges = ranges
        producers = graph.producers()
    }

    /// What elements are raised to.
    private var mask: Double { -depth / 4 }

    /// The graph with masks within the range, and the names of the nodes that read them; nil if there is nothing to change.
    ///
    /// - Complexity: O(nodes + edges), and the elements of constants that lead to a softmax.
    func clipped() -> (graph: Graph, names: [String])? {
        var result = graph
        let uses = graph.uses()
        var changed: [Int] = []
        for (index, value) in graph.values.enumerated() where value.constant != nil {
            guard let sign = sign(towardsSoftmaxOf: ValueID(index), uses), let tensor = clipped(value, sign) else {
                continue
            }
            let isLiteral = value.constant.map { !$0.isParameter } ?? false
            let replacement = result.addConstant("\(value.name)_within_range", tensor, isLiteral: isLiteral)
            for node in Set(uses[index]).sorted() {
                for (position, input) in graph.nodes[node].inputs.enumerated() where input == ValueID(index) {
                    result.nodes[node].inputs[position] = replacement
                }
                changed.append(node)
            }
        }
        guard !changed.isEmpty else { return nil }
        return (result.removingDeadCode(), Set(changed).sorted().map(graph.displayName))
    }

    /// The sign with which a value's elements come to softmaxes; nil if one of its readers does not hand them on, or if they come with either.
    private func sign(towardsSoftmaxOf id: ValueID, _ uses: [[Int]]) -> FloatingPointSign? {
        var pending: [(value: ValueID, isTurned: Bool)] = [(id, false)]
        var seen = [id: false]
        var arriving: Set<Bool> = []
        while let (value, isTurned) = pending.popLast() {
            if graph.outputs.contains(value) { return nil }
            for index in Set(uses[value.index]) {
                let node = graph.nodes[index]
                for (position, input) in node.inputs.enumerated() where input == value {
                    if isSoftmax(node, at: position) {
                        arriving.insert(isTurned)
                        continue
                    }
                    guard handsOn(node, at: position), let output = node.output(0) else { return nil }
                    let turned = isTurned != turnsSign(node, at: position)
                    guard seen[output] ?? turned == turned else { return nil }
                    if seen.updateValue(turned, forKey: output) == nil { pending.append((output, turned)) }
                }
            }
        }
        guard arriving.count == 1, let isTurned = arriving.first else { return nil }
        return isTurned ? .minus : .plus
    }

    /// Whether an operand is one of a softmax, or added to it, as the mask of an Attention is.
    private func isSoftmax(_ node: Node, at position: Int) -> Bool {
        node.has(.softmax) || OperatorTable[node.op]?.maskOperand == position
    }

    /// Whether a node's result is made of an operand's elements by sums, choices, products, quotients and moves.
    private func handsOn(_ node: Node, at position: Int) -> Bool {
        if node.has(.elementwise), node.has(.product) {
            return node.inputs.indices.allSatisfy { $0 == position || isConstantOrWhole(node.inputs[$0]) }
        }
        return node.has(.dataMovement) || node.has(.elementwise) && node.has(.linear) || node.has(.choice)
            || isQuotient(node) && position == 0
    }

    /// Whether a value is a constant, or its elements are integers whatever its type: what was one, or a truth, and sums and products of such.
    private func isConstantOrWhole(_ id: ValueID?) -> Bool {
        guard let id else { return false }
        if graph[id].knownTensor != nil { return true }
        var seen: Set<ValueID> = [id]
        var pending = [id]
        while let value = pending.popLast() {
            guard let type = graph[value].type, type.elementType.isFloatingPoint else { continue }
            guard let producer = producers[value.index] else {
                guard let tensor = graph[value].knownTensor, tensor.elementCount <= Self.mostElements,
                    let elements = try? tensor.doubles(), elements.allSatisfy({ $0 == $0.rounded() })
                else { return false }
                continue
            }
            let node = graph.nodes[producer]
            let isCast = node.has(.elementwise) && node.attributes["to"] != nil
            guard
                node.has(.dataMovement) || isCast || node.has(.elementwise) && (node.has(.linear) || node.has(.product))
            else { return false }
            for case let input? in node.inputs where seen.insert(input).inserted { pending.append(input) }
        }
        return true
    }

    /// Elements of a constant that are looked at, at most.
    private static let mostElements = 1 << 20

    private func isQuotient(_ node: Node) -> Bool {
        node.has([.elementwise, .steep]) && !node.has(.power) && node.inputs.count == 2
    }

    /// Whether larger elements of an operand make smaller ones of the result: those of a Neg, the second one of a Sub, and one that is
    /// multiplied with, or divided by, what is negative. What is not known counts as 0 or 1.
    private func turnsSign(_ node: Node, at position: Int) -> Bool {
        guard node.has(.elementwise), !node.has(.choice) else { return false }
        if node.has(.linear) {
            return !node.has(.commutative) && !node.has(.increasing) && position == node.inputs.count - 1
        }
        let others = node.inputs.enumerated().filter { $0.offset != position }.compactMap(\.element)
        return others.count { ranges.interval(of: $0).high <= 0 } % 2 == 1
    }

    /// The constant with what is masked by it nearer to 0; nil if all of it is within the range, or it has no data.
    ///
    /// - Parameter sign: with which it comes to a softmax.
    private func clipped(_ value: Value, _ sign: FloatingPointSign) -> Tensor? {
        guard let tensor = value.constant?.tensor, tensor.elementType.isFloatingPoint, tensor.isAvailable,
            let elements = try? tensor.doubles()
        else { return nil }
        let factor: Double = sign == .plus ? 1 : -1
        guard elements.contains(where: { factor * $0 < 2 * mask }) else { return nil }
        let raised = elements.map { factor * $0 < mask ? factor * mask : $0 }
        return try? NumericArray(raised, shape: tensor.shape, elementType: tensor.elementType).tensor()
    }
}
