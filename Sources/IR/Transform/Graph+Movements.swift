/// How the elements of a value stand as those of another one do: transposed and reshaped, in that order, on the way from it.
package struct Movement: Hashable, Sendable {
    /// One of the operators on the way.
    package enum Step: Hashable, Sendable {
        /// Axis `i` of the result is axis `order[i]`.
        case transposition(order: [Int])
        /// The same elements in another shape.
        case reshape(from: [Int], to: [Int])

        /// Whether everything stays where it is.
        package var isNothing: Bool {
            switch self {
            case .reshape(let old, let new): old == new
            case .transposition(let order): order == order.sorted()
            }
        }

        /// The step back.
        package var inverse: Step {
            switch self {
            case .reshape(let old, let new): .reshape(from: new, to: old)
            case .transposition(let order):
                .transposition(order: order.indices.sorted { order[$0] < order[$1] })
            }
        }

        /// The shape of the result of an operand of the given shape.
        package func shape(of shape: [Int]) -> [Int] {
            switch self {
            case .reshape(_, let new): new
            case .transposition(let order): order.map { shape[$0] }
            }
        }
    }

    /// What was done, the first thing first.
    package var steps: [Step]
    /// Whether operators in between can be computed before all of the steps: they are computed element by element.
    package var isElementwise: Bool
    /// Whether, behind the last step, an operand joined that had not gone through the same.
    package var isMixed = false

    /// Whether axes changed places, and not only lengths.
    package var isTransposed: Bool {
        steps.contains { if case .transposition = $0 { true } else { false } }
    }

    /// The movement with another step behind it, which joins the last one if it is of the same kind; nil if nothing has moved then.
    ///
    /// - Parameter isElementwise: whether the step gives the elements as they are.
    package func followed(by step: Step, isElementwise: Bool) -> Movement? {
        var result = Movement(steps: steps, isElementwise: self.isElementwise && isElementwise)
        let joined = isMixed ? nil : steps.last
        switch (joined, step) {
        case (.reshape(let old, _), .reshape(_, let new)): result.steps[steps.count - 1] = .reshape(from: old, to: new)
        case (.transposition(let first), .transposition(let second)):
            result.steps[steps.count - 1] = .transposition(order: second.map { first[$0] })
        default: result.steps.append(step)
        }
        if !isMixed, result.steps.last?.isNothing == true { result.steps.removeLast() }
        if result.steps.count > Movement.limit {
            result.steps.removeFirst()
            result.isElementwise = false
        }
        return result.steps.isEmpty ? nil : result
    }
    /// As many steps are told apart; values are hardly ever moved back and forth as often between two products.
    private static let limit = 16

    /// The steps back, in order.
    package var inverse: [Step] { steps.reversed().map(\.inverse) }
}

extension Graph {
    /// The movements that values went through and that could as well come after them, by value: through elementwise operators, which give
    /// the same whether their operands are moved before or their result afterwards. An operator along an axis, such as Softmax, passes a
    /// movement on before which it cannot be computed.
    ///
    /// - Complexity: O(nodes · steps)
    package func movements() -> [ValueID: Movement] {
        var result: [ValueID: Movement] = [:]
        for node in nodes {
            guard let output = node.output(0) else { continue }
            result[output] = movement(of: node, output, after: result)
        }
        return result
    }

    private func movement(of node: Node, _ output: ValueID, after known: [ValueID: Movement]) -> Movement? {
        guard let operand = node.input(0), let shape = self[output].type?.lengths else { return nil }
        if let step = step(of: node, to: shape) {
            if known[operand] == nil, case .reshape = step { return nil }
            let before = known[operand] ?? Movement(steps: [], isElementwise: true)
            return before.followed(by: step, isElementwise: !node.has(.reduction))
        }
        if node.has(.softmax), var movement = known[operand] {
            movement.isElementwise = false
            return movement
        }
        guard node.has(.elementwise) else { return nil }
        let whole = node.inputs.compactMap { $0 }.filter {
            self[$0].knownTensor == nil && self[$0].type?.elementCount == shape.saturatingProduct()
        }
        guard var movement = whole.lazy.compactMap({ known[$0] }).first else { return nil }
        movement.isMixed = whole.contains { known[$0]?.isMixed != false || known[$0]?.steps != movement.steps }
        movement.isElementwise = whole.allSatisfy { known[$0]?.isElementwise != false }
        return movement
    }

    /// What a node does to the places of elements, if that is all it does. A transposition of axes of length 1 only is a reshape, and
    /// so is a reduction along such axes.
    package func step(of node: Node, to shape: [Int]) -> Movement.Step? {
        guard let operand = node.input(0), let old = self[operand].type?.lengths else { return nil }
        let isReshape =
            node.has(.reshape) || node.has(.reduction) && old.saturatingProduct() == shape.saturatingProduct()
        if isReshape { return .reshape(from: old, to: shape) }
        guard node.has(.transposition), let order = try? node.optionalInts("perm") ?? old.indices.reversed(),
            order.sorted() == Array(old.indices)
        else { return nil }
        let moved = order.filter { old[$0] != 1 }
        return moved == moved.sorted() ? .reshape(from: old, to: shape) : .transposition(order: order)
    }
}
