import IR

/// What running a graph needs to know beforehand: computed once, also for a body that runs many times.
struct RunPlan: Sendable {
    /// The graph.
    let graph: Graph
    /// For each node the values that nothing reads after it.
    let lastReads: [[ValueID]]
    /// The values by name; only filled in if a node has a body, which finds what it captures by name.
    let names: [String: ValueID]
    /// For each node with bodies the names that they may capture.
    private let captures: [Int: [ValueID]]

    /// The plan for a graph.
    init(_ graph: Graph) {
        self.graph = graph
        let bodies = graph.nodes.map { $0.attributes.isEmpty ? [] : $0.subgraphs }
        let names = bodies.contains { !$0.isEmpty } ? graph.valuesByName() : [:]
        var captures: [Int: [ValueID]] = [:]
        for (index, graphs) in bodies.enumerated() where !graphs.isEmpty {
            captures[index] = Set(graphs.flatMap(Self.capturedNames)).compactMap { names[$0] }
        }
        var last: [ValueID: Int] = [:]
        for (index, node) in graph.nodes.enumerated() {
            for case let id? in node.inputs + node.outputs { last[id] = index }
            for id in captures[index] ?? [] { last[id] = index }
        }
        for output in graph.outputs { last[output] = nil }
        var lastReads = [[ValueID]](repeating: [], count: graph.nodes.count)
        for (id, index) in last { lastReads[index].append(id) }
        self.lastReads = lastReads
        self.names = names
        self.captures = captures
    }

    private static func capturedNames(_ body: Graph) -> [String] {
        body.captures.map { body[$0].name } + body.nodes.flatMap(\.subgraphs).flatMap(capturedNames)
    }
}

/// One run of a graph: the values that are there at the moment.
final class Frame {
    private let plan: RunPlan
    private let precision: Interpreter.Precision
    private let functions: [Function]
    private var values: [NumericArray?]
    private var captured: (String) throws -> NumericArray? = { _ in nil }
    private var constants: ((Value) throws -> NumericArray?)?
    private let depth: Int
    /// Sees every value as it is computed, and may put another one in its place.
    var observer: ((ValueID, NumericArray) throws -> NumericArray?)?
    /// Computes nodes in another way, those of bodies and functions as well.
    var arithmetic: (any NodeArithmetic)?
    /// For each value whether everybody knows it; filled in where another arithmetic asks for it.
    var isPublic: [Bool] = []

    /// Bodies and functions may nest no deeper than this: a function that calls itself must not end the process.
    private static let maximumDepth = 64

    init(plan: RunPlan, precision: Interpreter.Precision, functions: [Function], depth: Int = 0) {
        self.plan = plan
        self.precision = precision
        self.functions = functions
        self.depth = depth
        values = Array(repeating: nil, count: plan.graph.values.count)
    }

    /// The outputs for these inputs. `captured` finds values of the graphs around this one.
    func run(
        _ inputs: [NumericArray?], captured: @escaping (String) throws -> NumericArray?,
        constants: ((Value) throws -> NumericArray?)?
    ) throws -> [NumericArray] {
        let graph = plan.graph
        guard inputs.count == graph.inputs.count else {
            throw HarrierError("graph '\(graph.name)' takes \(graph.inputs.count) inputs, not \(inputs.count)")
        }
        guard depth < Self.maximumDepth else {
            throw HarrierError("graphs and functions nest deeper than \(Self.maximumDepth)")
        }
        self.captured = captured
        self.constants = constants
        if arithmetic != nil, isPublic.isEmpty {
            isPublic = try graph.visibility(under: VisibilityPolicy()).map { $0 == .public }
        }
        for index in values.indices { values[index] = nil }
        for (id, input) in zip(graph.inputs, inputs) { values[id.index] = input }
        for (index, node) in graph.nodes.enumerated() {
            do { try run(node) } catch let error as HarrierError {
                throw error.at(graph.label(ofNode: index))
            }
            for id in plan.lastReads[index] { values[id.index] = nil }
        }
        return try graph.outputs.map { id in
            guard let output = try value(id) else { throw HarrierError("the output '\(graph[id].name)' has no value") }
            return output
        }
    }

