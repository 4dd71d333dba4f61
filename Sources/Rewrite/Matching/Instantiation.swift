import Evaluate
import IR

/// Builds the right side of a rule for a place where the left side matched.
struct Instantiation {
    private let rule: Rule
    private let form: Rule.Form
    private let scope: RuleScope
    private let anchor: Int
    private var fragment = Graph(name: "fragment")
    private var hostValues: [ValueID?] = []
    private var isConstant: [Bool] = []
    private var twins: Set<Int> = []

    /// The candidate for one match; nil if the rule's conditions do not hold there.
    ///
    /// - Throws: ``HarrierError`` if the right side does not fit together there (its types, for instance).
    static func candidate(
        _ rule: Rule, _ form: Rule.Form, _ bindings: Bindings, facts: GraphFacts, anchor: Int,
        evaluator: any ConstantEvaluator
    ) throws -> Candidate? {
        var scope = RuleScope(facts: facts, bindings: bindings)
        do {
            for definition in form.definitions {
                scope.definitions[definition.name] = try definition.expression.evaluate(in: scope)
            }
            for condition in form.conditions {
                guard try condition.expression.evaluate(in: scope).truth() else { return nil }
            }
        } catch is HarrierError {
            // What a condition asks for is not known here (a shape, a constant): then it does not hold.
            return nil
        }
        var instantiation = Instantiation(rule: rule, form: form, scope: scope, anchor: anchor)
        do {
            return try instantiation.build(evaluator: evaluator)
        } catch is Macros.Refusal {
            return nil
        }
    }

    private init(rule: Rule, form: Rule.Form, scope: RuleScope, anchor: Int) {
        self.rule = rule
        self.form = form
        self.scope = scope
        self.anchor = anchor
    }

    private var host: Graph { scope.facts.graph }

    private mutating func build(evaluator: any ConstantEvaluator) throws -> Candidate? {
        let body = form.replacement.body
        var ids = [ValueID?](repeating: nil, count: body.values.count)
        let isExpansion = body.nodes.contains { OperatorExpansion.isExpansion($0) }
        for input in body.inputs where !(isExpansion && isLeftOut(body[input].name)) {
            ids[input.index] = try operand(named: body[input].name)
        }
        for (index, value) in body.values.enumerated() {
            if let constant = value.constant { ids[index] = try literal(constant.tensor, name: value.name) }
        }
        for node in body.nodes {
            if let writer = Macros.writers[node.op] {
                try expand(node, writer, &ids, evaluator: evaluator)
            } else if node.op.domain == OperatorExpansion.bodyDomain {
                try writeBody(of: node, &ids, evaluator: evaluator)
            } else if node.op.domain == OperatorExpansion.spellingDomain {
                try writeSpelling(for: node, &ids)
            } else {
                try add(node, of: body, &ids)
            }
        }
        try fragment.inferTypes(evaluator: evaluator)
        // Integers wrap around and divide without a rest; what rules say holds of real numbers.
        guard rule.level == .protocol || !scope.bindings.matched.contains(where: computesIntegers) else { return nil }

        let pattern = form.pattern.graph
        var replaced: [(host: ValueID, fragment: ValueID)] = []
        for (old, new) in zip(pattern.outputs, body.outputs) {
            guard case .some(.some(let hostValue)) = scope.bindings.values[pattern[old].name], let id = ids[new.index],
                let type = host[hostValue].type, type.lengths != nil, fragment[id].type == type
            else { return nil }
            replaced.append((hostValue, id))
        }
        let matched = scope.bindings.matched
        let removed = scope.facts.deadNodes(replacing: replaced.map(\.host), reading: Set(hostValues.compactMap { $0 }))
        let lost = Set(removed.flatMap { host.nodes[$0].outputs }.compactMap { $0 }).subtracting(replaced.map(\.host))
        return Candidate(
            rule: rule.name, variant: form.variant, anchor: anchor, removed: removed, matched: matched,
            fragment: fragment,
            hostValues: hostValues, replaced: replaced, lost: lost)
    }

