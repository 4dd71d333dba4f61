import Autograd
import Evaluate
import IR
import Testing

/// Nodes with operands and attributes that nobody would write are differentiated or refused; nothing ends the process.
@Suite struct HostilityTests {
    @Test func gradientsSurviveAnything() throws {
        var numbers = Numbers(seed: 99)
        var (differentiated, refused) = (0, 0)
        for gradientCase in GradientCases.all + GradientCases.recurrences {
            for _ in 0..<20 {
                do {
                    let builder = try Self.differentiate(Self.spoiled(gradientCase, &numbers))
                    try builder.graph.verify()
                    differentiated += 1
                } catch is HarrierError {
                    refused += 1
                }
            }
        }
        print("\(differentiated) spoiled nodes differentiated, \(refused) refused")
        #expect(differentiated > 0 && refused > 0)
    }

    /// The case with one thing or other changed.
    private static func spoiled(_ gradientCase: GradientCase, _ numbers: inout Numbers) -> GradientCase {
        func pick<Element>(_ choices: [Element]) -> Element {
            choices[min(choices.count - 1, Int(numbers.next(in: 0...Double(choices.count))))]
        }
        var result = gradientCase
        for index in result.operands.indices where pick([true, false, false]) {
            switch result.operands[index] {
            case .numbers(var shape, let range):
                let place = pick(Array(0...shape.count))
                shape.replaceSubrange(
                    place..<min(shape.count, place + pick([0, 1])), with: pick([[], [0], [1], [2], [5]]))
                result.operands[index] = .numbers(shape, range)
            case .constant(let tensor) where tensor.elementType == .int64 && tensor.elementCount > 0:
                guard var values = try? tensor.integers() else { continue }
                values[pick(Array(values.indices))] = pick([-1, 0, 1, 7, -9, .max, .min])
                result.operands[index] = .constant(Tensor(int64: values, shape: tensor.shape))
            default: result.operands[index] = .missing
            }
        }
        for (name, attribute) in gradientCase.attributes.sorted(by: { $0.key < $1.key })
        where pick([true, false, false]) {
            if case .int = attribute { result.attributes[name] = .int(pick([-1, 0, 1, 3, .max, .min])) }
            if case .ints(var values) = attribute, !values.isEmpty {
                values[pick(Array(values.indices))] = pick([-1, 0, 1, 3, 1 << 40])
                result.attributes[name] = .ints(values)
            }
        }
        return result
    }

    private static func differentiate(_ gradientCase: GradientCase) throws -> GraphBuilder {
        let builder = GraphBuilder(evaluator: Interpreter())
        var sources: [GraphBuilder.Term] = []
        let terms = try gradientCase.operands.enumerated().map { index, operand -> GraphBuilder.Term? in
            switch operand {
            case .constant(let tensor): return builder.literal(tensor)
            case .missing: return nil
            case .numbers(let shape, _), .given(_, let shape):
                sources.append(try builder.input("x\(index)", TensorType(.float64, lengths: shape)))
                return sources.last
            }
        }
        let outputs = try builder.apply(
            gradientCase.op, terms, gradientCase.attributes, outputCount: gradientCase.outputCount)
        let losses = try gradientCase.used.map {
            try builder.apply("ReduceSum", [outputs[$0].squared()], ["keepdims": .int(0)])
        }
        let loss = try losses.dropFirst().reduce(losses[0]) { try $0 + $1 }
        _ = try Backpropagation.gradients(of: loss, withRespectTo: sources, in: builder)
        return builder
    }
}