    private func run(_ node: Node) throws {
        let operands = try node.inputs.map { try $0.flatMap(value) }
        let outputs = try arithmetic?.outputs(of: node, operands, in: self) ?? compute(node, operands)
        for (position, output) in node.outputs.enumerated() {
            guard let output else { continue }
            guard position < outputs.count, let result = outputs[position] else {
                throw HarrierError("the interpreter does not compute output \(position) of \(node.op)")
            }
            let stored = try result.stored(for: precision)
            values[output.index] = try observer?(output, stored) ?? stored
        }
    }

    /// What the node's kernel, or its function, makes of these operands.
    func compute(_ node: Node, _ operands: [NumericArray?]) throws -> [NumericArray?] {
        if let kernel = KernelTable.rows[node.op] {
            var call = Call(node: node, inputs: operands, precision: precision)
            if !node.attributes.isEmpty { call.bodies = bodies(of: node) }
            return try kernel(call)
        }
        guard let function = functions.first(where: { $0.name == node.op && $0.overload == node.overload }) else {
            throw HarrierError("the interpreter cannot run \(node.op)")
        }
        return try run(function, calledBy: node, operands)
    }

    /// A frame for a graph inside this one's.
    private func inner(_ graph: Graph) -> Frame {
        let frame = Frame(plan: RunPlan(graph), precision: precision, functions: functions, depth: depth + 1)
        frame.arithmetic = arithmetic
        return frame
    }

    /// Whether the frame runs the model itself, and not a body or a function in it.
    var isOutermost: Bool { depth == 0 }

    /// The graph that runs.
    var graph: Graph { plan.graph }

    /// A value that is there, or a constant, which is decoded at its first use, or one of the graphs around.
    private func value(_ id: ValueID) throws -> NumericArray? {
        if let value = values[id.index] { return value }
        let description = plan.graph[id]
        var found: NumericArray?
        if let constant = description.constant {
            found = try constants?(description)?.stored(for: precision)
            do { found = try found ?? NumericArray(constant.tensor, precision: precision) } catch let error
                as HarrierError
            {
                throw error.at("constant '\(description.name)'")
            }
        } else {
            found = try captured(description.name)
        }
        values[id.index] = found
        return found
    }

    /// The value of that name here or in the graphs around.
    private func lookUp(_ name: String) throws -> NumericArray? {
        if let id = plan.names[name], let value = try value(id) { return value }
        return try captured(name)
    }

    private func bodies(of node: Node) -> [String: Body] {
        var result: [String: Body] = [:]
        for (name, attribute) in node.attributes {
            guard case .graph(let body) = attribute else { continue }
            let frame = inner(body)
            result[name] = Body(inputCount: body.inputs.count, outputCount: body.outputs.count) { [self] inputs in
                try frame.run(inputs, captured: lookUp, constants: constants)
            }
        }
        return result
    }

    private func run(_ function: Function, calledBy node: Node, _ operands: [NumericArray?]) throws -> [NumericArray?] {
        var body = function.body
        let attributes = function.defaults.merging(node.attributes) { $1 }
        body.resolveReferences(to: attributes)
        let missing = [NumericArray?](repeating: nil, count: max(0, body.inputs.count - operands.count))
        return try inner(body).run(operands + missing, captured: { _ in nil }, constants: nil)
    }
}

/// Another way of computing nodes than by their kernels.
protocol NodeArithmetic: AnyObject {
    /// The outputs of a node on these operands.
    func outputs(of node: Node, _ operands: [NumericArray?], in frame: Frame) throws -> [NumericArray?]
}

/// A graph in an attribute, ready to run.
struct Body {
    /// Number of its inputs.
    let inputCount: Int
    /// Number of its outputs.
    let outputCount: Int
    /// Its outputs for these inputs.
    let run: ([NumericArray?]) throws -> [NumericArray]
}

extension Graph {
    /// Replaces attributes that refer to those of the calling node by what the call says.
    mutating func resolveReferences(to attributes: [String: Attribute]) {
        for index in nodes.indices {
            for (name, attribute) in nodes[index].attributes {
                switch attribute {
                case .reference(let referred, _): nodes[index].attributes[name] = attributes[referred]
                case .graph(var body):
                    body.resolveReferences(to: attributes)
                    nodes[index].attributes[name] = .graph(body)
                default: break
                }
            }
        }
    }
}
