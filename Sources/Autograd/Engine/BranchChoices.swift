import IR

/// Values that only one branch of a choice reads. Where the choice takes the other branch their gradient is zero, and a zero times the
/// infinite derivative of a root or a logarithm is not a number: what comes out of such a function is chosen once more.
struct BranchChoices {
    /// The choice that decides whether a value matters.
    private struct Choice {
        let bit: GraphBuilder.Term
        /// Whether the value matters where the bit is set.
        let takesSet: Bool
    }

    private var choices: [ValueID: Choice] = [:]
    /// How often each value of forward is read.
    private let readers: [Int]

    /// None yet.
    ///
    /// - Parameter forward: the graph before gradients are written.
    init(_ forward: Graph) { readers = forward.uses().map(\.count) }

    /// The gradient of an operand without what is not a number where the node's result does not matter.
    func cleaned(_ gradient: GraphBuilder.Term, for node: Node) throws -> GraphBuilder.Term {
        guard node.has(.steep), let choice = node.output(0).flatMap({ choices[$0] }) else { return gradient }
        let zero = gradient.scalar(0)
        return try choice.takesSet
            ? choice.bit.chooses(gradient, else: zero) : choice.bit.chooses(zero, else: gradient)
    }

    /// Notes which operands of a node matter only where its result does, or where a choice takes them.
    mutating func note(_ node: Node, in builder: GraphBuilder) throws {
        guard let output = node.output(0) else { return }
        for (position, input) in node.inputs.enumerated() {
            guard let input, input.index < readers.count, readers[input.index] == 1,
                try builder[input].lengths == builder[output].lengths
            else { continue }
            if node.has(.choice), position > 0, let condition = node.input(0),
                try builder[condition].lengths == builder[output].lengths
            {
                choices[input] = Choice(bit: builder[condition], takesSet: position == 1)
            } else if node.has(.elementwise), let choice = choices[output] {
                choices[input] = choice
            }
        }
    }
}
