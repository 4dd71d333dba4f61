import IR
import Testing

@Suite("What is wrong with a text") struct TextErrorTests {
    @Test(
        "is said with its line",
        arguments: [
            ("", 1, "expected the name of a graph, found the end of the text"),
            ("<ir_version: x>", 1, "expected a version, found 'x'"),
            ("<\nversion: 1>", 2, "there is no 'version' in the header of a model"),
            ("<opset_import: [\"\": 21,\n\"d\" 1]>", 2, "expected ':' after the domain, found '1'"),
            ("<ir_version: 99999999999999999999> g () => () {}", 1, "99999999999999999999 is out of range"),
            ("g (float[2 x) => () {}", 1, "expected ',' or ']' in the dimensions, found 'x'"),
            ("g (float[2] x) -> () {}", 1, "expected '=>' between inputs and outputs, found '-'"),
            ("g (float[2] x,\n) => () {}", 2, "expected the name of an input, found ')'"),
            ("g (float[2] x, int64 x) => () {}", 1, "a second value of the name 'x'"),
            ("g (seq(float x) => () {}", 1, "expected ')' after the type, found 'x'"),
            ("g (real[2] x) => () {}", 1, "expected ',' or ')' in the inputs, found '['"),
            ("g () => (y) {\n\n\ny = Relu (x) }", 4, "nothing computes 'x'"),
            ("g () => (y) {}", 1, "nothing computes 'y'"),
            ("g () => () {", 1, "expected a node or '}', found the end of the text"),
            ("g () => () { a = }", 1, "expected the name of an operator, found '}'"),
            ("g () => () { a = F.(x) }", 1, "expected the name of an operator, found '('"),
            ("g () => () { a, = , }", 1, "expected the name of an operator, found ','"),
            ("g () => () { a = F () a = F () }", 1, "a second value of the name 'a'"),
            ("g () => () { a = F <k: real = 1> () }", 1, "there is no kind of attribute 'real'"),
            ("g () => () { a = F <k: int = 1.5> () }", 1, "the attribute 'k' is not of the kind int"),
            ("g () => () { a = F <k: ints = 1> () }", 1, "the attribute 'k' is not of the kind ints"),
            ("g () => () { a = F <k: int = [1]> () }", 1, "the attribute 'k' of kind int cannot be a list"),
            ("g () => () { a = F <k = []> () }", 1, "the attribute 'k' is empty, so its kind must be given"),
            ("g () => () { a = F <k = [1, \"x\"]> () }", 1, "the values of the attribute 'k' are not of one kind"),
            ("g () => () { a = F <k = 1, k = 2> () }", 1, "a second attribute 'k'"),
            ("g () => () { a = F <k = > () }", 1, "expected the value of an attribute, found '>'"),
            ("g () => () { a = F <k = 1e99> () }", 1, "1e99 is out of range"),
            ("g () => () { a = F <k = \"\n> () }", 1, "a string without its closing quote"),
            ("g () => () <float[2] w = {1}> {}", 1, "1 elements do not make a tensor of type float[2]"),
            ("g () => () <float[2] w = {1, 2, 3}> {}", 1, "3 elements do not make a tensor of type float[2]"),
            ("g () => () <float[2] w =\n{1,\n2x}> {}", 3, "expected ',' or '}' in the data of the tensor, found 'x'"),
            ("g () => () <float w = {}> {}", 1, "0 elements do not make a tensor of type float"),
            ("g () => () <float[N] w = {1}> {}", 1, "a tensor of type float[N] needs a number for every dimension"),
            ("g () => () <float[-2] w = {}> {}", 1, "a negative dimension in float[-2]"),
            ("g () => () <float[4611686018427387904,4] w = {}> {}", 1, "0 elements do not make a tensor"),
            ("g () => () <int8[1] w = {128}> {}", 1, "128 is out of range"),
            ("g () => () <uint64[1] w = {-1}> {}", 1, "-1 is out of range"),
            ("g () => () <int64[1] w = {1.0}> {}", 1, "expected an integer, found '1'"),
            ("g () => () <string[2] w = {\"a\"}> {}", 1, "1 elements do not make a tensor of type string[2]"),
            ("g () => () <w = {1}> {}", 1, "the initializer 'w' needs the type of a tensor"),
            ("g () => () <float w = [\"offset\": \"1\"]> {}", 1, "a tensor has external data without a location"),
            (
                "g () => () <float w = [\"location\": \"f\", \"offset\": \"-1\"]> {}", 1,
                "a tensor has external data whose offset is '-1'"
            ),
            ("g () => () {} <domain: \"d\"> f (x) => (y) { y = Exp (z) }", 1, "nothing computes 'z'"),
        ])
    func message(_ text: String, _ line: Int, _ message: String) throws {
        let error = try #require(throws: HarrierError.self) { try ONNXText.parseModel(text, file: "m.onnxtxt") }
        #expect(error.message.contains(message), "\(error)")
        #expect(error.line == line, "\(error)")
        #expect(error.file == "m.onnxtxt")
    }

    @Test(
        "is said without a line where the graph as a whole is wrong",
        arguments: [
            ("g (float[2] x) => (y) { y = Relu (x, x) }", "Relu takes 1 inputs, not 2"),
            ("g () => (y) { a = Exp (b)  b = Exp (a)  y = Exp (a) }", "the graph has a cycle through this node"),
            ("g (float[99999999,99999999] x) => (x) { }", "is too large"),
            ("g (float[-1] x) => (x) { }", "a negative dimension"),
        ])
    func wholeGraph(_ text: String, _ message: String) throws {
        let error = try #require(throws: HarrierError.self) { try ONNXText.parseModel(text, file: "m.onnxtxt") }
        #expect(error.message.contains(message), "\(error)")
        #expect(error.file == "m.onnxtxt")
    }

    @Test("nesting is limited, not the machine's stack") func nesting() throws {
        let bodies = String(repeating: "g () => () { a = If () <t = ", count: 10_000)
        let types = "g (" + String(repeating: "seq(", count: 10_000)
        for (text, message) in [
            (bodies, "bodies of nodes are nested too deeply"), (types, "types are nested too deeply"),
        ] {
            let error = try #require(throws: HarrierError.self) { try ONNXText.parseModel(text) }
            #expect(error.message == message)
        }
    }

    /// Every beginning of a text, and every text with one byte less, is read or refused; nothing crashes.
    @Test("damaged texts are refused or read") func damaged() throws {
        let text = """
            <ir_version: 10, opset_import: ["" : 21, "d" : 1], metadata_props: ["a": "b"]>
            g (float[N,"k",3,?] x, optional(seq(float)) o) => (float[] y) <float[2] w = {1, -inf}, int4[3] i = {1, 2}, string[1] s = {"\\""}>
            { [n] a, "" = d.F:o <k = [1, 2.5], b = u (float q) => (r) { r = Add (q, x) }, t = float[1] {2}> (x, , w)  y = Relu (a) }
            <domain: "d"> f <p, q: int = 1> (x) => (y) { y = Elu <alpha: float = @p> (x) }
            """
        #expect(throws: Never.self) { try ONNXText.parseModel(text) }
        let bytes = Array(text.utf8)
        var refused = 0
        for position in bytes.indices {
            for damaged in [bytes[..<position], bytes[..<position] + bytes[(position + 1)...]] {
                do { _ = try ONNXText.parseModel(String(decoding: damaged, as: UTF8.self)) } catch is HarrierError {
                    refused += 1
                }
            }
        }
        #expect(refused > bytes.count)
    }
}
