import Evaluate
import IR
import Testing

@Suite("Graphs at a framework's precision")
struct FixedPointTests {
    private func graph(_ body: String, _ parameters: String = "") throws -> Graph {
        var graph = try ONNXText.parseModel(
            """
            <ir_version: 10, opset_import: ["": 21]>
            g (float[8,16] x, float[8,16] y) => (float[8,16] r) \(parameters) { \(body) }
            """)
        for index in graph.nodes.indices { graph.nodes[index].name = "node\(index)" }
        try graph.inferTypes(evaluator: Interpreter())
        return graph
    }

    private func error(_ body: String, _ format: FixedPointFormat) throws -> Double {
        let graph = try graph(body)
        return try FixedPointComparison.compare(graph, graph, in: SimulatedFramework(format)).before.maxError
    }

    @Test("the error is what encoding and cutting off make it", arguments: [8, 12, 16])
    func errors(bits: Int) throws {
        for truncation in [FixedPointFormat.Truncation.floor, .probabilistic] {
            let format = FixedPointFormat(ringBits: 64, fractionBits: bits, truncation: truncation)
            let unit = format.resolution
            // Encoding is off by half a unit.
            let encoded = try error("r = Relu (x)", format)
            #expect(encoded > unit / 4 && encoded <= unit / 2)
            // Two factors of at most √3 are off by half a unit each, and the product is cut off by one more.
            let product = try error("r = Mul (x, y)", format)
            #expect(product > unit / 2 && product <= unit * (1 + 3.0.squareRoot()) + unit * unit)
        }
    }

    @Test("cut off numbers are too small on the average, and right if that is left to chance")
    func bias() throws {
        func mean(_ truncation: FixedPointFormat.Truncation) throws -> Double {
            let sum = """
                h = Constant <value_float: float = 0.25> () p = Mul (x, h) s = ReduceSum (p)
                e = Expand (s, shape) r = Add (e, y)
                """
            let graph = try graph(sum, "<int64[2] shape = {8, 16}>")
            let format = FixedPointFormat(ringBits: 64, fractionBits: 2, truncation: truncation)
            return try FixedPointComparison.compare(graph, graph, in: SimulatedFramework(format)).before.maxError
        }
        // 128 products of four fraction bits lose two of them, 3/32 on the average.
        #expect(try mean(.floor) > 8)
        #expect(try mean(.probabilistic) < 8)
    }

    @Test("the comparison tells a form that loses digits from one that does not")
    func comparison() throws {
        let losing = try graph(
            """
            s = Constant <value_float: float = 0.0001> () t = Constant <value_float: float = 10000.0> ()
            a = Mul (x, s) b = Add (a, y) c = Sub (b, y) r = Mul (c, t)
            """)
        let direct = try graph("z = Sub (y, y) r = Add (x, z)")
        let format = FixedPointFormat(ringBits: 64, fractionBits: 16)
        let comparison = try FixedPointComparison.compare(losing, direct, in: SimulatedFramework(format))
        #expect(comparison.before.maxError > 1e-2)
        #expect(comparison.after.maxError <= format.resolution / 2)
        #expect(try #require(comparison.ratio) < 1e-2)
        #expect(comparison.before.overflows.isEmpty && comparison.after.overflows.isEmpty)
        #expect(comparison.samples == 3)
        // The same seed gives the same.
        #expect(try FixedPointComparison.compare(losing, direct, in: SimulatedFramework(format)) == comparison)
    }

    @Test("what does not fit the ring is named, and wraps around")
    func overflow() throws {
        let graph = try graph("a = Mul (x, x) r = Sub (a, y)")
        let settings = ComparisonSettings(
            assumptions: RangeAssumptions(named: ["x": Interval(0, 1000), "y": Interval(0, 1)]))
        let format = FixedPointFormat(ringBits: 32, fractionBits: 10, truncation: .floor)
        // 2^31 units of 2^-20.
        #expect(format.productLimit == 2048)
        let narrow = try FixedPointComparison.compare(graph, graph, in: SimulatedFramework(format), settings).before
        let overflow = try #require(narrow.overflows.first)
        #expect(narrow.overflows.count == 1)
        #expect(overflow.node == "node0" && overflow.op == "Mul" && overflow.count > 50)
        #expect(overflow.magnitude > 2048 && overflow.magnitude <= 1e6 + 1e-6)
        #expect(narrow.maxError > 2048)
        let wide = try FixedPointComparison.compare(
            graph, graph, in: SimulatedFramework(FixedPointFormat(ringBits: 64, fractionBits: 10)), settings
        ).before
        #expect(wide.overflows.isEmpty && wide.maxError < 3)
    }

    @Test("a division by what rounds to zero is an overflow")
    func division() throws {
        let graph = try graph("s = Constant <value_float: float = 0.0000001> () r = Div (x, s)")
        let side = try FixedPointComparison.compare(
            graph, graph, in: SimulatedFramework(FixedPointFormat(ringBits: 64, fractionBits: 16))
        ).before
        #expect(side.overflows.map(\.node) == ["node0"])
        #expect(side.overflows.first?.magnitude == .infinity)
    }

    /// A framework whose exponential is always 7.
    private struct Sevens: FrameworkArithmetic {
        func outputs(of operation: FixedPointOperation, random: inout NumberSource) throws -> [NumericArray?]? {
            guard operation.node.op == "Exp", let x = operation.input(0) else { return nil }
            return [try NumericArray(x.doubles().map { _ in 7 }, shape: x.shape, elementType: x.elementType)]
        }
    }

    @Test(
        "a framework's own methods are taken in bodies of nodes and of operators, too, and what is public is computed in the clear",
        arguments: [
            ("r = Exp (x)", true), ("r = Sigmoid (x)", true),
            (
                "t = Constant <value = bool {1}> () r = If (t) <then_branch = a () => (float[8,16] p) { p = Exp (x) }, else_branch = b () => (float[8,16] q) { q = Exp (x) }>",
                true
            ),
            ("h = Constant <value_float: float = 0.5> () e = Exp (h) r = Mul (x, e)", false),
        ])
    func methods(_ body: String, _ isSeven: Bool) throws {
        let graph = try graph(body)
        let framework = SimulatedFramework(FixedPointFormat(ringBits: 64, fractionBits: 16), arithmetic: Sevens())
        let error = try FixedPointSimulation(of: graph, in: framework).error()
        // Ordinary inputs are between -√3 and √3: their exponentials are below 6.
        #expect((error.maxError > 0.3) == isSeven, "\(error.maxError)")
        if body.hasPrefix("r = Exp") {
            let node = try #require(error.nodes.first)
            #expect(node.op == "Exp" && node.maxError > 1 && node.worstOperand == node.operands.lowerBound)
        }
    }
}