    /// Whether a node adds up, multiplies or compares integers into integers.
    private func computesIntegers(_ index: Int) -> Bool {
        let node = host.nodes[index]
        func isInteger(_ id: ValueID?) -> Bool { id.flatMap { host[$0].type?.elementType.isInteger } ?? false }
        let isArithmetic = node.has(.elementwise) && node.inputs.count > 1 || node.has(.product) || node.has(.reduction)
        return isArithmetic && isInteger(node.output(0)) && isInteger(node.input(0))
    }

    /// Whether the matched nodes leave out an operand.
    private func isLeftOut(_ name: String) -> Bool {
        if case .some(.none) = scope.bindings.values[name] { true } else { false }
    }

    /// The value that an input of the right side stands for.
    private mutating func operand(named name: String) throws -> ValueID {
        guard let binding = scope.bindings.values[name] else { throw HarrierError("the pattern has no '\(name)'") }
        guard let hostValue = binding else {
            let value = Float(form.pattern.optionalInputs[name] ?? 0)
            return try literal(Tensor(float32: [value], shape: []), name: name)
        }
        return operand(standingFor: hostValue)
    }

    /// The value of the fragment that stands for a value of the graph.
    private mutating func operand(standingFor hostValue: ValueID) -> ValueID {
        if let known = hostValues.firstIndex(of: hostValue) { return ValueID(known) }
        let id = add(host[hostValue], standingFor: hostValue, isConstant: scope.facts.isConstant[hostValue.index])
        if fragment[id].constant == nil { fragment.inputs.append(id) }
        return id
    }

    /// A literal of the right side, in the model's own floating-point type.
    private mutating func literal(_ tensor: Tensor, name: String) throws -> ValueID {
        var tensor = tensor
        if tensor.elementType.isFloatingPoint, let type = floatingPointType, type != tensor.elementType {
            tensor = try NumericArray(tensor.doubles(), shape: tensor.shape, elementType: type).tensor()
        }
        let full = uniqueName(name)
        let value = Value(name: full, constant: Constant(tensor, form: .literal(nodeName: full)))
        return add(value, standingFor: nil, isConstant: true)
    }

    /// The floating-point type that the matched nodes compute in.
    private var floatingPointType: ElementType? {
        let pattern = form.pattern.graph
        for value in pattern.outputs + pattern.inputs {
            if case .some(.some(let id)) = scope.bindings.values[pattern[value].name],
                let type = host[id].type?.elementType, type.isFloatingPoint
            {
                return type
            }
        }
        return nil
    }

    /// Writes the nodes that a macro stands for with these operands.
    private mutating func expand(
        _ node: Node, _ writer: Macros.Writer, _ ids: inout [ValueID?], evaluator: any ConstantEvaluator
    ) throws {
        try fragment.inferTypes(evaluator: evaluator)
        let operands = node.inputs.map { $0.flatMap { ids[$0.index] } }
        let body = try Macros.body(
            of: try binding(node), writer, operands: operands.map { $0.flatMap { fragment[$0].type } },
            evaluator: evaluator)
        try write(body, operands, for: node, &ids)
    }

    /// Writes the function body of the operator of that name.
    private mutating func writeBody(
        of node: Node, _ ids: inout [ValueID?], evaluator: any ConstantEvaluator
    ) throws {
        guard let index = scope.bindings.nodes[0] else { throw Macros.Refusal() }
        let operands = node.inputs.map { $0.flatMap { ids[$0.index] } }
        // Where the operator has no body for these operands the rule does not fire.
        guard
            let body = try? FunctionBodies.body(
                of: host.nodes[index], inputTypes: operands.map { $0.flatMap { fragment[$0].type } },
                inputTensors: operands.map { $0.flatMap { fragment[$0].knownTensor } }),
            body.nodes.count > 1
        else { throw Macros.Refusal() }
        try write(body, operands, for: node, &ids)
    }

