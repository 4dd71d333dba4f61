import IR

/// A training step that is being made.
struct StepExpansion {
    private typealias Loop = TrainingStep.Loop

    private let builder: GraphBuilder
    private let options: TrainingStep.Options
    private let prediction: GraphBuilder.Term
    /// The tensors of the model that become inputs, by value.
    private var tensors: [ValueID: Tensor] = [:]
    private let parameters: [ValueID]
    /// Running statistics with the values that the next step gets.
    private let statistics: [(old: ValueID, new: ValueID)]
    /// The first node that reads a value.
    private let readers: [ValueID: Node]
    private let data: [ValueID]

    private var target = ""
    private var publicInputs: [String] = []
    private var parameterLoops: [Loop] = []
    private var stateLoops: [Loop] = []
    private var gradients: [ValueID: GraphBuilder.Term] = [:]
    private var outputs: [(name: String, term: GraphBuilder.Term)] = []
    private var gradientNames: [String: String] = [:]

    init(_ model: Graph, options: TrainingStep.Options, evaluator: (any ConstantEvaluator)?) throws {
        self.options = options
        var graph = options.usesTrainingMode ? try model.inTrainingMode() : model
        let output = try Self.prediction(of: graph, named: options.prediction)
        graph.outputs = [output]
        data = graph.inputs
        statistics = graph.runningStatistics()
        parameters = graph.trainableParameters(except: options.frozen.union(statistics.map { graph[$0.old].name }))
        guard !parameters.isEmpty else { throw HarrierError("the model has no parameters to train") }
        for id in parameters + statistics.map(\.old) { tensors[id] = graph[id].constant?.tensor }
        graph.markLayers()
        readers = graph.firstReaders()
        builder = GraphBuilder(graph, evaluator: evaluator)
        builder.addMetadata(Phase.key, Phase.forward.rawValue)
        builder.makeInputs(parameters + statistics.map(\.old))
        prediction = builder[output]
    }

    private static func prediction(of graph: Graph, named name: String?) throws -> ValueID {
        guard let name else {
            guard let first = graph.outputs.first else { throw HarrierError("the model has no outputs") }
            return first
        }
        guard let found = graph.outputs.first(where: { graph[$0].name == name }) else {
            let known = graph.outputs.map { "'\(graph[$0].name)'" }.joined(separator: ", ")
            throw HarrierError("the model has no output '\(name)'", hint: "its outputs are \(known)")
        }
        return found
    }

    private mutating func enter(_ phase: Phase, _ scope: Scope = Scope()) {
        builder.metadata = [Phase.key: phase.rawValue]
        builder.scope = scope
    }

    // MARK: Loss and gradients

    /// Writes the loss and the gradients of the parameters.
    mutating func addLossAndGradients(_ loss: Loss) throws {
        enter(.loss, Scope([loss.name]))
        let form = options.targetForm ?? loss.targetForms.first ?? .values
        let type = try loss.targetType(for: prediction, form: form)
        let targetTerm = try builder.input(builder.freeName(like: "target"), type)
        target = targetTerm.value.name
        let written = try loss.written(
            prediction: prediction, target: targetTerm, reduction: options.reduction, style: options.style)
        outputs.append((builder.freeName(like: "loss"), written.value))
        enter(.backward, Scope([loss.name]))
        let seed = try written.gradient()
        let inputs = options.differentiatesInputs ? data.filter { builder[$0].elementType.isFloatingPoint } : []
        let sources = parameters + inputs
        let found = try Backpropagation.gradients(
            of: nil, withRespectTo: sources.map { builder[$0] }, in: builder, seeds: [(prediction, seed)])
        for (source, gradient) in zip(sources, found) { gradients[source] = gradient }
        for input in inputs { addGradientOutput(input) }
    }

    private mutating func addGradientOutput(_ id: ValueID) {
        guard let gradient = gradients[id] else { return }
        let name = builder[id].value.name
        gradientNames[name] = builder.freeName(like: name + TrainingStep.gradientSuffix)
        outputs.append((gradientNames[name] ?? name, gradient))
    }

    // MARK: Updates

    /// Writes the updates of the parameters.
    mutating func addUpdates(_ optimizer: (any Optimizer)?) throws {
        let trained = parameters.filter { gradients[$0] != nil }
        guard !trained.isEmpty else {
            throw HarrierError("the loss depends on no parameter of the model", hint: "is the right output trained?")
        }
        if let optimizer {
            let schedule = try addSchedule(optimizer)
            for id in trained { try addUpdate(of: id, optimizer, schedule) }
        } else {
            for id in trained { addGradientOutput(id) }
            for id in trained { parameterLoops.append(loop(id, to: builder[id].value.name)) }
        }
        for (old, new) in statistics {
            let loop = loop(old, to: next(builder[old].value.name))
            stateLoops.append(loop)
            outputs.append((loop.output, builder[new]))
        }
    }

    private mutating func addSchedule(_ optimizer: any Optimizer) throws -> [GraphBuilder.Term] {
        enter(.optimizer)
        guard optimizer.countsSteps else { return try optimizer.schedule(step: nil) }
        let type = TensorType(prediction.elementType, lengths: [])
        let step = try builder.input(builder.freeName(like: "step"), type)
        let name = step.value.name
        publicInputs.append(name)
        stateLoops.append(Loop(input: name, output: next(name), type: type, start: .filled(1)))
        outputs.append((next(name), try step + 1))
        return try optimizer.schedule(step: step)
    }

