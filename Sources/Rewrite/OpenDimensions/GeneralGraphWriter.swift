import IR

/// Writes what depends on open dimensions into a graph.
struct GeneralGraphWriter {
    private var arithmetic: ShapeArithmetic
    private let instances: [OpenModelInstance]
    private let partners: [[ValueID: ValueID]]
    private let open: Graph
    private let openNames: [String: ValueID]
    private let openProducers: [Int?]
    /// The values of the models at each choice of lengths, by name.
    private let names: [[String: ValueID]]
    /// What stands for constants of the result, and for values of the model.
    private var written: [String: ValueID] = [:]

    private static let deepestChain = 500

    /// - Parameter partners: the values of the first result in each of them.
    init(instances: [OpenModelInstance], partners: [[ValueID: ValueID]], open: Graph) {
        self.instances = instances
        self.partners = partners
        self.open = open
        openNames = open.valuesByName()
        openProducers = open.producers()
        names = instances.map { $0.model.valuesByName() }
        var graph = instances[0].result
        graph.nodes = []
        for input in graph.inputs { graph[input].type = openNames[graph[input].name].flatMap { open[$0].type } }
        arithmetic = ShapeArithmetic(graph)
    }

    private var lengths: [[String: Int]] { instances.map(\.lengths) }

    /// Appends a node of the result.
    mutating func append(_ node: Node) { arithmetic.append(node) }

    /// What computes a constant of the result that depends on lengths; nil if nothing is known to.
    ///
    /// - Parameters:
    ///   - tensors: the constant at each choice of lengths.
    ///   - node: who reads it as the operand at the position.
    mutating func value(of constant: ValueID, _ tensors: [Tensor], at node: Node, _ position: Int) throws -> ValueID? {
        if position == 1, node.has(.reshape), let target = reshapeTarget(tensors, of: node) {
            return try arithmetic.list(target)
        }
        if let value = try lengths(tensors) { return value }
        if let value = try uniform(tensors) { return value }
        let name = arithmetic.graph[constant].name
        return openNames[name] == nil ? nil : try value(named: name)
    }

    /// The target shape of a Reshape in which at most one length is not copied from the operand or the same always.
    private func reshapeTarget(_ tensors: [Tensor], of node: Node) -> [LengthExpression]? {
        guard node.attributes["allowzero"] != .int(1), let operand = node.input(0),
            var target = expressions(tensors), !target.contains(where: { ($0.constant ?? 1) < 1 })
        else { return nil }
        let shapes = instances.indices.map { shape(of: operand, at: $0) }
        for axis in target.indices where target[axis].constant == nil {
            let copied = shapes.map { $0.flatMap { axis < $0.count ? $0[axis] : nil } }
            if copied.allSatisfy({ $0 != nil }), copied == tensors.map({ (try? $0.integers())?[axis] }) {
                target[axis] = LengthExpression(0)
            }
        }
        let computed = target.indices.filter { target[$0].constant == nil }
        if let last = computed.last { target[last] = LengthExpression(-1) }
        return target
    }

    /// The shape of a value of the first result at one of the choices of lengths.
    private func shape(of value: ValueID, at instance: Int) -> [Int]? {
        (instance == 0 ? value : partners[instance][value]).flatMap { instances[instance].result[$0].type?.lengths }
    }

    private func expressions(_ tensors: [Tensor]) -> [LengthExpression]? {
        let lists = tensors.map { tensor in tensor.shape.count < 2 ? try? tensor.integers() : nil }
        guard let count = lists[0]?.count, lists.allSatisfy({ $0?.count == count }) else { return nil }
        var result: [LengthExpression] = []
        for place in 0..<count {
            guard let found = LengthExpression.fitting(lists.compactMap { $0?[place] }, lengths) else { return nil }
            result.append(found)
        }
        return result
    }

    /// Integers that are lengths, computed; nil if they are none.
    private mutating func lengths(_ tensors: [Tensor]) throws -> ValueID? {
        guard tensors[0].elementType.isInteger, let found = expressions(tensors) else { return nil }
        let value = tensors[0].shape.isEmpty ? try arithmetic.scalar(found[0]) : try arithmetic.list(found)
        return arithmetic.cast(value, to: tensors[0].elementType)
    }

    /// Equal numbers, as many as lengths say; nil if they differ.
    private mutating func uniform(_ tensors: [Tensor]) throws -> ValueID? {
        let shapes = tensors.map { Tensor(int64: $0.shape) }
        guard let number = tensors[0].firstElement, tensors.allSatisfy({ $0.consists(of: number) }),
            let shape = expressions(shapes)
        else { return nil }
        return arithmetic.filled(number, try arithmetic.list(shape))
    }

    /// A value of the model that depends on shapes only, computed as the model does.
    private mutating func value(named name: String, depth: Int = 0) throws -> ValueID? {
        if let known = written[name] { return known }
        guard depth < Self.deepestChain, let id = openNames[name] else { return nil }
        let tensors = instances.indices.compactMap { instances[$0].known(name, names[$0]) }
        var result: ValueID?
        if let constant = open[id].constant {
            result = arithmetic.graph.add(Value(name: unusedName(name), constant: constant))
        } else if tensors.count == instances.count, let value = try lengths(tensors) {
            result = value
        } else if let index = openProducers[id.index], open.nodes[index].subgraphs.isEmpty {
            result = try copy(of: open.nodes[index], giving: id, depth)
        }
        written[name] = result
        return result
    }

    private mutating func copy(of node: Node, giving id: ValueID, _ depth: Int) throws -> ValueID? {
        var copy = node
        for (position, operand) in node.inputs.enumerated() {
            guard let operand else { continue }
            guard let value = try value(named: open[operand].name, depth: depth + 1) else { return nil }
            copy.inputs[position] = value
        }
        copy.outputs = node.outputs.map { output in
            output.map { arithmetic.graph.add(Value(name: unusedName(open[$0].name))) }
        }
        for case (let output?, let value?) in zip(node.outputs, copy.outputs) { written[open[output].name] = value }
        arithmetic.append(copy)
        return written[open[id].name]
    }

    private func unusedName(_ name: String) -> String { "\(name)_open" }

    /// The graph with types for every length.
    func finished(_ evaluator: any ConstantEvaluator) throws -> Graph {
        var graph = arithmetic.graph
        graph.nodes = arithmetic.nodes
        graph.forgetComputedTypes()
        for output in graph.outputs { graph[output].type = openNames[graph[output].name].flatMap { open[$0].type } }
        try graph.inferTypes(evaluator: evaluator)
        var result = graph.removingDeadCode()
        result.makeNamesUnique()
        try result.verify()
        return result
    }
}

extension Tensor {
    /// A list of the first element only; nil if there are none, or the data is not there or packed.
    fileprivate var firstElement: Tensor? {
        guard let width = elementType.bitWidth, width % 8 == 0, elementCount > 0, let data = try? bytes() else {
            return nil
        }
        return Tensor(elementType, shape: [1], payload: .bytes(Array(data.prefix(width / 8))))
    }

    /// Whether every element is that one.
    fileprivate func consists(of element: Tensor) -> Bool {
        guard element.elementType == elementType, let one = try? element.bytes(), let data = try? bytes() else {
            return false
        }
        return data.indices.allSatisfy { data[$0] == one[$0 % one.count] }
    }
}
