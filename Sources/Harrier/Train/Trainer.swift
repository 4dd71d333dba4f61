/// Trains one model: makes the step, in whichever way gradients are asked for, and prices it.
struct Trainer {
    let model: Graph
    let settings: TrainingSettings
    /// Who knows what, as ``Model/profile(under:visibility:)`` takes it.
    let visibility: [String: Visibility]

    /// The step as a graph.
    func step(_ style: GradientStyle) throws -> TrainingStep {
        var options = TrainingStep.Options()
        options.reduction = settings.reduction
        options.targetForm = settings.target
        options.style = style
        return try TrainingStep(
            of: model, loss: try settings.makeLoss(), optimizer: try settings.makeOptimizer(), options: options,
            evaluator: Interpreter())
    }

    /// What a step costs under a framework.
    func price(under framework: any Framework, gradients source: GradientSource) throws -> Training.Result {
        switch (source, framework.differentiation) {
        case (.framework, .own(let trainer)): return try price(under: framework, by: trainer)
        case (.framework, .jax(let jointly)):
            let named = Trainer(model: model.withDistinctNodeNames, settings: settings, visibility: visibility)
            let step = try named.step(.jax).withoutLoss
            let joint = try named.jointPrices(under: framework, jointly)
            return Training.Result(profile: try named.profile(step, under: framework, joint: joint), source: .jax)
        case (.jax, _):
            return Training.Result(profile: try profile(try step(.jax).withoutLoss, under: framework), source: .jax)
        case (.framework, .caller), (.harrier, _):
            return Training.Result(profile: try profile(try step(.harrier), under: framework), source: .harrier)
        }
    }

    /// A step that is an ordinary graph, priced as one and split by what its nodes say.
    ///
    /// - Parameter joint: prices of operators with their gradients that take the place of what the step says, by node.
    private func profile(
        _ step: TrainingStep, under framework: any Framework, joint: [String: RecordedPrice] = [:]
    ) throws -> TrainingProfile {
        let policy = step.policy(for: VisibilityPolicy(stating: visibility, in: step.graph, under: framework))
        let profile = try Profiler(framework, evaluator: Interpreter()).profile(step.graph, policy: policy)
        let operators = try operatorsByLayer()
        var replaced: [String: TrainingProfile.Place] = [:]
        var result = TrainingProfile(profile) { index in
            let node = step.graph.nodes[index]
            let name = node.metadata[Phase.layerKey]
            let layer = node.scope.path.isEmpty ? name ?? step.graph.layer(ofNode: index) : "\(node.scope)"
            let place = TrainingProfile.Place(
                phase: node.phase ?? .forward, layer: layer,
                op: operators[layer] ?? node.op)
            guard let name, joint[name] != nil else { return place }
            replaced["\(place.phase) \(name)"] = place
            return nil
        }
        for (name, price) in joint.sorted(by: { $0.key < $1.key }) {
            let backward = OperatorPrice(Call("backward", price.backward))
            for (phase, price) in [("forward", price.forward), ("backward", backward)] {
                guard let place = replaced["\(phase) \(name)"] else { continue }
                result.entries.append(
                    .init(
                        phase: place.phase, layer: place.layer, op: place.op, scope: Scope(dotted: place.layer),
                        price: price))
            }
        }
        return result
    }

    /// What a framework makes of operators and their gradients together, by the operators' nodes.
    private func jointPrices(
        under framework: any Framework, _ jointly: (OperatorSite) throws -> RecordedPrice?
    ) throws -> [String: RecordedPrice] {
        let visibility = try model.visibility(under: policyOfModel(framework))
        var result: [String: RecordedPrice] = [:]
        for node in model.nodes {
            // What has no price jointly keeps the one that the step's own nodes have.
            result[node.name] = try? jointly(OperatorSite(node, in: model, visibility: visibility))
        }
        return result
    }

    /// Who knows the model's own inputs and parameters, which the step before computed from both.
    private func policyOfModel(_ framework: any Framework) -> VisibilityPolicy {
        var policy = VisibilityPolicy(stating: visibility, in: model, under: framework).keepingNames(of: model)
        policy.parameters = policy.parameters.joined(with: policy.inputs)
        return policy
    }

