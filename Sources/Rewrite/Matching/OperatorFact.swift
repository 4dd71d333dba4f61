import IR

/// What a rule can ask of an operator instead of naming it: a fact of the operator's row in ``IR/OperatorTable``.
struct OperatorFact: Sendable {
    /// The fact's name.
    let name: String
    private let trait: OperatorDefinition.Traits

    /// The fact of that name; nil if there is none.
    init?(named name: String) {
        guard let trait = OperatorDefinition.Traits.named[name] else { return nil }
        self.name = name
        self.trait = trait
    }

    /// ONNX's operators some nodes of which have the fact, by name.
    var operators: [OperatorName] {
        OperatorTable.operators(with: trait, may: true).filter(\.domain.isEmpty)
    }

    /// What must be there, for messages.
    var phrase: String { "an operator that is \(name)" }

    /// Whether it holds of a node, with its attributes and operands. Protocol-level operators are named where they are meant: what
    /// they compute depends on where the scale is.
    func holds(of node: Node) -> Bool {
        node.op.domain.isEmpty && node.has(trait)
    }
}