    private mutating func addUpdate(
        of id: ValueID, _ optimizer: any Optimizer, _ schedule: [GraphBuilder.Term]
    ) throws {
        let parameter = builder[id]
        let name = parameter.value.name
        guard let gradient = gradients[id] else { return }
        enter(.optimizer, readers[id]?.scope ?? Scope())
        builder.metadata[Phase.layerKey] = readers[id]?.metadata[Phase.layerKey]
        var terms: [GraphBuilder.Term] = []
        var loops: [Loop] = []
        for state in try optimizer.state(ofParameter: parameter.lengths) {
            let type = TensorType(parameter.elementType, lengths: state.shape)
            let input = builder.freeName(like: "\(name).\(state.name)")
            terms.append(try builder.input(input, type))
            loops.append(Loop(input: input, output: next(input), type: type, start: .filled(state.initialValue)))
        }
        let result = try optimizer.update(
            ParameterUpdate(parameter: parameter, gradient: gradient, state: terms, schedule: schedule))
        let own = loop(id, to: next(name))
        parameterLoops.append(own)
        outputs.append((own.output, result.parameter))
        for (loop, term) in zip(loops, result.state) { outputs.append((loop.output, term)) }
        stateLoops += loops
    }

    private func loop(_ id: ValueID, to output: String) -> TrainingStep.Loop {
        let value = builder[id].value
        let tensor = tensors[id] ?? Tensor(float32: [])
        return Loop(input: value.name, output: output, type: value.type ?? tensor.type, start: .tensor(tensor))
    }

    private func next(_ name: String) -> String { builder.freeName(like: name + TrainingStep.nextSuffix) }

    // MARK: The whole

    /// The step, with every computation done once.
    func step(named name: String) throws -> TrainingStep {
        var graph = try builder.graph(outputs: outputs)
        graph.name = name.isEmpty ? "training_step" : name + "_training_step"
        // Parameters that the loss does not depend on are no inputs.
        let untrained = Set(parameters.filter { gradients[$0] == nil })
        for id in untrained { graph[id].constant = tensors[id].map { Constant($0, form: .initializer) } }
        let known = Set(data + parameters + statistics.map(\.old))
        graph.inputs =
            data + graph.inputs.filter { !known.contains($0) && graph[$0].name == target }
            + parameters.filter { !untrained.contains($0) } + statistics.map(\.old)
            + graph.inputs.filter { !known.contains($0) && graph[$0].name != target }
        graph = graph.writingSquares().eliminatingCommonSubexpressions()
        return TrainingStep(
            graph: graph, data: data.map { builder[$0].value.name }, target: target, loss: outputs[0].name,
            parameters: parameterLoops, state: stateLoops, gradients: gradientNames, publicInputs: publicInputs)
    }
}

extension Graph {
    /// The parameters that gradients can be wanted of: those that some node computes with.
    fileprivate func trainableParameters(except excluded: Set<String>) -> [ValueID] {
        var isRead = Array(repeating: false, count: values.count)
        for node in nodes {
            for (index, input) in node.inputs.enumerated() where !node.isBuffer(index) {
                if let input { isRead[input.index] = true }
            }
        }
        for id in capturedByBodies() { isRead[id.index] = true }
        return values.indices.filter { index in
            isRead[index] && values[index].constant?.isParameter == true && !excluded.contains(values[index].name)
        }.map(ValueID.init)
    }

    /// The graph with products of a value with itself as powers, outside of what the model says itself.
    fileprivate func writingSquares() -> Graph {
        var result = self
        var twos: [ElementType: ValueID] = [:]
        for (index, node) in nodes.enumerated() where node.has([.power, .product]) && node.phase != .forward {
            guard let factor = node.input(0), let type = self[factor].type?.elementType else { continue }
            let two =
                twos[type]
                ?? result.addConstant(
                    result.freeName(like: "two"), Tensor(scalar: 2, type), isLiteral: true)
            twos[type] = two
            result.nodes[index].op = "Pow"
            result.nodes[index].inputs = [factor, two]
        }
        return result
    }

    /// The running means and variances of BatchNormalization in training mode, and what computes the new ones.
    fileprivate func runningStatistics() -> [(old: ValueID, new: ValueID)] {
        nodes.filter { $0.op == "BatchNormalization" }.flatMap { node in
            [(3, 1), (4, 2)].compactMap { input, output -> (old: ValueID, new: ValueID)? in
                guard let old = node.input(input), let new = node.output(output), self[old].constant != nil else {
                    return nil
                }
                return (old, new)
            }
        }
    }

    fileprivate func firstReaders() -> [ValueID: Node] {
        var result: [ValueID: Node] = [:]
        for node in nodes {
            for case let input? in node.inputs where result[input] == nil { result[input] = node }
        }
        return result
    }

    /// Writes down the names of nodes, for the nodes that will be about them or take their place.
    fileprivate mutating func markLayers() {
        for index in nodes.indices where !nodes[index].name.isEmpty {
            nodes[index].metadata[Phase.layerKey] = nodes[index].name
        }
    }
}

extension Node {
    /// Whether an operand is not trained though it is written like a parameter: scales of a Resize, statistics.
    fileprivate func isBuffer(_ index: Int) -> Bool {
        switch op {
        case "Resize": index > 0
        case "BatchNormalization": index > 2
        default: false
        }
    }
}
