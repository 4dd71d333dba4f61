import IR
import Testing

@Suite struct FoldConstantsTests {
    private let evaluator = SmallEvaluator()

    @Test func weightsBecomeAnInitializerAndLiteralsALiteral() throws {
        let graph = try model(
            """
            g (float[2] x) => (float[2] y) <float[2] w = {1, 2}, float[2] v = {3, 4}>
            {
              one = Constant <value = float[2] {1, 1}> ()
              a = Add (w, v)
              b = Add (a, one)
              c = Add (one, one)
              d = Mul (x, b)
              y = Mul (d, c)
            }
            """
        ).foldingConstants(with: evaluator)
        #expect(
            graph.nodeLines == [
                "d = Mul (x, b)", "[c] c = Constant <value: tensor = float[2] = {2.0, 2.0}> ()", "y = Mul (d, c)",
            ])
        #expect(graph.initializerNames == ["b"])
        let b = try #require(graph.value(named: "b"))
        #expect(try graph[b].constant?.tensor.doubles() == [5, 7])
        try graph.verify()
    }

    @Test func anOutputIsComputedUnderItsName() throws {
        let graph = try model("g () => (float[1] y) <float[1] w = {1}> { y = Add (w, w) }")
        let folded = try graph.foldingConstants(with: evaluator)
        #expect(folded.nodeLines == ["y = Identity (y_value)"])
        #expect(folded.initializerNames == ["y_value"])
        #expect(try folded.foldingConstants(with: evaluator) == folded)
    }

    @Test(arguments: [
        ("x = Add (w, v)", "operands that are no constants"),
        ("x = RandomUniformLike (w)", "random operators"),
        ("x = Add (m, m)", "data that is missing"),
        ("x = Exp (w)", "operators that the evaluator does not know"),
    ])
    func stays(_ node: String, _ why: String) throws {
        let graph = try model(
            """
            g (float[2] v) => (float[2] y) <float[2] w = {1, 2}, float[2] m = ["location": "none"]>
            { \(node) y = Neg (x) }
            """)
        #expect(try graph.foldingConstants(with: evaluator).nodes.count == 2, "\(why)")
    }

    @Test(arguments: [(0, 2), (1 << 20, 1)])
    func limitsHold(_ largest: Int, _ nodes: Int) throws {
        var limits = FoldingLimits()
        limits.smallResult = 0
        limits.largestResult = largest
        let graph = try model(
            "g (float[2] v) => (float[2] y) <float[2] w = {1, 2}, float[2] x> { x = Add (w, w) y = Add (v, x) }")
        #expect(try graph.foldingConstants(with: evaluator, limits: limits).nodes.count == nodes)
    }

    /// A sum of a row and a column is larger than both together.
    @Test func aResultMayBeOnlySoMuchLarger() throws {
        var limits = FoldingLimits()
        (limits.smallResult, limits.growth) = (0, 1)
        let graph = try model(
            """
            g (float[4,4] v) => (float[4,4] y) <float[4,1] w = {1, 2, 3, 4}, float[1,4] u = {1, 2, 3, 4}>
            { x = Add (w, u) y = Add (v, x) }
            """)
        #expect(try graph.foldingConstants(with: evaluator, limits: limits).nodes.count == 2)
    }

    @Test func aNodeThatCannotRunIsNamed() throws {
        let graph = try model(
            "g () => (float[2] y) <float[2] w = {1, 2}, float[1] v = {1}> { [\"bad one\"] x = Add (w, v) y = Neg (x) }")
        let error = try #require(throws: HarrierError.self) { try graph.foldingConstants(with: evaluator) }
        #expect(error.place == "node 'bad one' (Add)")
    }

    @Test func knownValuesBecomeLiterals() throws {
        var graph = try model(
            """
            g (float[2,3] x) => (float[6] y, int64[2] s)
            { [shape] s = Shape (x)  size = Size (x)  y = Reshape (x, size) }
            """)
        let size = try #require(graph.value(named: "size"))
        let shape = try #require(graph.value(named: "s"))
        graph[size].known = Tensor(int64: [6], shape: [])
        graph[shape].known = Tensor(int64: [2, 3])
        let folded = graph.foldingKnownValues()
        #expect(
            folded.nodeLines.sorted() == [
                "[shape] s = Identity (s_value)", "[shape] s_value = Constant <value: tensor = int64[2] = {2, 3}> ()",
                "[size] size = Constant <value: tensor = int64 = {6}> ()", "y = Reshape (x, size)",
            ])
        try folded.verify()
    }
}
