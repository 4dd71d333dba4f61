import Evaluate
import IR
import Synchronization

/// Recognises operators that a graph spells out, whatever the order of the sums and products.
///
/// A cone of nodes is an operator if both compute the same function, not if they look alike: the cone is run on a few numbers
/// (``OperatorSolver``), and where an operator with a body gives the same, the two are compared as the sides of a rule are
/// (``RecognitionProof``). Which operators there are, of what their bodies consist and which attributes are free, the operator table says.
struct Recognizer {
    /// The name of the step in which nodes become an operator.
    static let step = "recognition"

    /// What cones were recognised as, by their structure. Equal layers cost one.
    private let memo = Memo()

    private final class Memo: Sendable {
        let nodes = Mutex<[UInt64: RecognizedNode?]>([:])
    }

    /// The rewrites that put operators in the place of cones, none of which touches another, the last node first.
    func candidates(in facts: GraphFacts, evaluator: any ConstantEvaluator) -> [Candidate] {
        let graph = facts.graph
        let isInside = graph.nodes.map { node in
            KnownOperator.parts.contains(node.op) && (node.attributes.isEmpty || node.subgraphs.isEmpty)
                && node.spelling == nil && !computesIntegers(node, facts)
                && node.outputs.dropFirst().allSatisfy { $0.map { facts.uses[$0.index].isEmpty } ?? true }
        }
        var finder = ConeFinder(facts, isInside: isInside)
        var taken: Set<Int> = []
        var result: [Candidate] = []
        for root in graph.nodes.indices.reversed() where isInside[root] && !taken.contains(root) {
            guard !facts.isConstant[graph.nodes[root].firstOutput.index] else { continue }
            for cone in finder.cones(behind: root).reversed() {
                // What constants are made of can serve several cones.
                let own = cone.nodes.filter { !facts.isConstant[graph.nodes[$0].firstOutput.index] }
                guard taken.isDisjoint(with: own), let candidate = candidate(for: cone, facts, evaluator) else {
                    continue
                }
                taken.formUnion(own)
                result.append(candidate)
                break
            }
        }
        return result
    }

    /// Whether a node makes integers of what is no constant: what follows is a function of steps.
    private func computesIntegers(_ node: Node, _ facts: GraphFacts) -> Bool {
        node.outputs.contains { output in
            guard let output, !facts.isConstant[output.index] else { return false }
            return facts.graph[output].type?.elementType.isInteger ?? true
        }
    }

    private func candidate(for cone: Cone, _ facts: GraphFacts, _ evaluator: any ConstantEvaluator) -> Candidate? {
        guard hasKnownFunctions(cone, facts.graph) else { return nil }
        let function = ConeFunction(cone, in: facts.graph)
        guard let node = recognized(function.smaller) else { return nil }
        return try? RecognitionWriter(cone, function, node, facts).candidate(evaluator: evaluator)
    }

    /// Whether an operator with a body consists of the functions that the cone consists of: a quick look that spares most attempts.
    private func hasKnownFunctions(_ cone: Cone, _ graph: Graph) -> Bool {
        var functions: Set<OperatorName> = []
        for index in cone.nodes { functions.formUnion(KnownOperator.functions(of: graph.nodes[index].op)) }
        return KnownOperator.functionSets.contains(functions)
    }

    private func recognized(_ function: ConeFunction) -> RecognizedNode? {
        if let known = memo.nodes.withLock({ $0[function.structure] }) { return known }
        let found = OperatorSolver(cone: function).solution { RecognitionProof(function, is: $0).holds }
        memo.nodes.withLock { $0[function.structure] = .some(found) }
        return found
    }
}

/// Writes the rewrite that puts an operator in the place of a cone.
private struct RecognitionWriter {
    private let cone: Cone
    private let function: ConeFunction
    private let node: RecognizedNode
    private let facts: GraphFacts
    private var fragment = Graph(name: "fragment")
    private var hostValues: [ValueID?] = []

