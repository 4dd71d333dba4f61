import Testing

import DataFiles

@Suite("expressions of data files")
struct ExpressionTests {
    @Test(
        "operators bind as in arithmetic, and from the left",
        arguments: [
            ("a - b - c", "(a - b) - c"), ("a / b * c", "(a / b) * c"), ("a - b * c", "a - (b * c)"),
            ("a and b or c", "(a and b) or c"), ("not a and b", "(not a) and b"), ("-a - b", "(-a) - b"),
        ])
    func binding(text: String, meant: String) throws {
        #expect(try ExpressionParser.parse(text) == ExpressionParser.parse(meant))
    }

    @Test("operands are in the order in which they are written")
    func order() throws {
        #expect(try ExpressionParser.parse("a - b") == .binary(.subtract, .name("a"), .name("b")))
        #expect(try ExpressionParser.parse("a < b") == .binary(.less, .name("a"), .name("b")))
        #expect(try ExpressionParser.parse("f(a)[b]") == .index(.call("f", [.name("a")]), .name("b")))
    }
}
