import IR

/// Runs graphs on exact numbers.
///
/// Operators that only move elements run through the interpreter's own kernels, on element positions; composite operators
/// through their ONNX function bodies; nodes without floating-point operands as usual.
struct ExactInterpreter {
    private let trace: ExactTrace
    private let depth: Int

    /// Function bodies nest no deeper than this.
    private static let maximumDepth = 8

    init(trace: ExactTrace, depth: Int = 0) {
        self.trace = trace
        self.depth = depth
    }

    /// The outputs of a graph, in order.
    ///
    /// - Parameters:
    ///   - inputs: the graph's inputs, in order.
    ///   - parameter: the elements of a constant whose data is missing.
    /// - Throws: ``HarrierError`` naming the node that is not computed exactly, or why the numbers will not do.
    func run(
        _ graph: Graph, inputs: [ExactValue?], parameter: (Value) throws -> NumericArray?
    ) throws -> [ExactValue] {
        guard depth < Self.maximumDepth else { throw HarrierError("functions nest deeper than \(Self.maximumDepth)") }
        var values = [ExactValue?](repeating: nil, count: graph.values.count)
        for (id, input) in zip(graph.inputs, inputs) { values[id.index] = input }
        for (index, value) in graph.values.enumerated() {
            guard let constant = value.constant else { continue }
            if let drawn = try parameter(value) {
                values[index] = self.value(drawn, isDrawn: true)
            } else if constant.tensor.isAvailable {
                values[index] = self.value(try NumericArray(constant.tensor), isDrawn: false)
            }
        }
        for (index, node) in graph.nodes.enumerated() {
            do {
                let operands = node.inputs.map { $0.flatMap { values[$0.index] } }
                let outputs = try run(node, operands, functions: graph.functions)
                for (id, output) in zip(node.outputs, outputs) { if let id { values[id.index] = output } }
            } catch let error as HarrierError { throw error.at(graph.label(ofNode: index)) }
            if let failure = trace.failure { throw HarrierError(failure, place: graph.label(ofNode: index)) }
        }
        return try graph.outputs.map { id in
            guard let value = values[id.index] else {
                throw HarrierError("the output '\(graph[id].name)' has no value")
            }
            return value
        }
    }

    /// Floating-point elements as exact numbers: as they are if they were drawn, else as what their writer meant.
    func value(_ array: NumericArray, isDrawn: Bool) -> ExactValue {
        guard array.elementType.isFloatingPoint, let numbers = try? array.doubles() else { return .plain(array) }
        let isDouble = array.elementType == .float64
        return .exact(
            ExactArray(
                elementType: array.elementType, shape: array.shape,
                elements: numbers.map { isDrawn ? ExactNumber(binary: $0) : trace.constant($0, isDouble: isDouble) }))
    }

    private func run(_ node: Node, _ inputs: [ExactValue?], functions: [Function]) throws -> [ExactValue?] {
        if let function = functions.first(where: { $0.name == node.op && $0.overload == node.overload }) {
            return try run(function, calledBy: node, inputs, functions: functions)
        }
        let call = ExactCall(node: node, inputs: inputs, trace: trace)
        if node.has(.dataMovement) { return try move(call) }
        if inputs.allSatisfy({ $0?.isPlain ?? true }), node.op != "Cast" {
            let arrays = inputs.map { $0?.plain }
            guard let outputs = try Interpreter().evaluate(node, inputs: arrays) else {
                throw HarrierError("\(node.op) is not computed exactly")
            }
            return outputs.map { $0.map { value($0, isDrawn: false) } }
        }
        if let kernel = ExactKernels.rows[node.op] { return try kernel(call) }
        return try runBody(node, inputs)
    }

    /// Runs an ordinary kernel on element positions and puts the numbers back.
    func move(_ call: ExactCall) throws -> [ExactValue?] {
        guard let kernel = KernelTable.rows[call.node.op] else { throw HarrierError("\(call.node.op) has no kernel") }
        let (moved, numbers, type) = call.onPositions()
        let outputs = try kernel(moved)
        guard let type else { return outputs.map { $0.map { value($0, isDrawn: false) } } }
        return try outputs.map { output in
            guard let output, output.elementType != .bool else { return output.map { .plain($0) } }
            let elements = try output.integers().map { numbers[Int($0)] }
            return .exact(ExactArray(elementType: type, shape: output.shape, elements: elements))
        }
    }

    private func run(
        _ function: Function, calledBy node: Node, _ inputs: [ExactValue?], functions: [Function]
    ) throws -> [ExactValue?] {
        var body = function.body
        body.resolveReferences(to: function.defaults.merging(node.attributes) { $1 })
        body.functions = functions
        let missing = [ExactValue?](repeating: nil, count: max(0, body.inputs.count - inputs.count))
        return try ExactInterpreter(trace: trace, depth: depth + 1).run(body, inputs: inputs + missing) { _ in nil }
    }

    private func runBody(_ node: Node, _ inputs: [ExactValue?]) throws -> [ExactValue?] {
        let known = try inputs.map { try $0?.plain?.tensor() }
        guard let body = try FunctionBodies.body(of: node, inputTypes: inputs.map { $0?.type }, inputTensors: known)
        else { throw HarrierError("\(node.op) is not computed exactly") }
        return try ExactInterpreter(trace: trace, depth: depth + 1).run(body, inputs: inputs) { _ in nil }
    }
}

/// All exact kernels, by operator.
enum ExactKernels {
    static let rows: [OperatorName: ExactKernel] = exactElementwise.merging(exactProducts) { one, _ in one }
        .merging(exactReductions) { one, _ in one }.merging(exactWindows) { one, _ in one }
}
