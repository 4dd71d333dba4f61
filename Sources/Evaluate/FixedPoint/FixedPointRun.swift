import IR

/// One run of a graph as a framework computes it.
///
/// Every input, constant and result is a multiple of the format's resolution. Products and what is made of them are computed
/// exactly and then cut off as the format says. What the framework approximates is computed by its own method
/// (``FrameworkArithmetic``), and an operator for which it has none by its function body; where only the format is known, the result is
/// the real number, rounded. A number that does not fit wraps around, as shares do, and is noted. What everybody knows is computed in
/// the clear.
final class FixedPointRun: NodeArithmetic {
    private let framework: SimulatedFramework
    private var source: NumberSource
    private var numbers: FixedPointNumbers
    /// What the framework's own methods came to, by node, in the order of the nodes.
    private(set) var errors: [NodeError] = []

    /// What did not fit, by node, in the order of the nodes.
    var overflows: [FixedPointOverflow] { numbers.overflows }

    /// - Parameter seed: what shares and masks are drawn from.
    init(_ framework: SimulatedFramework, seed: UInt64) {
        self.framework = framework
        source = NumberSource(name: "truncation", seed: seed)
        numbers = FixedPointNumbers(framework.format)
    }

    /// The outputs of a graph by name.
    ///
    /// - Parameter constants: as in ``Interpreter/run(_:inputs:constants:observer:)``.
    /// - Throws: ``HarrierError`` if the graph cannot run.
    func run(
        _ graph: Graph, inputs: [String: NumericArray], constants: @escaping (Value) throws -> NumericArray?
    ) throws -> [String: NumericArray] {
        let operands = try graph.inputs.map { id in
            let name = graph[id].name
            guard let input = inputs[name] else { throw HarrierError("no value for the input '\(name)'") }
            return try numbers.encoded(input, name: name)
        }
        let frame = Frame(plan: RunPlan(graph), precision: .float64, functions: graph.functions)
        frame.arithmetic = self
        frame.isPublic = try graph.visibility(under: framework.policy.keepingNames(of: graph)).map { $0 == .public }
        // Literals are encoded where they are used: a framework may compute with what everybody knows before it does so.
        let outputs = try frame.run(operands, captured: { _ in nil }) { value in
            let array = try constants(value)
            guard let constant = value.constant, constant.isParameter, constant.tensor.elementType.isFloatingPoint
            else {
                return array
            }
            return try self.numbers.encoded(array ?? NumericArray(constant.tensor), name: value.name)
        }
        return Dictionary(zip(graph.outputs.map { graph[$0].name }, outputs)) { first, _ in first }
    }

    func outputs(of node: Node, _ operands: [NumericArray?], in frame: Frame) throws -> [NumericArray?] {
        let isPublic = node.inputs.map { $0.map { frame.isPublic[$0.index] } ?? true }
        let results = node.outputs.compactMap { $0 }
        if results.allSatisfy({ frame.isPublic[$0.index] }) { return try frame.compute(node, operands) }
        if let arithmetic = framework.arithmetic {
            let operation = FixedPointOperation(node: node, inputs: operands, isPublic: isPublic)
            if let outputs = try arithmetic.outputs(of: operation, random: &source) {
                return try noting(outputs, of: operation, in: frame)
            }
            if FixedPointRole(node) == .value, let outputs = try body(of: operation) {
                return try noting(outputs, of: operation, in: frame)
            }
        }
        let operands = try encoded(operands, of: node, isPublic, in: frame)
        let outputs = try frame.compute(node, operands)
        let name = label(of: node, in: frame)
        return try outputs.map { try $0.map { try finish($0, of: node, named: name) } }
    }

    /// Operands that everybody knows, and constants of bodies and functions, are encoded where they are used.
    private func encoded(
        _ operands: [NumericArray?], of node: Node, _ isPublic: [Bool], in frame: Frame
    ) throws -> [NumericArray?] {
        try operands.enumerated().map { position, operand in
            guard let operand, let id = node.inputs[position], operand.elementType.isFloatingPoint,
                isPublic[position] || (!frame.isOutermost && frame.graph[id].constant != nil)
            else { return operand }
            return try numbers.encoded(operand, name: frame.graph[id].name)
        }
    }

    /// What the node's function body comes to in the same arithmetic; nil if it has none.
    private func body(of operation: FixedPointOperation) throws -> [NumericArray?]? {
        guard OperatorTable[operation.node.op]?.body != nil,
            let body = try Call(node: operation.node, inputs: operation.inputs, precision: .float64).functionBody()
        else { return nil }
        let known = zip(body.inputs, operation.isPublic).filter(\.1).map { (body[$0.0].name, Visibility.public) }
        let frame = Frame(plan: RunPlan(body), precision: .float64, functions: [], depth: 1)
        frame.arithmetic = self
        let policy = VisibilityPolicy(exceptions: Dictionary(known) { one, _ in one })
        frame.isPublic = try body.visibility(under: policy).map { $0 == .public }
        return try frame.run(operation.inputs, captured: { _ in nil }, constants: nil)
    }

    /// Notes how far the results are from the real numbers, for nodes of the model itself.
    private func noting(
        _ outputs: [NumericArray?], of operation: FixedPointOperation, in frame: Frame
    ) throws -> [NumericArray?] {
        guard frame.isOutermost, let found = outputs.first ?? nil, found.elementType.isFloatingPoint,
            let exact = try frame.compute(operation.node, operation.inputs).first ?? nil
        else { return outputs }
        let name = label(of: operation.node, in: frame)
        let isProduct = FixedPointRole(operation.node) == .product
        try numbers.noteMisfits(of: exact, node: name, op: operation.node.op, isProduct: isProduct)
        errors.append(try NodeError(node: name, operation, exact: exact, found: found))
        return outputs
    }

    private func label(of node: Node, in frame: Frame) -> String {
        if !node.name.isEmpty { return node.name }
        return node.outputs.compactMap { $0 }.first.map { frame.graph[$0].name } ?? ""
    }

    /// What a framework has of a node's result.
    private func finish(_ result: NumericArray, of node: Node, named name: String) throws -> NumericArray {
        guard result.elementType.isFloatingPoint, case .doubles = result.storage, !node.has(.dataMovement) else {
            return result
        }
        switch (FixedPointRole(node), framework.format.truncation) {
        case (.value, _): return try numbers.rounded(result, node: name, op: node.op) { $0.rounded() }
        case (.product, .floor): return try numbers.product(result, node: name, op: node.op) { $0.rounded(.down) }
        case (.product, .probabilistic):
            return try numbers.product(result, node: name, op: node.op) { number in
                // What is a multiple already stays so.
                let below = number.rounded(.down)
                return number == below ? below : (number + source.unit()).rounded(.down)
            }
        }
    }
}

/// How a framework comes by what an operator gives.
enum FixedPointRole {
    /// By sums, comparisons and moves, which keep the binary point, or by a protocol of its own.
    case value
    /// By products, whose fraction bits are twice as many until they are cut off.
    case product

    /// The role of a node.
    init(_ node: Node) {
        // Raw forms of protocol-level graphs leave the truncation to a node of its own.
        let traits = node.op.domain.isEmpty ? OperatorTable[node.op]?.traits(of: node) ?? [] : []
        self = traits.isDisjoint(with: [.product, .average, .scaled]) ? .value : .product
    }
}
