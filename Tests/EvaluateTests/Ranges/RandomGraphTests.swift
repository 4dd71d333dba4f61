import Evaluate
import IR
import Testing

@Suite("Intervals of random graphs")
struct RandomGraphTests {
    /// Pieces of graphs from values `$a` and `$b` of shape [2,3,4] to a value `$r` of that shape. `$n` is a number of its own.
    private static let pieces = [
        "$r = Add ($a, $b)", "$r = Sub ($a, $b)", "$r = Mul ($a, $b)", "$r = Mul ($a, $a)", "$r = Max ($a, $b)",
        "$r = Min ($a, $b)", "$r = Relu ($a)", "$r = Sigmoid ($a)", "$r = Tanh ($a)", "$r = Neg ($a)", "$r = Abs ($a)",
        "$r = Gelu ($a)", "$r = HardSwish ($a)", "$r = Mish ($a)", "$r = Softplus ($a)", "$r = Elu ($a)",
        "$r = Erf ($a)",
        "$r = Celu <alpha: float = 0.7> ($a)", "$r = Selu ($a)", "$r = Softsign ($a)", "$r = PRelu ($a, $b)",
        "$r = Shrink <bias: float = 0.3> ($a)", "$r = ThresholdedRelu ($a)", "$r = Softmax <axis: int = 1> ($a)",
        "$r = HardSigmoid <alpha: float = -0.3> ($a)", "$r = MatMul ($a, w)",
        "$r = LayerNormalization ($a, scale, bias)",
        "$r = BatchNormalization ($a, factor, shift, shift, spread)", "t$n = Sigmoid ($b) $r = Div ($a, t$n)",
        "t$n = Abs ($a) $r = Sqrt (t$n)", "t$n = Tanh ($a) $r = Exp (t$n)",
        "d$n = Sub ($b, $a) p$n = Relu (d$n) $r = Add (p$n, $a)",
        "d$n = Sub ($a, $b) p$n = Relu (d$n) $r = Sub ($a, p$n)",
        "m$n = ReduceMax ($a, last) $r = Sub ($a, m$n)", "m$n = ReduceMean ($a, last) $r = Sub ($a, m$n)",
        "m$n = ReduceL2 ($a, last) $r = Div ($a, m$n)", "m$n = ReduceProd ($a, last) $r = Add ($a, m$n)",
        "m$n = ReduceLogSumExp ($a, last) $r = Sub ($a, m$n)", "m$n = ReduceSum ($a, last) $r = Mul ($b, m$n)",
        "t$n = Transpose <perm: ints = [0, 2, 1]> ($b) p$n = MatMul ($a, t$n) $r = MatMul (p$n, $a)",
        "t$n = Sin ($a) $r = Reciprocal (t$n)", "$r = CumSum ($a, zero)", "$r = Where (mask, $a, $b)",
        "m$n = ReduceMax ($a, last) d$n = Sub ($a, m$n) e$n = Exp (d$n) s$n = ReduceSum (e$n, last) $r = Div (e$n, s$n)",
        "$r = Einsum <equation: string = \"bij,bkj->bij\"> ($a, $b)", "$r = Swish <alpha: float = 1.7> ($a)",
        "t$n = Relu ($a) $r = Pow (t$n, half)", "$r = Pow ($a, cube)", "$r = Round ($a)",
        "$r = Mod <fmod: int = 1> ($a, $b)",
    ]

    private func graph(_ source: inout NumberSource) throws -> Graph {
        func pick(_ count: Int) -> Int { Int(source.unit() * Double(count)) }
        func numbers(_ count: Int, _ low: Double, _ high: Double) -> String {
            (0..<count).map { _ in "\(Float(low + source.unit() * (high - low)))" }.joined(separator: ", ")
        }
        var text = """
            <ir_version: 10, opset_import: ["": 24]>
            g (float[2,3,4] v0, float[2,3,4] v1) => (float[2,3,4] v9)
            <float[4,4] w = {\(numbers(16, -1, 1))}, float[4] scale = {\(numbers(4, -2, 2))}, float[4] bias = {\(numbers(4, -1, 1))},
             float[3] factor = {\(numbers(3, -2, 2))}, float[3] shift = {\(numbers(3, -1, 1))}, float[3] spread = {\(numbers(3, 0.5, 2))},
             int64[1] last = {2}, int64 zero = {1}, float half = {0.5}, float cube = {3}, bool[4] mask = {1, 0, 0, 1}>
            {

            """
        for value in 2...9 {
            text +=
                Self.pieces[pick(Self.pieces.count)].replacing("$a", with: "v\(pick(value))")
                .replacing("$b", with: "v\(pick(value))").replacing("$r", with: "v\(value)")
                .replacing("$n", with: "\(value)") + "\n"
        }
        var graph = try ONNXText.parseModel(text + "}")
        try graph.inferTypes(evaluator: Interpreter())
        // Every value is looked at.
        graph.outputs = graph.nodes.flatMap(\.outputs).compactMap { $0 }
        return graph
    }

    @Test("no element lies outside of its interval")
    func soundness() throws {
        var source = NumberSource(name: "random graphs", seed: 7)
        var (values, bounded) = (0, 0)
        for _ in 0..<600 {
            let graph = try graph(&source)
            var ranges = RangeAssumptions()
            for name in ["v0", "v1"] {
                let low = (source.unit() - 0.6) * 4
                ranges.named[name] = Interval(low, low + source.unit() * 4)
            }
            let analysis = RangeAnalysis(graph, knowledge: RangeKnowledge(ranges))
            values += graph.outputs.count
            bounded += graph.outputs.count { analysis.interval(of: $0).isBounded }
            for sample in 0..<4 {
                let inputs = try ranges.named.mapValues { range in
                    let numbers = (0..<24).map { _ in
                        // The last sample lies at the ends, where bounds are reached.
                        range.low + (sample == 3 ? source.unit().rounded() : source.unit()) * (range.high - range.low)
                    }
                    return try NumericArray(numbers, shape: [2, 3, 4], elementType: .float32)
                }
                if let escape = try RangeCheck.escape(of: graph, inputs: inputs, assumptions: ranges) {
                    Issue.record("\(escape) in\n\(ONNXText.print(graph))")
                    return
                }
            }
        }
        print("\(values) values of random graphs, \(bounded) of them bounded on both sides")
        #expect(bounded * 2 > values)
    }
}
