import Evaluate
import IR
import Testing

/// Types through the bodies of If, Loop and Scan.
@Suite struct OperatorControlTests {
    /// The type of the output `y` of a graph written as text.
    private static func type(of text: String) throws -> String? {
        var graph = try ONNXText.parseModel("<ir_version: 10, opset_import: [\"\" : 21]>\n" + text)
        try graph.inferTypes(evaluator: Interpreter())
        return graph.value(named: "y").flatMap { graph[$0].type?.description }
    }

    @Test func branchesThatDifferLeaveLengthsOpen() throws {
        let text = """
            g (bool c, float[2,3] x) => (float y0) {
                y = If (c) <
                    then_branch = a () => (float[2,3] p) { p = Relu(x) },
                    else_branch = b () => (float[2,6] q) { q = Concat <axis = 1> (x, x) }>
                y0 = ReduceSum <keepdims = 0> (y)
            }
            """
        #expect(try Self.type(of: text) == "float[2,?]")
    }

    @Test(arguments: [(1, "float[2,3]"), (0, "float[2,6]")])
    func aKnownConditionChoosesTheBranch(condition: Int, expected: String) throws {
        let text = """
            g (float[2,3] x) => (float y0)
            <int64[1] n = {\(condition)}, int64[1] zero = {0}>
            {
                c = Greater (n, zero)
                y = If (c) <
                    then_branch = a () => (p) { p = Relu(x) },
                    else_branch = b () => (q) { q = Concat <axis = 1> (x, x) }>
                y0 = ReduceSum <keepdims = 0> (y)
            }
            """
        #expect(try Self.type(of: text) == expected)
    }

    /// A branch that cannot run: it adds tensors of shapes that do not fit.
    private static func choice(_ condition: String, other: String = "p = Relu(x)") -> String {
        """
        g (bool open, float[2,3] x, float[4,5] z) => (float y0)
        <int64[1] n = {1}, int64[1] zero = {0}>
        {
            \(condition)
            y = If (c) <
                then_branch = a () => (p) { \(other) },
                else_branch = b () => (q) { q = Add (x, z) }>
            y0 = ReduceSum <keepdims = 0> (y)
        }
        """
    }

    @Test func aBranchThatIsRuledOutRaisesNoErrors() throws {
        #expect(try Self.type(of: Self.choice("c = Greater (n, zero)")) == "float[2,3]")
    }

    @Test func aBranchThatRunsRaisesItsErrors() throws {
        #expect(throws: HarrierError.self) { _ = try Self.type(of: Self.choice("c = Less (n, zero)")) }
        let neither = Self.choice("c = Identity (open)", other: "p = Add (z, x)")
        #expect(throws: HarrierError.self) { _ = try Self.type(of: neither) }
    }

    /// Which branch is taken is not known, but the other one cannot be.
    @Test func aBranchThatCannotRunIsNotTaken() throws {
        #expect(try Self.type(of: Self.choice("c = Identity (open)")) == "float[2,3]")
    }

    /// A loop that carries `x` of shape [2,3] round; its body is an expression of `i` (the round) and `v` (what it carries).
    private static func loop(_ body: String, output: String) -> String {
        """
        g (int64 n, bool c, float[2,3] x) => (float y0) {
            \(output) = Loop (n, c, x) <
                body = b (int64 i, bool go, v) => (go_on, w, s) {
                    go_on = Identity (go)
                    w = \(body)
                    s = ReduceSum <keepdims = 0> (w)
                }>
            y0 = ReduceSum <keepdims = 0> (y)
        }
        """
    }

    @Test(
        arguments: [
            ("Relu (v)", "float[2,3]"),
            ("Concat <axis = 1> (v, x)", "float[2,?]"),
            ("Concat <axis = 1> (v, v)", "float[2,?]"),
            ("Unsqueeze (v, i)", "float[]"),
            ("Shape (v)", nil),
        ] as [(String, String?)])
    func whatALoopCarriesIsJoinedOverTheRounds(body: String, expected: String?) throws {
        #expect(try Self.type(of: Self.loop(body, output: "y, scanned")) == expected)
    }

    @Test func whatALoopCollectsGetsAnAxis() throws {
        #expect(try Self.type(of: Self.loop("Relu (v)", output: "last, y")) == "float[?]")
    }

    @Test func scansTakeAxesApartAndPutThemTogether() throws {
        let text = """
            g (float[4] state, float[7,5,4] x) => (float y0) {
                last, y = Scan <num_scan_inputs = 1, scan_input_axes = [1], scan_output_axes = [-1],
                    body = b (s, e) => (t, o) {
                        o = Add (s, e)
                        t = ReduceSum <keepdims = 0> (o)
                    }> (state, x)
                y0 = ReduceSum <keepdims = 0> (y)
            }
            """
        // The state becomes a scalar after the first round, so its rank is open, and that of the sum with it.
        #expect(try Self.type(of: text) == "float[]")
        let steady = text.replacing("t = ReduceSum <keepdims = 0> (o)", with: "t = Relu (s)")
        #expect(try Self.type(of: steady) == "float[7,4,5]")
    }

    @Test func bodiesOfTheWrongShapeAreErrors() throws {
        let text = """
            g (int64 n, bool c, float[2] x) => (float y) {
                y = Loop (n, c, x) <body = b (int64 i, bool go) => (go_on) { go_on = Identity (go) }>
            }
            """
        #expect(throws: HarrierError.self) { _ = try Self.type(of: text) }
    }
}