    init(_ cone: Cone, _ function: ConeFunction, _ node: RecognizedNode, _ facts: GraphFacts) {
        self.cone = cone
        self.function = function
        self.node = node
        self.facts = facts
    }

    /// The rewrite; nil if the operator's result would have another type.
    func candidate(evaluator: any ConstantEvaluator) throws -> Candidate? {
        var writer = self
        return try writer.write(evaluator: evaluator)
    }

    private mutating func write(evaluator: any ConstantEvaluator) throws -> Candidate? {
        let host = facts.graph
        let root = host.nodes[cone.root]
        let inputs = node.operands.enumerated().map { operand($1, at: $0) }
        let output = add(Value(name: "\(host[root.firstOutput].name)/recognised_\(host.values.count)"), nil)
        var written = Node(
            name: root.name, op: node.op, inputs: inputs, outputs: [output], attributes: node.attributes,
            scope: root.scope,
            rule: Recognizer.step)
        if let scopes = root.metadata[Scope.nameScopesKey] { written.metadata[Scope.nameScopesKey] = scopes }
        written.spelling = spelling
        fragment.nodes.append(written)
        fragment.inputs = fragment.values.indices.map { ValueID($0) }.filter {
            hostValues[$0.index] != nil && fragment[$0].constant == nil
        }
        try fragment.inferTypes(evaluator: evaluator)
        guard fragment[output].type == host[root.firstOutput].type else { return nil }
        let removed = facts.deadNodes(replacing: [root.firstOutput], reading: Set(hostValues.compactMap { $0 }))
        let lost = Set(removed.flatMap { host.nodes[$0].outputs }.compactMap { $0 }).subtracting([root.firstOutput])
        return Candidate(
            rule: Recognizer.step, variant: ["operator": node.op.description], anchor: cone.root, removed: removed,
            matched: cone.nodes, fragment: fragment, hostValues: hostValues, replaced: [(root.firstOutput, output)],
            lost: lost)
    }

    private mutating func operand(_ operand: RecognizedNode.Operand, at position: Int) -> ValueID? {
        let sources = [cone.operand] + cone.parameters
        switch operand {
        case .input(let index): return input(sources[index])
        case .flattened(let index):
            let source = input(sources[index])
            let shape = literal(Tensor(int64: [-1]), "shape_\(position)")
            let flat = add(Value(name: name("flat_\(position)")), nil)
            fragment.nodes.append(
                Node(
                    name: fragment[flat].name, op: "Reshape", inputs: [source, shape], outputs: [flat],
                    scope: facts.graph.nodes[cone.root].scope, metadata: [Graph.precomputedKey: "true"],
                    rule: Recognizer.step))
            return flat
        case .number(let value):
            let type = function.operandType?.elementType ?? .float32
            return literal(Tensor(scalar: value, type), "number_\(position)")
        case .absent: return nil
        }
    }

    private mutating func input(_ id: ValueID) -> ValueID {
        if let known = hostValues.firstIndex(of: id) { return ValueID(known) }
        return add(facts.graph[id], id)
    }

    private mutating func literal(_ tensor: Tensor, _ text: String) -> ValueID {
        let name = name(text)
        return add(Value(name: name, constant: Constant(tensor, form: .literal(nodeName: name))), nil)
    }

    private func name(_ text: String) -> String {
        "\(facts.graph[facts.graph.nodes[cone.root].firstOutput].name).\(text)_\(facts.graph.values.count + fragment.values.count)"
    }

    private mutating func add(_ value: Value, _ host: ValueID?) -> ValueID {
        hostValues.append(host)
        return fragment.add(value)
    }

    /// The cone as the file has it, reading the operator's operands.
    private var spelling: Spelling {
        let sources = function.graph.inputs.indices.map { index in
            node.operands.firstIndex(of: .input(index)) ?? node.operands.firstIndex(of: .flattened(index)) ?? 0
        }
        return Spelling(
            graph: function.graph, operands: sources, constants: function.constants, structure: function.structure)
    }
}