    /// Forward pass, loss and gradients by the framework's own autograd; the update by its own optimizer if it has that one,
    /// else by Harrier's.
    private func price(under framework: any Framework, by trainer: any FrameworkAutograd) throws -> Training.Result {
        let step = try step(.harrier)
        let model = try self.model.inTrainingMode()
        let policy = policyOfModel(framework)
        let names = model.valuesByName()
        let parameters = step.parameters.compactMap { names[$0.input] }
        var profile = try Profiler(framework, evaluator: Interpreter()).training(
            model, parameters: Set(parameters), visibility: try model.visibility(under: policy), by: trainer,
            loss: try settings.makeLoss().name, reduction: settings.reduction.rawValue)
        let name = ["momentum", "nesterov"].contains(settings.optimizer.lowercased()) ? "sgd" : settings.optimizer
        let layers = layersByParameter()
        for loop in step.parameters {
            guard
                let call = try trainer.update(
                    optimizer: name.lowercased(), options: try settings.allOptions(), parameter: loop.type)
            else {
                let whole = try self.profile(step, under: framework)
                profile.entries += whole.entries.filter { $0.phase == .optimizer }
                profile.unpriced += whole.unpriced.filter { $0.phase == .optimizer }
                break
            }
            profile.entries.append(
                .init(
                    phase: .optimizer, layer: layers[loop.input] ?? loop.input, op: OperatorName(name), scope: Scope(),
                    price: OperatorPrice(call)))
        }
        return Training.Result(profile: profile, source: .framework)
    }

    /// The operator of each layer of the model, the first if there are several, and of the loss.
    private func operatorsByLayer() throws -> [String: OperatorName] {
        let loss = try settings.makeLoss().name
        var result = [loss: OperatorName(loss)]
        for (index, node) in model.nodes.enumerated() {
            let layer = model.layer(ofNode: index)
            result[layer] = result[layer] ?? node.op
        }
        return result
    }

    /// The layer that first reads each value, by name.
    private func layersByParameter() -> [String: String] {
        var result: [String: String] = [:]
        for (index, node) in model.nodes.enumerated() {
            for case let input? in node.inputs where result[model[input].name] == nil {
                result[model[input].name] = model.layer(ofNode: index)
            }
        }
        return result
    }

    /// What a person should know before training under a framework, a phrase each.
    func warnings(for framework: any Framework) -> [String] {
        guard let bits = framework.fractionBits, let optimizer = try? settings.makeOptimizer() else { return [] }
        let smallest = Double(sign: .plus, exponent: -bits, significand: 1)
        return optimizer.epsilons.filter { $0.value > 0 && $0.value < smallest }.map { option, value in
            "\(option) of \(settings.optimizer) adds \(shortScientific(value)), which vanishes under "
                + "\(framework.info.title): with \(bits) bits after the point nothing below \(shortScientific(smallest)) is "
                + "seen, and divisors can be zero"
        }
    }
}

extension Graph {
    /// The graph with a name of its own for every node, so that what stands in a step can be told by the node that it is
    /// about. Nodes without a name, or with one that another has, are called after what they compute.
    fileprivate var withDistinctNodeNames: Graph {
        var result = self
        let counts = Dictionary(nodes.map { ($0.name, 1) }, uniquingKeysWith: +)
        let names = UniqueNames(
            taken: counts.filter { !$0.key.isEmpty && $0.value == 1 }.keys, numberedFrom: 2)
        for (index, node) in nodes.enumerated() where node.name.isEmpty || counts[node.name] != 1 {
            let base = node.outputs.compactMap { $0 }.first.map { self[$0].name } ?? node.op.type
            result.nodes[index].name = names.take(base)
        }
        return result
    }
}

extension TrainingStep {
    /// The graph for a file, which says in its metadata what a runner needs to know.
    var written: Graph {
        var result = graph
        result.metadata.publicInputs = Set(publicInputs)
        return result
    }
}
