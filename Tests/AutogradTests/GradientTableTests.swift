import Autograd
import Evaluate
import IR
import Testing

/// Every row of the table of gradients, against finite differences in 64 bits.
@Suite struct GradientTableTests {
    private static let cases = GradientCases.all + GradientCases.recurrences

    @Test func everyDifferentiableOperatorIsTested() {
        #expect(Backpropagation.operators.subtracting(Self.cases.map(\.op)).isEmpty)
    }

    @Test(arguments: cases)
    func gradientsAreFiniteDifferences(_ gradientCase: GradientCase) throws {
        let (builder, sources, loss) = try gradientCase.forward()
        let plain = builder.graph(outputs: [loss])
        let gradients = try Backpropagation.gradients(of: loss, withRespectTo: sources, in: builder)
        let graph = builder.graph(outputs: [loss] + gradients.compactMap { $0 })
        try graph.verify()
        let inputs = gradientCase.values()
        let interpreter = Interpreter()
        func run(_ graph: Graph, _ inputs: [String: Tensor]) throws -> [[Double]] {
            let outputs = try interpreter.run(graph, inputs: inputs)
            return try graph.outputs.map { try #require(outputs[graph[$0].name]).doubles() }
        }
        let results = try run(graph, inputs)
        // The graph computes what it computed.
        let before = try run(plain, inputs)[0][0]
        #expect(abs(results[0][0] - before) <= 1e-12 * max(1, abs(before)))
        var worst = 0.0
        var position = 1
        for (source, gradient) in zip(sources, gradients) {
            #expect(gradient?.type == nil || gradient?.type == source.type)
            let found = gradient == nil ? [] : results[position]
            if gradient != nil { position += 1 }
            let name = source.value.name
            var numbers = try #require(inputs[name]).doubles()
            for index in numbers.indices {
                let (original, step) = (numbers[index], 1e-5)
                func loss(_ value: Double) throws -> Double {
                    numbers[index] = value
                    var changed = inputs
                    changed[name] = Tensor(float64: numbers, shape: try source.lengths)
                    return try run(plain, changed)[0][0]
                }
                let difference = (try loss(original + step) - loss(original - step)) / (2 * step)
                numbers[index] = original
                let own = gradient == nil ? 0 : found[index]
                worst = max(worst, abs(own - difference) / max(1, abs(difference)))
            }
        }
        #expect(worst < 1e-7, "off by \(worst)")
    }
}
