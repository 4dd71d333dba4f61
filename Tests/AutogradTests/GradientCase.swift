import Autograd
import Evaluate
import IR
import Testing

/// A node to differentiate, on numbers.
struct GradientCase: CustomTestStringConvertible, Sendable {
    /// An operand.
    enum Operand: Sendable {
        /// Numbers that the gradient is wanted of, between the bounds.
        case numbers([Int], ClosedRange<Double> = -2...2)
        /// Given numbers that the gradient is wanted of.
        case given([Double], [Int])
        /// A constant of the program.
        case constant(Tensor)
        /// Left out.
        case missing
    }

    var op: OperatorName
    var operands: [Operand]
    var attributes: [String: Attribute] = [:]
    var outputCount = 1
    /// Outputs that the loss depends on.
    var used: [Int] = [0]

    init(
        _ op: OperatorName, _ operands: [Operand], _ attributes: [String: Attribute] = [:], outputCount: Int = 1,
        used: [Int] = [0]
    ) {
        self.op = op
        self.operands = operands
        self.attributes = attributes
        self.outputCount = outputCount
        self.used = used
    }

    var testDescription: String {
        let operands = operands.map { operand in
            switch operand {
            case .numbers(let shape, let range): "\(shape)" + (range == -2...2 ? "" : " in \(range)")
            case .given(let values, _): "\(values)"
            case .constant(let tensor): "\((try? tensor.doubles()) ?? [])"
            case .missing: "-"
            }
        }
        let settings = attributes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return ([op.type] + operands + settings + ["\(used)"]).joined(separator: " ")
    }

    /// The values of the operands, by name.
    func values() -> [String: Tensor] {
        var generator = Numbers(seed: UInt64(operands.count) &+ 7)
        var result: [String: Tensor] = [:]
        for (index, operand) in operands.enumerated() {
            switch operand {
            case .numbers(let shape, let range):
                result["x\(index)"] = Tensor(
                    float64: (0..<shape.reduce(1, *)).map { _ in generator.next(in: range) }, shape: shape)
            case .given(let numbers, let shape): result["x\(index)"] = Tensor(float64: numbers, shape: shape)
            case .constant, .missing: continue
            }
        }
        return result
    }

    /// A graph of the node and a loss, a sum of products of all its results with fixed numbers.
    func forward() throws -> (builder: GraphBuilder, sources: [GraphBuilder.Term], loss: GraphBuilder.Term) {
        let builder = GraphBuilder(evaluator: Interpreter())
        let values = values()
        var sources: [GraphBuilder.Term] = []
        let terms = try operands.enumerated().map { index, operand -> GraphBuilder.Term? in
            switch operand {
            case .constant(let tensor): return builder.literal(tensor)
            case .missing: return nil
            case .numbers, .given:
                let source = try builder.input("x\(index)", #require(values["x\(index)"]).type)
                sources.append(source)
                return source
            }
        }
        let outputs = try builder.apply(op, terms, attributes, outputCount: outputCount)
        var generator = Numbers(seed: 3)
        let losses = try used.map { index -> GraphBuilder.Term in
            let lengths = try outputs[index].lengths
            let weights = (0..<lengths.reduce(1, *)).map { _ in generator.next(in: -1...1) }
            let products = try outputs[index] * builder.literal(Tensor(float64: weights, shape: lengths))
            return try builder.apply("ReduceSum", [products], ["keepdims": .int(0)])
        }
        return (builder, sources, try losses.dropFirst().reduce(losses[0]) { try $0 + $1 })
    }
}

/// Numbers that look random and are the same every time (Knuth's linear congruential generator).
struct Numbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next(in range: ClosedRange<Double>) -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let unit = Double(state >> 11) / 0x1p53
        return range.lowerBound + unit * (range.upperBound - range.lowerBound)
    }
}
