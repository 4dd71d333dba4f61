import Evaluate
import IR

/// Spells a function body differently: sums and products in another order and grouping, constants folded or moved, and operators as other
/// operators that compute the same. The same seed gives the same spelling.
struct Respelling {
    private let body: Graph
    private let producers: [Int?]
    private let uses: [[Int]]
    private let builder: GraphBuilder
    private var source: NumberSource
    private var written: [ValueID: GraphBuilder.Term] = [:]

    /// A part of a product or a sum.
    private enum Part {
        case number(Double)
        case term(GraphBuilder.Term)
    }

    init(of body: Graph, seed: UInt64) {
        self.body = body
        producers = body.producers()
        uses = body.uses()
        builder = GraphBuilder(name: "respelled", evaluator: Interpreter())
        source = NumberSource(name: body.name, seed: seed)
    }

    /// A graph of the body's inputs that computes what the body does; operands behind the first are parameters.
    mutating func graph() throws -> Graph {
        for (index, input) in body.inputs.enumerated() {
            guard let type = body[input].type, let shape = type.lengths, index == 0 || !uses[input.index].isEmpty else {
                continue
            }
            let name = index == 0 ? "x" : "parameter\(index)"
            let missing = Tensor(type.elementType, shape: shape, payload: .missing(ExternalReference(location: name)))
            written[input] = try index == 0 ? builder.input(name, type) : builder.initializer(name, missing)
        }
        let result = try term(body.outputs[0])
        return try builder.graph(outputs: [("y", result)])
    }

    private mutating func coin() -> Bool { source.unit() < 0.5 }

    private mutating func below(_ count: Int) -> Int { min(count - 1, Int(source.unit() * Double(count))) }

    private func number(_ id: ValueID) -> Double? {
        guard let tensor = body[id].constant?.tensor, tensor.elementCount == 1, tensor.elementType.isFloatingPoint
        else {
            return nil
        }
        return try? tensor.doubles().first
    }

    // MARK: Terms

    private mutating func term(_ id: ValueID) throws -> GraphBuilder.Term {
        if let known = written[id] { return known }
        let result: GraphBuilder.Term
        if let tensor = body[id].constant?.tensor {
            result = builder.literal(tensor)
        } else if let index = producers[id.index] {
            result = try spelled(body.nodes[index], id)
        } else {
            throw HarrierError("the body reads '\(body[id].name)', which nothing computes")
        }
        written[id] = result
        return result
    }

    private mutating func spelled(_ node: Node, _ id: ValueID) throws -> GraphBuilder.Term {
        let first = node.inputs.first.flatMap { $0 }
        switch node.op.type {
        case "Mul", "Div", "Neg", "Reciprocal": return try joinedProduct(factors(of: id, isRoot: true))
        case "Add", "Sub": return try joinedSum(addends(of: id, isRoot: true))
        case "Pow":
            guard let first, let exponent = node.input(1).flatMap(number), exponent == 2 || exponent == 3, coin() else {
                break
            }
            let x = try term(first)
            return try exponent == 2 ? x * x : coin() ? x * x * x : x * (x * x)
        case "Sqrt":
            if let first, coin() { return try term(first).apply("Pow", term(first).scalar(0.5)) }
        case "Relu": if let first { return try rectified(term(first)) }
        case "Max":
            guard let first, node.inputs.count == 2, let bound = node.input(1), number(bound) == 0 else { break }
            return try rectified(term(first))
        case "Clip":
            guard let first, let low = node.input(1), let high = node.input(2), coin() else { break }
            let x = try term(first)
            let (least, greatest) = (try term(low), try term(high))
            return try coin()
                ? x.apply("Max", least).apply("Min", greatest) : greatest.apply("Min", least.apply("Max", x))
        case "Sigmoid":
            guard let first else { break }
            switch below(4) {
            case 0: return try 1 / ((-term(first)).apply("Exp") + 1)
            case 1: return try (builder.scalar(1, .float32) + (-term(first)).apply("Exp")).apply("Reciprocal")
            case 2: return try term(first).apply("Exp") / (term(first).apply("Exp") + 1)
            default: break
            }
        case "ReduceMean":
            guard let first, let axes = try node.input(1).flatMap({ try body[$0].constant?.tensor.doubles() }), coin(),
                let shape = body[first].type?.lengths
            else { break }
            let count = axes.map { shape[Int($0) < 0 ? Int($0) + shape.count : Int($0)] }.reduce(1, *)
            let sum = try term(first).apply("ReduceSum", term(node.inputs[1]!), attributes: node.attributes)
            return try coin() ? sum / Double(count) : sum * (1 / Double(count))
        default: break
        }
        let operands = try node.inputs.map { try $0.map { try term($0) } }
        return try builder.apply(node.op, operands, node.attributes)
    }

