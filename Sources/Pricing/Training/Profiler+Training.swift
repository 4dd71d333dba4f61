import IR

extension Profiler {
    /// What forward pass, loss and gradients cost under a framework's own autograd.
    ///
    /// Operators are recorded if they depend on a parameter. All gradients of a recorded operator count whose result the loss
    /// depends on, as far as the framework computes them, whether somebody needs them or not.
    ///
    /// - Parameters:
    ///   - graph: the network; its first output is the prediction.
    ///   - parameters: the constants that are trained.
    ///   - visibility: who knows each value of the graph.
    ///   - loss: the loss's name in `torch.nn.functional`.
    /// - Throws: ``HarrierError`` if the network has no output.
    package func training(
        _ graph: Graph, parameters: Set<ValueID>, visibility: [Visibility], by trainer: any FrameworkAutograd,
        loss: String, reduction: String
    ) throws -> TrainingProfile {
        guard let prediction = graph.outputs.first, let type = graph[prediction].type else {
            throw HarrierError("the network has no output whose type is known, so that there is nothing to train")
        }
        var tape = PricedTape(graph, needed: parameters)
        var profile = TrainingProfile(framework: framework.info, entries: [], unpriced: [])
        for index in graph.nodes.indices {
            add(.forward, index, graph, to: &profile) {
                try record(index, in: graph, visibility: visibility, by: trainer, on: &tape)
            }
        }
        do {
            let price = try trainer.loss(loss, reduction: reduction, prediction: type)
            for (phase, price) in [
                (.loss, price.forward), (.backward, OperatorPrice(Call("\(loss).backward", price.backward))),
            ] as [(Phase, OperatorPrice)] {
                profile.entries.append(
                    .init(phase: phase, layer: loss, op: OperatorName(loss), scope: Scope(), price: price))
            }
        } catch let error as Unpriced {
            profile.unpriced.append(
                .init(phase: .loss, name: loss, op: OperatorName(loss), reason: error.reason))
        }
        tape.reach([prediction])
        for index in graph.nodes.indices.reversed() where tape.isReached[index] {
            add(.backward, index, graph, to: &profile) {
                switch tape.gradients[index] {
                case .success(let calls)?: OperatorPrice(Call("\(graph.nodes[index].op.type).backward", calls))
                case .failure(let reason)?: throw reason
                case nil: nil
                }
            }
        }
        return profile
    }

    private func add(
        _ phase: Phase, _ index: Int, _ graph: Graph, to profile: inout TrainingProfile,
        _ price: () throws -> OperatorPrice?
    ) {
        let node = graph.nodes[index]
        let name = node.name.isEmpty ? graph.label(ofNode: index) : node.name
        do {
            guard let price = try price() else { return }
            profile.entries.append(
                .init(phase: phase, layer: graph.layer(ofNode: index), op: node.op, scope: node.scope, price: price))
        } catch let error as Unpriced {
            profile.unpriced.append(.init(phase: phase, name: name, op: node.op, reason: error.reason))
        } catch {
            profile.unpriced.append(.init(phase: phase, name: name, op: node.op, reason: "\(error)"))
        }
    }

    /// The price of computing a node, which is put on the tape if a gradient is needed.
    private func record(
        _ index: Int, in graph: Graph, visibility: [Visibility], by trainer: any FrameworkAutograd,
        on tape: inout PricedTape
    ) throws -> OperatorPrice {
        let node = graph.nodes[index]
        let site = OperatorSite(node, in: graph, visibility: visibility)
        let needed = node.inputs.map { $0.map { tape.isNeeded[$0.index] } ?? false }
        guard tape.need(index) else { return try price(node, in: graph, visibility: visibility) }
        do {
            let known = tape.captured(index).reduce(site.joinedVisibility) { $0.joined(with: visibility[$1.index]) }
            guard known == .private else {
                throw Unpriced(
                    "\(framework.info.title)'s autograd records what is secret-shared, and its operands are not")
            }
            let price =
                node.op == "Scan"
                ? try recordedScan(node, in: graph, visibility: visibility, needed: tape.isNeeded, by: trainer)
                : try recorded(site, needed: needed, by: trainer)
            tape.gradients[index] = .success(price.backward)
            return price.forward
        } catch let reason as Unpriced {
            // What has no gradient can have a price of its own.
            tape.gradients[index] = .failure(reason)
        } catch let error as HarrierError {
            tape.gradients[index] = .failure(Unpriced("its function body: \(error.message)"))
        }
        return try price(node, in: graph, visibility: visibility)
    }

    private func recorded(
        _ site: OperatorSite, needed: [Bool], by trainer: any FrameworkAutograd
    ) throws -> RecordedPrice {
        if let price = try trainer.recorded(site, needed: needed) { return price }
        let node = site.node
        guard
            let body = try FunctionBodies.body(
                of: node, inputTypes: site.inputs.map { $0?.type }, inputTensors: site.inputs.map { $0?.tensor })
        else {
            throw Unpriced("\(framework.info.title) has no gradient of \(node.op), and no function body stands for it")
        }
        return try recorded(body, site: site, needed: needed, by: trainer)
    }

    /// The body of an operator, recorded node by node.
    private func recorded(
        _ body: Graph, site: OperatorSite, needed: [Bool], by trainer: any FrameworkAutograd
    ) throws -> RecordedPrice {
        var initial = [Visibility](repeating: .public, count: body.values.count)
        var sources: Set<ValueID> = []
        for (position, id) in body.inputs.enumerated() {
            initial[id.index] = site.input(position)?.visibility ?? .public
            if position < needed.count, needed[position] { sources.insert(id) }
        }
        let price = try recorded(
            body,
            visibility: body.propagating(
                visibility: initial, testsFiniteness: framework.defaultVisibility.testsFiniteness), sources: sources,
            by: trainer)
        return RecordedPrice(
            forward: OperatorPrice(Call(site.node.op.type, price.forward), basis: .functionBody),
            backward: price.backward)
    }

    /// A body, recorded node by node, all of whose outputs the loss depends on.
    ///
    /// - Parameter sources: the values that a gradient is needed towards.
    package func recorded(
        _ body: Graph, visibility: [Visibility], sources: Set<ValueID>, by trainer: any FrameworkAutograd
    ) throws -> (forward: [Call], backward: [Call], tape: PricedTape) {
        guard depth < Self.deepest else { throw Unpriced("bodies are nested more than \(Self.deepest) deep") }
        var inner = self
        inner.depth += 1
        var tape = PricedTape(body, needed: sources)
        let forward = try body.nodes.indices.map {
            try inner.record($0, in: body, visibility: visibility, by: trainer, on: &tape).call
        }
        tape.reach(body.outputs)
        let backward = try body.nodes.indices.reversed().flatMap { index -> [Call] in
            guard tape.isReached[index] else { return [] }
            return try tape.gradients[index]?.get() ?? []
        }
        return (forward, backward, tape)
    }
}

extension Graph {
    /// What a training profile calls the layer that a node is: its module, else its name.
    package func layer(ofNode index: Int) -> String {
        let node = nodes[index]
        if !node.scope.path.isEmpty { return node.scope.description }
        return node.name.isEmpty ? label(ofNode: index) : node.name
    }
}