    private mutating func write(_ body: Graph, _ operands: [ValueID?], for node: Node, _ ids: inout [ValueID?]) throws {
        var inner = [ValueID?](repeating: nil, count: body.values.count)
        for (input, operand) in zip(body.inputs, operands) { inner[input.index] = operand }
        for (index, value) in body.values.enumerated() {
            if let constant = value.constant { inner[index] = try literal(constant.tensor, name: value.name) }
        }
        for part in body.nodes { try add(part, of: body, &inner) }
        if let output = node.output(0), let result = body.outputs.first { ids[output.index] = inner[result.index] }
    }

    /// Writes the nodes that the matched node was recognised in, as the file has them.
    private mutating func writeSpelling(for node: Node, _ ids: inout [ValueID?]) throws {
        guard let index = scope.bindings.nodes[0], let spelling = host.nodes[index].spelling,
            let output = node.output(0)
        else { throw Macros.Refusal() }
        var placed = [ValueID?](repeating: nil, count: spelling.graph.values.count)
        for (input, position) in zip(spelling.graph.inputs, spelling.operands) {
            placed[input.index] = try shaped(
                node.input(position).flatMap { ids[$0.index] }, like: spelling.graph[input])
        }
        for (index, value) in spelling.graph.values.enumerated() where placed[index] == nil {
            if value.constant != nil {
                placed[index] = number(value, spelling.constants[ValueID(index)])
            } else {
                placed[index] = add(value, standingFor: nil, isConstant: false)
            }
        }
        for part in spelling.graph.nodes {
            var copy = part
            copy.inputs = part.inputs.map { $0.flatMap { placed[$0.index] } }
            copy.outputs = part.outputs.map { $0.flatMap { placed[$0.index] } }
            fragment.nodes.append(copy)
        }
        ids[output.index] = placed[spelling.graph.outputs[0].index]
    }

    /// A constant of a spelling: the model's own where it is still there under its name.
    private mutating func number(_ value: Value, _ original: ValueID?) -> ValueID {
        if let original = host.original(of: value, original) {
            if let known = hostValues.firstIndex(of: original) { return ValueID(known) }
            return add(host[original], standingFor: original, isConstant: true)
        }
        var copy = value
        copy.name = uniqueName(value.name)
        return add(copy, standingFor: nil, isConstant: true)
    }

    /// An operand in the shape that a spelling has it in, which for a parameter can have more axes of length 1.
    private mutating func shaped(_ id: ValueID?, like value: Value) throws -> ValueID? {
        guard let id, let wanted = value.type?.lengths, let found = fragment[id].type?.lengths, found != wanted else {
            return id
        }
        guard found.saturatingProduct() == wanted.saturatingProduct() else { throw Macros.Refusal() }
        let shape = try literal(Tensor(int64: wanted), name: "shape")
        let result = add(
            Value(name: uniqueName(value.name), type: value.type), standingFor: nil, isConstant: isConstant[id.index])
        fragment.nodes.append(
            Node(
                name: fragment[result].name, op: "Reshape", inputs: [id, shape], outputs: [result],
                scope: host.nodes[anchor].scope, metadata: [Graph.precomputedKey: "true"], rule: rule.name))
        return result
    }

    /// A node of the right side with the values of its attributes, and with the operator and attributes that the pattern hands on
    /// as a whole.
    private func binding(_ node: Node) throws -> Node {
        var bound = node
        bound.attributes = [:]
        let whole = scope.bindings.wholes[node.op]
        if let whole { bound.op = whole.op }
        for (name, attribute) in node.attributes {
            if name == Attribute.allOthers {
                bound.attributes.merge(whole?.attributes ?? [:]) { mentioned, _ in mentioned }
            } else if let value = try bind(attribute) {
                bound.attributes[name] = value
            }
        }
        return bound
    }

