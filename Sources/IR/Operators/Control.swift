extension OperatorTable {
    /// Operators with bodies, and those on sequences and optionals, whose values have no tensor type.
    static let controlOperators: [OperatorDefinition] = [
        OperatorDefinition(
            "If", inputs: 1...1, outputs: 1...Int.max,
            attributes: [.required("else_branch", .graph), .required("then_branch", .graph)]
        ) { try $0.inferIf() },
        OperatorDefinition(
            "Loop", inputs: 0...Int.max, outputs: 1...Int.max, attributes: [.required("body", .graph)]
        ) { try $0.inferLoop() },
        OperatorDefinition(
            "Scan", inputs: 1...Int.max, outputs: 1...Int.max,
            attributes: [
                .required("body", .graph), .required("num_scan_inputs", .int), .list("scan_input_axes", filledWith: 0),
                .list("scan_input_directions", filledWith: 0), .list("scan_output_axes", filledWith: 0),
                .list("scan_output_directions", filledWith: 0),
            ]
        ) { try $0.inferScan() },
        OperatorDefinition(
            "ConcatFromSequence", inputs: 1...1,
            attributes: [.required("axis", .int), .optional("new_axis", .int(0))], infer: { _ in }),
        OperatorDefinition("Optional", inputs: 0...1, attributes: [.optional("type", .typeProto)], infer: { _ in })
            .since(15),
        OperatorDefinition("OptionalGetElement", inputs: 1...1) { inference in
            // A tensor is an optional that is there.
            inference.setOutput(0, inference.type(0))
        }.since(15),
        OperatorDefinition("OptionalHasElement", inputs: 0...1) { $0.setOutput(0, .bool, []) }.since(15),
        OperatorDefinition("SequenceAt", inputs: 2...2, infer: { _ in }),
        OperatorDefinition("SequenceConstruct", inputs: 1...Int.max) { inference in
            try inference.sharedElementType(inference.inputTypes.indices)
        },
        OperatorDefinition("SequenceEmpty", inputs: 0...0, attributes: [.optional("dtype", .int)], infer: { _ in }),
        OperatorDefinition("SequenceErase", inputs: 1...2, infer: { _ in }),
        OperatorDefinition("SequenceInsert", inputs: 2...3, infer: { _ in }),
        OperatorDefinition("SequenceLength", inputs: 1...1) { $0.setOutput(0, .int64, []) },
        OperatorDefinition(
            "SequenceMap", inputs: 1...Int.max, outputs: 1...Int.max, attributes: [.required("body", .graph)],
            infer: { _ in }
        ).since(17),
        OperatorDefinition(
            "SplitToSequence", inputs: 1...2, attributes: [.optional("axis", .int(0)), .optional("keepdims", .int(1))],
            infer: { _ in }),
    ]
}

extension TypeInference {
    /// Most runs over a loop's body until the types that it carries round stand still.
    private static let largestLoopRuns = 4

    /// The body in an attribute, its types inferred for inputs of the given types.
    private mutating func body(_ name: String, inputTypes: [TensorType?]) throws -> Graph {
        guard case .graph(let graph)? = node.attributes[name] else {
            throw HarrierError("\(node.op) lacks its attribute '\(name)'")
        }
        guard graph.inputs.count == inputTypes.count else {
            throw HarrierError(
                "the body '\(name)' of \(node.op) takes \(graph.inputs.count) inputs, not \(inputTypes.count)")
        }
        let typed = try inferBody?(graph, inputTypes) ?? graph
        inferredBodies[name] = typed
        return typed
    }

    fileprivate mutating func inferIf() throws {
        try requireBool(0)
        guard let condition = try integers(0)?.first else {
            let types = try typesOfEitherBranch()
            for output in outputTypes.indices { setOutput(output, types[output]) }
            return
        }
        let (taken, ruledOut) = condition != 0 ? ("then_branch", "else_branch") : ("else_branch", "then_branch")
        // What never runs need not fit the shapes: models choose between ranks with If. It keeps its types as declared.
        _ = try? branch(ruledOut)
        let types = try branch(taken)
        for output in outputTypes.indices { setOutput(output, types[output]) }
    }

    /// The types of what both branches of If give. A branch that cannot run on these shapes is not the one that is taken: models choose between
    /// lengths with If.
    private mutating func typesOfEitherBranch() throws -> [TensorType?] {
        let one: [TensorType?]
        do { one = try branch("then_branch") } catch {
            guard let other = try? branch("else_branch") else { throw error }
            return other
        }
        guard let other = try? branch("else_branch") else { return one }
        return zip(one, other).map { $0?.joined(with: $1) }
    }

