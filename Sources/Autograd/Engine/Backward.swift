import IR

/// A node in the reverse sweep, as its row in the table of gradients sees it.
///
/// Gradients that come in and are given may have axes of length 1, or be scalars, where the value they belong to has more
/// elements, all of the same gradient: what broadcasting would spread is kept small as long as possible.
final class Backward {
    /// The node with its operands.
    let node: NodeContext
    /// What the node computed, by position.
    let outputs: [GraphBuilder.Term?]
    /// The gradients of its outputs; nil where the loss does not depend on one.
    let gradients: [GraphBuilder.Term?]
    /// For each operand whether its gradient is needed.
    let needed: [Bool]
    /// The gradients of the operands that the row gave.
    private(set) var given: [(index: Int, gradient: GraphBuilder.Term)] = []

    init(node: NodeContext, outputs: [GraphBuilder.Term?], gradients: [GraphBuilder.Term?], needed: [Bool]) {
        self.node = node
        self.outputs = outputs
        self.gradients = gradients
        self.needed = needed
    }

    /// Who writes the graph.
    var builder: GraphBuilder { node.builder }

    /// An operand.
    func input(_ index: Int) throws -> GraphBuilder.Term { try node.input(index) }

    /// An output.
    func output(_ index: Int = 0) throws -> GraphBuilder.Term {
        guard index < outputs.count, let output = outputs[index] else {
            throw HarrierError("\(node.node.op) lacks its output \(index)")
        }
        return output
    }

    /// Whether an operand's gradient is needed.
    func needs(_ index: Int) -> Bool { index < needed.count && needed[index] }

    /// The gradient of an output, in a shape that broadcasts to the output's.
    func gradient(_ index: Int = 0) throws -> GraphBuilder.Term {
        guard index < gradients.count, let gradient = gradients[index] else {
            throw HarrierError("\(node.node.op) has a gradient for some of its outputs only")
        }
        return gradient
    }

    /// The gradient of an output with as many axes as the output has, some maybe of length 1.
    func rankedGradient(_ index: Int = 0) throws -> GraphBuilder.Term {
        try gradient(index).withRank(output(index).rank)
    }

    /// The gradient of an output in the output's shape.
    func fullGradient(_ index: Int = 0) throws -> GraphBuilder.Term {
        try gradient(index).expanded(to: output(index).lengths)
    }

    /// Gives the gradient of an operand, if it is needed.
    func give(_ index: Int = 0, _ write: () throws -> GraphBuilder.Term) rethrows {
        if needs(index) { given.append((index, try write())) }
    }

    /// Gives the gradient of an operand of an operator that broadcasts: what is written has the output's shape and is
    /// summed up to the operand's.
    func giveSummed(_ index: Int = 0, _ write: () throws -> GraphBuilder.Term) throws {
        try give(index) { try write().summed(from: output().lengths, to: input(index).lengths) }
    }

    /// Gives the gradient of an operand that a factor of the output's or a smaller shape takes to the output. Products and sums
    /// over what was broadcast are one contraction.
    func giveProduct(_ index: Int, with factor: GraphBuilder.Term) throws {
        try give(index) {
            try gradient().multiplied(by: factor, from: output().lengths, to: input(index).lengths)
        }
    }
}
