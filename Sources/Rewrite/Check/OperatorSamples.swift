import Evaluate
import IR

/// The operators that a rule over facts is tried on: all of which the fact holds, each with its defaults and with other attributes
/// and operands.
struct OperatorSamples {
    /// One node.
    fileprivate struct Sample {
        let op: OperatorName
        let attributes: [String: Attribute]
        /// Single numbers behind the operands that the pattern mentions.
        let operands: [Float]
        /// Where the operator is defined; nil if everywhere.
        let domain: Interval?
    }

    /// Values tried for an attribute that is a number; the element type that examples have.
    private static let numbers: [Float] = [0.1, 0.3, 2, -0.5]
    private static let integers = [1]
    /// Bounds and the like, smaller ones first.
    private static let operands: [Float] = [-0.5, 0.75, 1.5]
    /// Where an operator may be defined, widest first, and numbers there.
    private static let domains: [(interval: Interval?, numbers: [Double])] = [
        (nil, [-100, -3, -0.5, 0, 0.25, 1.5, 100]), (Interval(0.01, 4), [0.01, 0.5, 1, 4]),
        (Interval(1, 4), [1, 2, 4]), (Interval(-0.9, 0.9), [-0.9, -0.25, 0, 0.9]),
    ]

    /// An example with all operators in the place of its words; the example itself if it has none.
    ///
    /// - Throws: ``HarrierError`` if there is an operator that cannot be tried.
    static func examples(
        of example: Rule.Example, _ facts: [OperatorName: OperatorFact]
    ) throws -> [Rule.Example] {
        try facts.sorted { $0.key < $1.key }.reduce([example]) { examples, entry in
            let (word, fact) = entry
            return try examples.flatMap { example in
                guard let wanted = example.graph.nodes.first(where: { $0.op == word }) else { return [example] }
                return try samples(of: fact, operands: wanted.inputs.count).map { example.putting($0, for: word) }
            }
        }
    }

    private static func samples(of fact: OperatorFact, operands: Int) throws -> [Sample] {
        try OperatorTable.rows.values.sorted { $0.name < $1.name }.flatMap { definition in
            let nodes = nodes(of: definition, operands: operands).filter { fact.holds(of: $0.node) }
            let samples = nodes.compactMap { sample($0.node, $0.operands) }
            guard samples.isEmpty == nodes.isEmpty else {
                throw HarrierError("no example can be made with \(definition.name), which is \(fact.name)")
            }
            return samples
        }
    }

    /// Nodes of an operator: one with what must be given, one with each other value of each attribute, one with more operands.
    private static func nodes(
        of definition: OperatorDefinition, operands count: Int
    ) -> [(node: Node, operands: [Float])] {
        guard definition.name.domain.isEmpty, definition.inputs.contains(count) else { return [] }
        var required: [[String: Attribute]] = [[:]]
        for attribute in definition.attributes where attribute.isRequired {
            required = required.flatMap { base in
                values(of: attribute).map { base.merging([attribute.name: $0]) { _, new in new } }
            }
        }
        let others = definition.attributes.filter { !$0.isRequired && $0.defaultValue != nil }.flatMap { attribute in
            values(of: attribute).flatMap { value in
                required.prefix(1).map { $0.merging([attribute.name: value]) { _, new in new } }
            }
        }
        let most = min(definition.inputs.upperBound, count + operands.count) - count
        let first = ValueID(0)
        func node(_ attributes: [String: Attribute], _ further: Int) -> (node: Node, operands: [Float]) {
            let inputs = Array(repeating: first, count: count + further)
            let node = Node(
                name: "", op: definition.name, inputs: inputs, outputs: [ValueID(1)], attributes: attributes,
                scope: Scope())
            return (node, Array(operands.prefix(further)))
        }
        return (required + others).map { node($0, 0) } + (most > 0 ? required.prefix(1).map { node($0, most) } : [])
    }

    private static func values(of attribute: AttributeDefinition) -> [Attribute] {
        switch attribute.kind {
        case .float: numbers.map(Attribute.float)
        case .int where attribute.isRequired: integers.map(Attribute.int)
        default: []
        }
    }

    /// The node as a sample, if it computes numbers somewhere.
    private static func sample(_ node: Node, _ operands: [Float]) -> Sample? {
        let domain = domains.first { domain in isDefined(node, operands, on: domain.numbers) }
        return domain.map {
            Sample(op: node.op, attributes: node.attributes, operands: operands, domain: $0.interval)
        }
    }

    private static func isDefined(_ node: Node, _ operands: [Float], on numbers: [Double]) -> Bool {
        let known = node.inputs.count - operands.count
        let x = Tensor(float32: numbers.map { Float($0) }, shape: [1, numbers.count])
        let inputs = Array(repeating: x, count: known) + operands.map { Tensor(float32: [$0], shape: []) }
        guard let results = try? Interpreter().evaluate(node, inputs: inputs), let result = results.first ?? nil,
            let values = try? result.doubles()
        else { return false }
        return values.allSatisfy(\.isFinite)
    }
}

extension Rule.Example {
    /// The example with an operator in the place of a word.
    fileprivate func putting(_ sample: OperatorSamples.Sample, for word: OperatorName) -> Rule.Example {
        var copy = self
        for index in graph.nodes.indices where graph.nodes[index].op == word {
            copy.graph.nodes[index].op = sample.op
            copy.graph.nodes[index].attributes.removeValue(forKey: Attribute.allOthers)
            copy.graph.nodes[index].attributes.merge(sample.attributes) { written, _ in written }
            for operand in sample.operands {
                let name = "\(word)_\(copy.graph.values.count)"
                let tensor = Tensor(float32: [operand], shape: [])
                copy.graph.nodes[index].inputs.append(
                    copy.graph.add(Value(name: name, constant: Constant(tensor, form: .literal(nodeName: name)))))
            }
        }
        if let domain = sample.domain {
            for input in graph.inputs where graph[input].type?.elementType.isFloatingPoint == true {
                copy.ranges.named[graph[input].name] = copy.ranges.named[graph[input].name] ?? domain
            }
        }
        let attributes = sample.attributes.sorted { $0.key < $1.key }.map {
            "\($0.key) \(Optional($0.value).shortDescription)"
        }
        let words = [sample.op.description] + attributes + sample.operands.map { "\($0)" }
        copy.operators += (operators.isEmpty ? "" : ", ") + "\(word) = \(words.joined(separator: " "))"
        return copy
    }
}
