import Evaluate
import IR
import Pricing
import Testing

@testable import Rewrite

/// Graphs whose fixed-point scales do not work out are refused, with the reason.
@Suite struct ScaleAnalysisTests {
    private func analysis(_ text: String) throws -> ScaleAnalysis {
        var graph = try ONNXText.parseModel("<ir_version: 10, opset_import: [\"\" : 21]>\n" + text)
        try graph.inferTypes(evaluator: Interpreter())
        return try .whole(graph, visibility: graph.visibility(under: VisibilityPolicy()), settings: .usual)
    }

    @Test(arguments: [
        ("s = Add (p, x)\n t = ai.harrier.Truncate (s)\n y = Neg (t)", "'p' is at the scale 2f and 'x' at f"),
        ("y = Sigmoid (p)", "takes ordinary numbers, and 'p' is at the scale 2f"),
        ("y = Neg (p)", "the output 'y' would leave at the scale 2f"),
        ("t = ai.harrier.Truncate (x)\n y = Neg (t)", "it would truncate 'x' from the scale f to 0f"),
        (
            "s = ai.harrier.ScaleUp <factors: int = 3> (p)\n y = ai.harrier.Truncate <factors: int = 4> (s)",
            "may leave the ring of 64 bits"
        ),
        (
            "q = ai.harrier.Mul (p, p)\n y = ai.harrier.Truncate <factors: int = 3> (q)",
            "may leave the ring"
        ),
    ])
    func unsoundGraphsAreRefused(nodes: String, reason: String) throws {
        let text = "m (float[2,3] x, float[2,3] w) => (float[2,3] y) {\n p = ai.harrier.Mul (x, w)\n \(nodes)\n}"
        let error = #expect(throws: HarrierError.self) { try analysis(text) }
        #expect("\(error.map { "\($0)" } ?? "")".contains(reason), "\(error.map { "\($0)" } ?? "nothing")")
    }

    @Test func soundGraphsAreNot() throws {
        _ = try analysis(
            """
            m (float[2,3] x, float[2,3] w) => (float[2,3] y) {
              p = ai.harrier.Mul (x, w)
              u = ai.harrier.ScaleUp (x)
              s = Add (p, u)
              r = Relu (s)
              y = ai.harrier.Truncate <nonnegative: int = 1> (r)
            }
            """)
    }
}