    private mutating func add(_ node: Node, of body: Graph, _ ids: inout [ValueID?]) throws {
        let bound = try binding(node)
        if let tensor = bound.literal, let output = node.output(0) {
            ids[output.index] = try literal(tensor, name: body[output].name)
            return
        }
        var inputs = node.inputs.map { $0.flatMap { ids[$0.index] } }
        for operand in scope.bindings.wholes[node.op]?.operands ?? [] {
            inputs.append(operand.map { self.operand(standingFor: $0) })
        }
        let isRandom = OperatorTable[bound.op]?.traits.contains(.random) ?? false
        let allConstant = !isRandom && inputs.allSatisfy { $0.map { isConstant[$0.index] } ?? true }
        let twin = takeTwin(of: bound.op)
        let origin = twin ?? host.nodes[anchor]
        var result = Node(
            name: twin?.name ?? "", op: bound.op, inputs: inputs, outputs: [], attributes: bound.attributes,
            scope: origin.scope, rule: rule.name)
        if let scopes = origin.metadata[Scope.nameScopesKey] { result.metadata[Scope.nameScopesKey] = scopes }
        if allConstant { result.metadata[Graph.precomputedKey] = "true" }
        for output in node.outputs {
            guard let output else {
                result.outputs.append(nil)
                continue
            }
            let id = add(Value(name: uniqueName(body[output].name)), standingFor: nil, isConstant: allConstant)
            ids[output.index] = id
            result.outputs.append(id)
        }
        if result.name.isEmpty { result.name = result.outputs.compactMap { $0 }.first.map { fragment[$0].name } ?? "" }
        fragment.nodes.append(result)
    }

    /// The first matched node with that operator that no new node has been named after: the new one takes its name and
    /// module, so that a convolution stays the convolution it was.
    private mutating func takeTwin(of op: OperatorName) -> Node? {
        let nodes = scope.bindings.matched
        guard let twin = nodes.first(where: { host.nodes[$0].op == op && !twins.contains($0) }) else { return nil }
        twins.insert(twin)
        return host.nodes[twin]
    }

    private func bind(_ attribute: Attribute) throws -> Attribute? {
        guard case .reference(let name, let kind) = attribute else { return attribute }
        if let value = scope.definitions[name] { return try value.attribute(kind: kind) }
        guard let bound = scope.bindings.attributes[name] else { throw HarrierError("there is no attribute '\(name)'") }
        return bound
    }

    private mutating func add(_ value: Value, standingFor hostValue: ValueID?, isConstant: Bool) -> ValueID {
        hostValues.append(hostValue)
        self.isConstant.append(isConstant)
        return fragment.add(value)
    }

    /// A name for a new value: the anchor's, the rule's and the rule's own, and a number no other value of the graph has.
    private func uniqueName(_ name: String) -> String {
        return "\(host.displayName(ofNode: anchor)).\(name)_\(host.values.count + fragment.values.count)"
    }
}

extension GraphFacts {
    /// The nodes that nobody needs once the given values come from elsewhere, in increasing order: their producers as
    /// far as nothing else reads what they compute, and what only those need.
    func deadNodes(replacing replaced: [ValueID], reading kept: Set<ValueID>) -> [Int] {
        var remaining: [Int: Int] = [:]
        var dead: Set<Int> = []
        var pending = replaced.compactMap { producers[$0.index] }
        let replaced = Set(replaced)
        func isNeeded(_ id: ValueID) -> Bool {
            if replaced.contains(id) { return false }
            return isOutput(id) || kept.contains(id) || remaining[id.index, default: uses[id.index].count] > 0
        }
        while let node = pending.popLast() {
            guard !dead.contains(node), !graph.nodes[node].outputs.contains(where: { $0.map(isNeeded) ?? false }) else {
                continue
            }
            dead.insert(node)
            for case let input? in graph.nodes[node].inputs {
                remaining[input.index, default: uses[input.index].count] -= 1
                if let producer = producers[input.index] { pending.append(producer) }
            }
        }
        return dead.sorted()
    }
}
