import Evaluate
import IR
import Testing

@Suite("Intervals of values")
struct RangeTests {
    private func graph(_ text: String) throws -> Graph {
        var graph = try ONNXText.parseModel("<ir_version: 10, opset_import: [\"\": 21]>\n" + text)
        try graph.inferTypes(evaluator: Interpreter())
        return graph
    }

    private func interval(_ text: String, _ named: [String: Interval] = [:]) throws -> Interval {
        let graph = try graph(text)
        let analysis = RangeAnalysis(graph, knowledge: RangeKnowledge(RangeAssumptions(named: named)))
        return analysis.interval(of: try #require(graph.outputs.first))
    }

    /// A body over inputs `x` in [-1, 2] and `y` in [0, 3], the exact interval of its result, and how much wider the found one
    /// may be.
    struct Case: CustomTestStringConvertible {
        let body: String
        let low: Double
        let high: Double
        let slack: Double

        init(_ body: String, _ low: Double, _ high: Double, slack: Double = 0) {
            (self.body, self.low, self.high, self.slack) = (body, low, high, slack)
        }

        var testDescription: String { body }
    }

    @Test(
        "operators",
        arguments: [
            Case("r = Add (x, y)", -1, 5),
            Case("r = Sub (x, y)", -4, 2),
            Case("r = Mul (x, y)", -3, 6),
            Case("r = Mul (x, x)", 0, 4),
            Case("t = Constant <value_float: float = 2.0> () r = Pow (x, t)", 0, 4),
            Case("t = Constant <value_float: float = 3.0> () r = Pow (x, t)", -1, 8, slack: 1e-14),
            Case("r = Abs (x)", 0, 2),
            Case("r = Relu (x)", 0, 2),
            Case("r = Sigmoid (y)", 0.5, 0.9525741268224334, slack: 1e-15),
            Case("r = Exp (y)", 1, 20.085536923187668, slack: 1e-13),
            Case("t = Neg (y) r = Exp (t)", 0.049787068367863944, 1, slack: 1e-15),
            Case("r = Gelu (x)", -0.16997121, 1.9544997361036416, slack: 1e-14),
            Case("r = Sqrt (y)", 0, 1.7320508075688772, slack: 1e-15),
            Case("r = Softmax (x)", 0, 1),
            Case("r = LeakyRelu <alpha: float = 0.5> (x)", -0.5, 2),
            Case("l = Constant <value_float: float = 0.5> () r = Clip (x, l)", 0.5, 2),
            Case("r = Concat <axis: int = 0> (x, y)", -1, 3),
            Case("a = Constant <value_ints: ints = [1]> () r = ReduceSum (x, a)", -4, 8),
            Case("a = Constant <value_ints: ints = [1]> () r = ReduceMean (x, a)", -1, 2),
            Case("r = Div (x, y)", -.infinity, .infinity),
            Case("r = Reciprocal (y)", 1.0 / 3, .infinity, slack: 1e-16),
        ])
    func operators(test: Case) throws {
        let found = try interval(
            "g (float[2,4] x, float[2,4] y) => (float[] r) { \(test.body) }",
            ["x": Interval(-1, 2), "y": Interval(0, 3)])
        #expect(found.low <= test.low && found.low >= test.low - test.slack, "\(found)")
        #expect(found.high >= test.high && found.high <= test.high + test.slack, "\(found)")
    }

    @Test(
        "operands that depend on each other",
        arguments: [
            Case("d = Sub (y, x) p = Relu (d) r = Add (x, p)", 0, 3),
            Case("n = Neg (x) d = Add (n, y) p = Relu (d) r = Add (p, x)", 0, 3),
            Case("d = Sub (x, y) p = Relu (d) r = Sub (x, p)", -1, 2),
            Case("r = Sub (x, x)", 0, 0),
            Case("\(axis) m = ReduceMax (x, a) r = Sub (x, m)", -3, 0),
            Case("\(axis) m = ReduceMax (x, a) r = Sub (m, x)", 0, 3),
            Case("\(axis) m = ReduceMax (x, a) d = Sub (x, m) e = Exp (d) r = ReduceSum (e, a)", 1, 4, slack: 1e-14),
            Case(
                "\(axis) m = ReduceMax (x, a) d = Sub (x, m) e = Exp (d) s = ReduceSum (e, a) r = Div (e, s)",
                0.0124468, 1, slack: 1e-6),
            Case(
                "\(axis) e = Exp (x) s = ReduceSum (e, a) i = Reciprocal (s) r = Mul (i, e)", 0.0124468, 1, slack: 1e-6),
            Case("s = Sigmoid (x) r = Mul (x, s)", -0.26894142, 2 / (1 + 0.1353352832366127), slack: 1e-8),
            Case(
                "\(axis) q = Mul (x, x) n = ReduceMean (q, a) c = Constant <value_float: float = 0.00001> () "
                    + "v = Add (n, c) s = Sqrt (v) r = Div (x, s)", -2, 2, slack: 1e-15),
            Case(
                "q = Constant <value_float: float = 1.4142135> () o = Constant <value_float: float = 1.0> () "
                    + "d = Div (x, q) e = Erf (d) f = Add (e, o) r = Mul (x, f)", -0.33994242, 3.90899947, slack: 1e-7),
        ])
    func relations(test: Case) throws { try operators(test: test) }

    @Test("a tree of pairwise maxima is known to be the maximum", arguments: [4, 5])
    func maximumTree(last: Int) throws {
        func slice(_ name: String, _ from: String, _ start: Int, _ end: Int) -> String {
            "s\(name) = Constant <value_ints: ints = [\(start)]> () e\(name) = Constant <value_ints: ints = [\(end)]> () "
                + "\(name) = Slice (\(from), s\(name), e\(name), a) "
        }
        func larger(_ name: String, _ one: String, _ two: String) -> String {
            "d\(name) = Sub (\(two), \(one)) p\(name) = Relu (d\(name)) \(name) = Add (\(one), p\(name)) "
        }
        // Without the last element it is the maximum of the other four only.
        let body =
            Self.axis + slice("l", "x", 0, 2) + slice("h", "x", 2, 4) + larger("m", "l", "h")
            + slice("r", "x", last - 1, last)
            + "c = Concat <axis: int = 1> (m, r) " + slice("u", "c", 0, 1) + slice("v", "c", 1, 2)
            + larger("n", "u", "v")
            + slice("w", "c", 2, 3) + larger("t", "n", "w") + "y = Sub (x, t) z = Exp (y) q = ReduceSum (z, a)"
        let graph = try graph("g (float[2,5] x) => (float[2,5] y, float[2,1] q) { \(body) }")
        let analysis = RangeAnalysis(graph, knowledge: RangeKnowledge(RangeAssumptions(inputs: Interval(-1, 2))))
        #expect(analysis.interval(of: graph.outputs[0]) == Interval(-3, last == 5 ? 0 : 3))
        #expect((analysis.interval(of: graph.outputs[1]).low >= 1) == (last == 5))
    }

    private static let axis = "a = Constant <value_ints: ints = [1]> ()"

    @Test("normalizations are bounded whatever they are given")
    func normalizations() throws {
        let found = try interval(
            """
            g (float[2,5] x) => (float[2,5] r)
            <float[5] scale = {1, -2, 1, 1, 1}, float[5] bias = {0, 1, 0, 0, 0}>
            { r = LayerNormalization (x, scale, bias) }
            """)
        #expect(found.low >= -3.0000001 && found.low <= -3)
        #expect(found.high >= 5 && found.high <= 5.0000001)
    }

    @Test("weights with data bound products by the sums of their rows")
    func weights() throws {
        let product = try interval(
            """
            g (float[2,3] x) => (float[2,2] r) <float[3,2] w = {1, -1, 2, 0, -3, 1}>
            { r = MatMul (x, w) }
            """, ["x": Interval(-1, 2)])
        // Columns (1, 2, -3) and (-1, 0, 1).
        #expect(product.contains(Interval(-9, 9)) && Interval(-9.000001, 9.000001).contains(product))
        let convolution = try interval(
            """
            g (float[1,1,4,4] x) => (float[1,1,4,4] r) <float[1,1,1,3] w = {1, 2, 3}, float[1] b = {10}>
            { r = Conv <pads: ints = [0, 1, 0, 1]> (x, w, b) }
            """, ["x": Interval(1, 2)])
        #expect(convolution.contains(Interval(10, 22)) && Interval(9.999999, 22.000001).contains(convolution))
        let unknown = try interval(
            """
            g (float[2,3] x) => (float[2,2] r) <float[3,2] w = ["location": "weights"]>
            { r = MatMul (x, w) }
            """, ["x": Interval(-1, 2)])
        #expect(unknown == .everything)
    }

    @Test("integers that could wrap around say nothing beyond their type")
    func integers() throws {
        let small = try interval(
            "g (uint8[2] i) => (float[2] r) { f = Cast <to: int = 1> (i) r = Relu (f) }")
        #expect(small == Interval(0, 255))
        let wrapped = try interval("g (int8[2] i) => (float[2] r) { s = Add (i, i) r = Cast <to: int = 1> (s) }")
        #expect(wrapped == Interval(-128, 127))
    }

    @Test("a value in the middle can have a range, too, which the ones after it build on")
    func assumed() throws {
        let text = "g (float[2] x) => (float[2] r) { y = Exp (x) r = Neg (y) }"
        #expect(try interval(text).high == 0)
        #expect(try interval(text, ["y": Interval(-5, 2)]) == Interval(-2, 0))
    }

    @Test("what is said must fit the graph")
    func check() throws {
        let graph = try graph(
            "g (float[2] x, int64[1] i) => (float[2] r) <float[2] w = {1, 5}> { y = Gather (x, i) r = Add (y, w) }")
        func error(_ name: String, _ range: Interval) -> String? {
            do {
                try RangeAssumptions(named: [name: range]).check(against: graph)
                return nil
            } catch { return "\(error)" }
        }
        #expect(error("x", Interval(0, 1)) == nil)
        #expect(error("w", Interval(0, 6)) == nil)
        #expect(error("w", Interval(0, 4))?.contains("beyond the range") == true)
        #expect(error("i", Interval(0, 1))?.contains("int64") == true)
        #expect(error("q", Interval(0, 1))?.contains("no value of this name") == true)
    }

    @Test("20,000 nodes one behind the other do not exhaust the stack")
    func depth() throws {
        var text = "g (float[4,8] x) => (float[4,8] v20000) {\n v0 = Relu (x)\n"
        for index in 0..<20_000 {
            let operators = [
                "Sigmoid (v\(index))", "Add (v\(index), v0)", "Mul (v\(index), v\(index))", "Neg (v\(index))",
            ]
            text += " v\(index + 1) = \(operators[index % operators.count])\n"
        }
        let graph = try graph(text + "}")
        let analysis = RangeAnalysis(graph, knowledge: RangeKnowledge(RangeAssumptions(inputs: Interval(0, 1))))
        let output = try #require(graph.outputs.first)
        #expect(analysis.interval(of: output).isBounded)
    }
}