    /// The types of what a branch of If gives.
    private mutating func branch(_ name: String) throws -> [TensorType?] {
        let graph = try body(name, inputTypes: [])
        guard graph.outputs.count >= outputCount else {
            throw HarrierError("'\(name)' of If gives \(graph.outputs.count) outputs, not \(outputCount)")
        }
        return graph.outputs.map { graph[$0].type }
    }

    fileprivate mutating func inferLoop() throws {
        let initial = Array(inputTypes.dropFirst(2))
        let (count, condition) = (loopOperand(0, .int64), loopOperand(1, .bool))
        let (graph, carried) = try settledBody(
            carrying: initial, inputs: { [count, condition] + $0 },
            outputs: { Array($0.dropFirst()) })
        guard graph.outputs.count > outputCount else {
            throw HarrierError(
                "the body of Loop gives \(graph.outputs.count) outputs, too few for the node's \(outputCount)")
        }
        for output in outputTypes.indices {
            if output < carried.count {
                setOutput(output, carried[output])
            } else if let type = graph[graph.outputs[output + 1]].type {
                setOutput(output, type.elementType, type.shape.map { [.unknown] + $0 })
            }
        }
    }

    /// The type of a number that Loop hands to its body: a scalar, unless the body declares one axis of length 1, as some exporters do.
    private func loopOperand(_ index: Int, _ type: ElementType) -> TensorType {
        guard case .graph(let body)? = node.attributes["body"], index < body.inputs.count,
            body[body.inputs[index]].type?.lengths == [1]
        else { return TensorType(type, []) }
        return TensorType(type, [.known(1)])
    }

    fileprivate mutating func inferScan() throws {
        let scanCount = try positive("num_scan_inputs")
        let stateCount = inputTypes.count -| scanCount
        guard stateCount >= 0 else {
            throw HarrierError("Scan has \(inputTypes.count) inputs, fewer than the \(scanCount) it scans")
        }
        let axes = try node.ints("scan_input_axes", count: scanCount)
        var length = Dimension.unknown
        var elements: [TensorType?] = []
        for (axis, type) in zip(axes, inputTypes.dropFirst(stateCount)) {
            guard let type, var shape = type.shape else {
                elements.append(type)
                continue
            }
            let removed = shape.remove(at: try normalized(axis: axis, rank: shape.count))
            length = try merge(length, removed, "the lengths of the scanned inputs")
            elements.append(TensorType(type.elementType, shape))
        }
        let (graph, states) = try settledBody(
            carrying: Array(inputTypes.prefix(stateCount)), inputs: { [elements] in $0 + elements }, outputs: { $0 })
        guard graph.outputs.count >= outputCount, outputCount >= stateCount else {
            throw HarrierError("the body of Scan gives \(graph.outputs.count) outputs for the node's \(outputCount)")
        }
        let outputAxes = try node.ints("scan_output_axes", count: outputCount - stateCount)
        for output in outputTypes.indices {
            if output < stateCount {
                setOutput(output, states[output])
            } else if let type = graph[graph.outputs[output]].type {
                let stacked = try type.shape.map { shape in
                    let axis = try normalized(axis: outputAxes[output - stateCount], rank: shape.count + 1)
                    return shape[..<axis] + [length] + shape[axis...]
                }
                setOutput(output, type.elementType, stacked.map(Array.init))
            }
        }
    }

    /// The body for types of the carried values that hold in every round: those they have at first, joined with those
    /// the body gives them until nothing changes.
    private mutating func settledBody(
        carrying initial: [TensorType?], inputs: ([TensorType?]) -> [TensorType?],
        outputs: ([TensorType?]) -> [TensorType?]
    ) throws -> (Graph, [TensorType?]) {
        var carried = initial
        var run = 0
        while true {
            run += 1
            let graph = try body("body", inputTypes: inputs(carried))
            let results = outputs(graph.outputs.map { graph[$0].type })
            guard results.count >= carried.count else {
                throw HarrierError("the body of \(node.op) gives fewer values than it carries round")
            }
            let joined = zip(carried, results).map { type, result in
                // A shape that keeps changing is given up.
                run < Self.largestLoopRuns ? type?.joined(with: result) : type.map { TensorType($0.elementType, nil) }
            }
            if joined == carried { return (graph, carried) }
            carried = joined
        }
    }
}

extension TensorType {
    /// What holds of a value that has one of two types; nil if even their element types differ.
    func joined(with other: TensorType?) -> TensorType? {
        guard let other, elementType == other.elementType else { return nil }
        guard let shape, let theirs = other.shape, shape.count == theirs.count else {
            return TensorType(elementType, nil)
        }
        return TensorType(elementType, zip(shape, theirs).map { $0.joined(with: $1) })
    }
}
