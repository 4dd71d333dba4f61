import IR

/// Runs graphs and single nodes: the reference for what an ONNX graph computes at opset 21.
///
/// Results do not depend on the machine's load or on the number of threads: matrix products run on one thread.
public struct Interpreter: ConstantEvaluator, Sendable {
    /// How floating-point numbers are computed.
    public enum Precision: Hashable, Sendable {
        /// In 64 bits whatever the declared type: what the graph computes on real numbers, for comparing two graphs.
        case float64
        /// Every result is rounded to its declared type, as a runtime would.
        case float32
    }

    /// How floating-point numbers are computed.
    public let precision: Precision

    /// An interpreter of that precision.
    public init(precision: Precision = .float64) { self.precision = precision }

    /// Whether the interpreter can run the operator.
    public func supports(_ op: OperatorName) -> Bool { KernelTable.rows[op] != nil }

    /// All operators that the interpreter can run, in alphabetical order.
    public static var operators: [OperatorName] { KernelTable.rows.keys.sorted() }

    /// The outputs of a graph by name, rounded to their declared types.
    ///
    /// - Throws: ``HarrierError`` naming the node that cannot run, or the input that is missing.
    public func run(_ graph: Graph, inputs: [String: Tensor]) throws -> [String: Tensor] {
        let arrays = try inputs.mapValues { try NumericArray($0, precision: precision) }
        return try run(graph, inputs: arrays).mapValues { try $0.tensor() }
    }

    /// The outputs of a graph by name, as computed.
    ///
    /// - Parameters:
    ///   - inputs: the graph's inputs by name.
    ///   - constants: what to use for a constant instead of the data in the file; nil to use that. Called once for
    ///     each constant that is read.
    ///   - observer: sees every value that a node of the graph itself computes, in the order of the nodes; what it returns
    ///     takes the value's place, nil leaves it.
    /// - Throws: ``HarrierError`` naming the node that cannot run, or the input that is missing.
    public func run(
        _ graph: Graph, inputs: [String: NumericArray],
        constants: ((Value) throws -> NumericArray?)? = nil,
        observer: ((ValueID, NumericArray) throws -> NumericArray?)? = nil
    ) throws -> [String: NumericArray] {
        let operands = try graph.inputs.map { id in
            let name = graph[id].name
            guard let input = inputs[name] else { throw HarrierError("no value for the input '\(name)'") }
            return try input.stored(for: precision)
        }
        let frame = Frame(plan: RunPlan(graph), precision: precision, functions: graph.functions)
        frame.observer = observer
        let outputs = try frame.run(operands, captured: { _ in nil }, constants: constants)
        return Dictionary(zip(graph.outputs.map { graph[$0].name }, outputs)) { first, _ in first }
    }

    /// The outputs of a single node on constants, rounded to their declared types; nil if the operator has no kernel or the
    /// node has bodies.
    ///
    /// - Throws: ``HarrierError`` if the node cannot run on these operands.
    public func evaluate(_ node: Node, inputs: [Tensor?]) throws -> [Tensor?]? {
        guard supports(node.op), node.subgraphs.isEmpty else { return nil }
        if node.has(.shapeQuery), case let input?? = inputs.first {
            // Only the shape matters; the data may be missing.
            return [try shapeOutput(of: node, shape: input.shape).tensor()]
        }
        let arrays = try inputs.map { try $0.map { try NumericArray($0, precision: precision) } }
        return try evaluate(node, inputs: arrays)?.map { try $0?.tensor() }
    }

    /// The outputs of a single node without graphs in its attributes, as computed; nil if the operator has no kernel.
    ///
    /// - Throws: ``HarrierError`` if the node cannot run on these operands.
    public func evaluate(_ node: Node, inputs: [NumericArray?]) throws -> [NumericArray?]? {
        guard let kernel = KernelTable.rows[node.op] else { return nil }
        let operands = try inputs.map { try $0?.stored(for: precision) }
        let outputs = try kernel(Call(node: node, inputs: operands, precision: precision))
        return try outputs.map { try $0?.stored(for: precision) }
    }
}

/// The kernel of an operator that has none: its function body, on the types that the operands have.
@Sendable private func runFunctionBody(_ call: Call) throws -> [NumericArray?] {
    guard let body = try call.functionBody() else {
        throw HarrierError("the interpreter cannot run \(call.node.op) on these operands")
    }
    return try Frame(plan: RunPlan(body), precision: call.precision, functions: [])
        .run(call.inputs, captured: { _ in nil }, constants: nil)
}

extension Call {
    /// The function body of the node on these operands; nil if it has none.
    func functionBody() throws -> Graph? {
        // Axes and the like decide how a body is written.
        let tensors = try inputs.map { input in
            try input.flatMap { $0.elementType.isInteger && $0.rank <= 1 ? try $0.tensor() : nil }
        }
        let types = inputs.map { $0.map { TensorType($0.elementType, lengths: $0.shape) } }
        return try FunctionBodies.body(of: node, inputTypes: types, inputTensors: tensors)
    }
}

/// All kernels, by operator. The rows are in the family files; an operator without a row runs as its function body.
enum KernelTable {
    static let rows: [OperatorName: Kernel] = {
        let families: [[KernelRow]] = [
            arithmeticKernels, functionKernels, activationKernels, comparisonKernels, castKernels, reductionKernels,
            matrixKernels, convolutionKernels, poolingKernels, normalizationKernels, shapeKernels, movementKernels,
            indexingKernels, generatorKernels, quantizationKernels, controlKernels, sequenceKernels, recurrentKernels,
            lossKernels, selectionKernels, imageKernels, tensorKernels, signalKernels, attentionKernels,
            optimizerKernels,
            textKernels, classicalKernels,
        ]
        let ordinary = Dictionary(families.joined().map { ($0.op, $0.run) }) { first, _ in first }
        let bodies = Dictionary(uniqueKeysWithValues: FunctionBodies.operators.map { ($0, runFunctionBody) })
        return ordinary.merging(bodies) { kernel, _ in kernel }.merging(
            protocolLevelKernels(ordinary).map { ($0.op, $0.run) }
        ) { first, _ in first }
    }()
}
