import IR
import Testing

@testable import Evaluate

@Suite("Comparing two graphs exactly")
struct ExactCheckTests {
    private func graph(_ signature: String, _ body: String) throws -> Graph {
        var graph = try ONNXText.parseModel(
            "<ir_version: 10, opset_import: [\"\": 21]>\ng \(signature) {\n\(body)\n}")
        try graph.inferTypes(evaluator: Interpreter())
        return graph
    }

    private func check(
        _ first: String, _ second: String, signature: String = "(float[3,4] x) => (float[3,4] y)",
        positive: Set<String> = []
    ) throws -> ExactCheck {
        try ExactCheck.compare(
            graph(signature, first), graph(signature, second),
            ComparisonSettings(samples: 2, positive: positive, styles: [.ordinary, .halves]))
    }

    private static func constant(_ name: String, _ value: String) -> String {
        "\(name) = Constant <value: tensor = float {\(value)}> () "
    }

    @Test(
        "polynomials and quotients are equal in the field alone",
        arguments: [
            ("s = Add (x, x) y = Mul (s, x)", "q = Mul (x, x) y = Add (q, q)"),
            ("y = Mul (x, x)", constant("t", "2.0") + "y = Pow (x, t)"),
            ("d = Sub (x, x) y = Add (d, x)", "y = Identity (x)"),
            (constant("t", "3.0") + "y = Div (x, t)", constant("t", "3.0") + "r = Reciprocal (t) y = Mul (x, r)"),
            ("t = Transpose (x) y = Transpose (t)", "y = Neg (x) n = Neg (y) z = Neg (n) y2 = Identity (x)"),
        ])
    func field(first: String, second: String) throws {
        // The last pair differs on purpose.
        let check = try check(first, second)
        if second.contains("y2") {
            #expect(check.status == .different)
        } else {
            #expect(check.status == .equal && !check.usesOrder && check.samples == 2, "\(check)")
        }
    }

    @Test("a mistake far below any tolerance is found")
    func smallMistake() throws {
        let small = Self.constant("e", "1e-12")
        let check = try check("y = Identity (x)", small + "p = Mul (x, e) y = Add (x, p)")
        #expect(check.status == .different)
        let tolerant = NumericCheck.compare(
            try graph("(float[3,4] x) => (float[3,4] y)", "y = Identity (x)"),
            try graph("(float[3,4] x) => (float[3,4] y)", small + "p = Mul (x, e) y = Add (x, p)"),
            ComparisonSettings(tolerance: 1e-9))
        #expect(tolerant.status == .passed)
    }

    @Test(
        "pieces of polynomials, with ties",
        arguments: [
            ("n = Neg (x) r = Relu (n) y = Add (x, r)", "y = Relu (x)", ExactCheck.Status.equal),
            ("y = Abs (x)", "n = Neg (x) y = Max (x, n)", .equal),
            ("a = Relu (x) b = Neg (x) c = Relu (b) y = Sub (a, c)", "y = Identity (x)", .equal),
            ("y = Relu (x)", "y = Abs (x)", .different),
            ("y = Sign (x)", constant("z", "0.0") + "g = Greater (x, z) y = Cast <to: int = 1> (g)", .different),
            ("y = Ceil (x)", "n = Neg (x) f = Floor (n) y = Neg (f)", .equal),
        ])
    func order(first: String, second: String, status: ExactCheck.Status) throws {
        let check = try check(first, second)
        #expect(check.status == status, "\(check)")
        #expect(check.usesOrder || check.status == .different)
    }

    @Test(
        "exponentials turn sums into products",
        arguments: [
            ("y = Softmax (x)", constant("t", "2.5") + "m = Add (x, t) y = Softmax (m)", ExactCheck.Status.equal),
            (
                "y = Softmax (x)",
                "e = Exp (x) a = Constant <value_ints: ints = [1]> () s = ReduceSum (e, a) y = Div (e, s)", .equal
            ),
            (
                "y = Softmax (x)",
                "a = Constant <value_ints: ints = [1]> () m = ReduceMax (x, a) d = Sub (x, m) e = Exp (d) "
                    + "s = ReduceSum (e, a) y = Div (e, s)", .equal
            ),
            (
                "y = Tanh (x)",
                constant("t", "2.0") + constant("o", "1.0")
                    + "d = Mul (x, t) g = Sigmoid (d) m = Mul (g, t) y = Sub (m, o)", .equal
            ),
            ("y = Softmax (x)", constant("t", "2.5") + "m = Mul (x, t) y = Softmax (m)", .different),
            ("y = Exp (x)", "n = Neg (x) e = Exp (n) y = Reciprocal (e)", .equal),
        ])
    func exponentials(first: String, second: String, status: ExactCheck.Status) throws {
        #expect(try check(first, second).status == status)
    }