    private mutating func rectified(_ x: GraphBuilder.Term) throws -> GraphBuilder.Term {
        switch below(5) {
        case 0: try x.apply("Relu")
        case 1: try x.apply("Max", x.scalar(0))
        case 2: try x.scalar(0).apply("Max", x)
        case 3: try x.isGreater(than: 0).chooses(x, else: x.scalar(0))
        default: try x.isLess(than: 0).chooses(x.scalar(0), else: x)
        }
    }

    // MARK: Products

    /// Whether the parts of a value can stand among those of what reads it.
    private func isOpen(_ id: ValueID, isRoot: Bool) -> Bool {
        isRoot || uses[id.index].count == 1 && !body.outputs.contains(id)
    }

    private mutating func factors(of id: ValueID, isRoot: Bool = false) throws -> [Part] {
        if let value = number(id) { return [.number(value)] }
        guard let index = producers[id.index], isOpen(id, isRoot: isRoot) else { return [.term(try term(id))] }
        let node = body.nodes[index]
        switch (node.op.type, node.input(0), node.input(1)) {
        case ("Mul", let one?, let other?): return try factors(of: one) + factors(of: other)
        case ("Div", let one?, let other?):
            if let divisor = number(other) { return try factors(of: one) + [.number(1 / divisor)] }
            return try factors(of: one) + [.term(try inverse(term(other)))]
        case ("Neg", let one?, _): return try factors(of: one) + [.number(-1)]
        case ("Reciprocal", let one?, _): return [.term(try inverse(term(one)))]
        default: return isRoot ? [] : [.term(try term(id))]
        }
    }

    private mutating func inverse(_ x: GraphBuilder.Term) throws -> GraphBuilder.Term {
        switch below(3) {
        case 0: try x.apply("Reciprocal")
        case 1: try 1 / x
        default: try x.apply("Pow", x.scalar(-1))
        }
    }

    private mutating func joinedProduct(_ parts: [Part]) throws -> GraphBuilder.Term {
        try joined(parts) { one, other in
            one * other
        } _: { respelling, x, value in
            switch respelling.below(4) {
            case 0: try x / (1 / value)
            case 1: try x * value
            case 2 where value == -1: try -x
            default: try x.scalar(value) * x
            }
        } _: { respelling, x, y in
            if x.id == y.id { return try respelling.coin() ? x.apply("Pow", x.scalar(2)) : x * y }
            return try respelling.coin() ? x * y : y * x
        }
    }

    // MARK: Sums

    private mutating func addends(of id: ValueID, isRoot: Bool = false) throws -> [Part] {
        if let value = number(id) { return [.number(value)] }
        guard let index = producers[id.index], isOpen(id, isRoot: isRoot) else { return [.term(try term(id))] }
        let node = body.nodes[index]
        switch (node.op.type, node.input(0), node.input(1)) {
        case ("Add", let one?, let other?): return try addends(of: one) + addends(of: other)
        case ("Sub", let one?, let other?):
            if let value = number(other) { return try addends(of: one) + [.number(-value)] }
            // The sign of what is taken away stays with it.
            return try addends(of: one) + [.term(try coin() ? -term(other) : term(other) * -1)]
        default: return isRoot ? [] : [.term(try term(id))]
        }
    }

    private mutating func joinedSum(_ parts: [Part]) throws -> GraphBuilder.Term {
        try joined(parts) { one, other in
            one + other
        } _: { respelling, x, value in
            switch respelling.below(3) {
            case 0: try x - -value
            case 1: try x + value
            default: try x.scalar(value) + x
            }
        } _: { respelling, x, y in
            try respelling.coin() ? x + y : y + x
        }
    }

    // MARK: Joining

    private mutating func joined(
        _ parts: [Part], _ fold: (Double, Double) -> Double,
        _ withNumber: (inout Respelling, GraphBuilder.Term, Double) throws -> GraphBuilder.Term,
        _ pair: (inout Respelling, GraphBuilder.Term, GraphBuilder.Term) throws -> GraphBuilder.Term
    ) throws -> GraphBuilder.Term {
        var left = parts
        while left.count > 1 {
            let one = left.remove(at: below(left.count))
            let other = left.remove(at: below(left.count))
            switch (one, other) {
            case (.number(let a), .number(let b)): left.append(.number(fold(a, b)))
            case (.term(let x), .number(let a)), (.number(let a), .term(let x)):
                left.append(.term(try withNumber(&self, x, a)))
            case (.term(let x), .term(let y)): left.append(.term(try pair(&self, x, y)))
            }
        }
        switch left[0] {
        case .term(let result): return result
        case .number(let value): return builder.scalar(value, .float32)
        }
    }
}
