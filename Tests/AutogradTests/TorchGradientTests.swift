import Autograd
import Evaluate
import Foundation
import IR
import TestSupport
import Testing

/// The table of gradients against PyTorch's autograd. Its answers are a fixture, which Tests/Oracles/torch_gradients.py makes from
/// the cases; the environment variable HARRIER_GRADIENT_CASES names a file that this suite writes the cases to.
@Suite struct TorchGradientTests {
    private static let cases = GradientCases.all + GradientCases.kinks

    /// Cases that PyTorch has no answer to, by operator, and why.
    private static let withoutAnswer: Set<OperatorName> = ["Dropout"]

    @Test func gradientsArePyTorchs() throws {
        if let path = ProcessInfo.processInfo.environment["HARRIER_GRADIENT_CASES"] {
            let cases = Self.cases.map(\.json)
            try JSONSerialization.data(withJSONObject: cases, options: [.sortedKeys]).write(to: URL(filePath: path))
        }
        let data = try Data(contentsOf: URL(filePath: Fixtures.path("training/gradients.json")))
        let answers = try JSONDecoder().decode([String: [[Double]]].self, from: data)
        var worst: [OperatorName: Double] = [:]
        for gradientCase in Self.cases where !Self.withoutAnswer.contains(gradientCase.op) {
            let answer = try #require(answers[gradientCase.testDescription], "\(gradientCase) has no answer")
            let error = try relativeError(of: gradientCase, answer)
            #expect(error < 1e-9, "\(gradientCase): off by \(error)")
            worst[gradientCase.op] = max(worst[gradientCase.op] ?? 0, error)
        }
        print("largest relative error against PyTorch, by operator:")
        for (op, error) in worst.sorted(by: { $0.key < $1.key }) { print("  \(op): \(error)") }
    }

    /// The largest difference of an element, relative to the largest element of its gradient.
    private func relativeError(of gradientCase: GradientCase, _ answer: [[Double]]) throws -> Double {
        let (builder, sources, loss) = try gradientCase.forward()
        let gradients = try Backpropagation.gradients(of: loss, withRespectTo: sources, in: builder)
        let graph = builder.graph(outputs: gradients.compactMap { $0 })
        let results = try Interpreter().run(graph, inputs: gradientCase.values())
        var worst = 0.0
        #expect(answer.count == sources.count)
        for (expected, gradient) in zip(answer, gradients) {
            let found = try gradient.map { try #require(results[$0.value.name]).doubles() } ?? expected.map { _ in 0 }
            #expect(found.count == expected.count)
            let scale = max(expected.map(abs).max() ?? 0, 1e-12)
            worst = max(worst, zip(found, expected).map { abs($0 - $1) / scale }.max() ?? 0)
        }
        return worst
    }
}

extension GradientCase {
    /// The case as the script reads it.
    fileprivate var json: [String: Any] {
        [
            "name": testDescription, "op": op.type, "used": used,
            "attributes": attributes.mapValues { attribute -> Any in
                switch attribute {
                case .int(let value): value
                case .float(let value): Double(value)
                case .string(let text): text
                case .ints(let values): values
                default: "unsupported"
                }
            },
            "operands": operands.map { operand -> Any in
                switch operand {
                case .numbers(let shape, let range): ["shape": shape, "range": [range.lowerBound, range.upperBound]]
                case .given(let values, let shape): ["shape": shape, "values": values]
                case .missing: NSNull()
                case .constant(let tensor):
                    [
                        "shape": tensor.shape, "type": tensor.elementType.onnxName,
                        "constant": (try? tensor.doubles()) ?? [],
                    ]
                }
            },
        ]
    }
}