    @Test("of other functions only is known that equal arguments give equal values, and whether they are odd")
    func uninterpreted() throws {
        let moved = try check("e = Erf (x) y = Transpose (e)", "t = Transpose (x) y = Erf (t)", signature: Self.turned)
        #expect(moved.status == .equal && moved.uninterpreted == ["Erf"])
        #expect(try check("e = Erf (x) y = Neg (e)", "n = Neg (x) y = Erf (n)").status == .equal)
        let unknown = try check("s = Sin (x) y = Mul (s, s)", "c = Cos (x) y = Mul (c, c)")
        #expect(unknown.status == .undecided && (unknown.why ?? "").contains("Sin"))
    }

    @Test(
        "functions that undo each other do so by how numbers came about",
        arguments: [
            ("l = Log (x) y = Exp (l)", "y = Identity (x)"), ("e = Exp (x) y = Log (e)", "y = Identity (x)"),
            ("l = LogSoftmax (x) y = Exp (l)", "y = Softmax (x)"),
            ("s = Softmax (x) y = Log (s)", "y = LogSoftmax (x)"),
            ("r = Reciprocal (x) y = Log (r)", "l = Log (x) y = Neg (l)"),
            ("r = Sqrt (x) y = Log (r)", constant("h", "0.5") + "l = Log (x) y = Mul (h, l)"),
            ("q = Mul (x, x) y = Log (q)", "l = Log (x) y = Add (l, l)"),
            ("q = Mul (x, x) y = Sqrt (q)", "y = Abs (x)"), ("r = Sqrt (x) y = Mul (r, r)", "y = Identity (x)"),
        ])
    func inverses(first: String, second: String) throws {
        let check = try check(first, second, positive: ["x"])
        #expect(check.status == .equal, "\(check)")
    }

    private static let turned = "(float[3,4] x) => (float[4,3] y)"

    @Test(
        "numbers are read as what their writer meant",
        arguments: [
            ("0.16666667", "1/6"), ("0.33333334", "1/3"), ("1.4142135", "√(2)"), ("0.7978846", "√(2/π)"),
            ("0.00001", "1e-05"), ("0.044715", "0.044715"), ("0.17677669", "√(1/32)"), ("3.1415927", "π·1"),
            ("0.19947114", "√(1/8/π)"),
        ])
    func readings(text: String, meant: String) throws {
        let value = Double(try #require(Float(text)))
        let found = ExactConstants.number(value, isDouble: false)
        #expect(found.isCertain && found.meant == meant, "\(found.meant ?? "nothing")")
        #expect(found.number.real.low <= value * (1 + 1e-6) && found.number.real.high >= value * (1 - 1e-6))
    }

    @Test("numbers that mean nothing are the binary numbers that they are")
    func binary() {
        for value in [0.7390851, 1.0507010, 0.5671432904].map({ Double(Float($0)) }) {
            let found = ExactConstants.number(value, isDouble: false)
            #expect(!found.isCertain && found.number.image == ExactNumber(binary: value).image)
        }
        let half = ExactConstants.number(0.375, isDouble: false)
        #expect(half.isCertain && half.meant == nil && half.number.image == ExactNumber(binary: 0.375).image)
    }

    @Test("a rounded number excuses a difference, and is named")
    func rounded() throws {
        let check = try check(
            Self.constant("a", "1.0507010") + "y = Mul (x, a)",
            Self.constant("a", "1.0507011") + "y = Mul (x, a)")
        #expect(check.status == .undecided && (check.why ?? "").contains("is rounded"))
    }

    @Test("the two fields and the power that joins them")
    func fields() {
        let (p, q) = (PrimeField.values, PrimeField.exponents)
        #expect(p.modulus == 2 * q.modulus + 1)
        // A base of order q: exponents count modulo q.
        #expect(p.power(PrimeField.base, q.modulus) == 1)
        for field in [p, q] {
            // Fermat's little theorem, which a composite modulus would hardly satisfy.
            for base in [2, 3, 5, 7, 11, 13] as [UInt64] { #expect(field.power(base, field.modulus - 1) == 1) }
            for square in [2, 3, 5, 7] as [UInt64] {
                let root = field.root(square)
                #expect(field.multiply(root, root) == square)
            }
            #expect(field.multiply(field.image(0.75), 4) == 3)
            #expect(field.add(field.image(-5), 5) == 0)
            #expect(field.multiply(field.image(1e-3), field.inverse(field.image(1e-3)) ?? 0) == 1)
        }
    }
}
