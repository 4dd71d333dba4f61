import Foundation
import IR
import TestSupport
import Testing

@Suite struct FunctionTextTests {
    static let convolution = """
        <domain: "x", opset_import: ["" : 21]>
        fused <strides, alpha: float = 1.0> (float[N, 4] x, w) => (y)
        {
            c = Conv <strides: ints = @strides> (x, w)
            ["a/b"] "y.0" = LeakyRelu <alpha: float = @alpha> (c)
            two = Constant <value: tensor = float {2}> ()
            y = Mul (two, "y.0")
        }
        """

    @Test func functionWithHeader() throws {
        let function = try ONNXText.parseFunction(Self.convolution)
        let body = function.body
        #expect(function.name == OperatorName("fused", domain: "x"))
        #expect(function.attributes == ["strides"])
        #expect(function.defaults == ["alpha": .float(1)])
        #expect(body.opsets == ["": 21])
        #expect(body.nodes.map(\.op) == ["Conv", "LeakyRelu", "Mul"])
        #expect(body.nodes[0].attributes == ["strides": .reference(name: "strides", kind: .ints)])
        #expect(body.nodes[1].name == "a/b")
        #expect(body.inputs.map { body[$0].name } == ["x", "w"])
        #expect(body.inputs.map { body[$0].type } == [TensorType(.float32, [.symbol("N"), 4]), nil])
        let two = try #require(body.nodes[2].input(0))
        #expect(body[two].constant?.form == .literal(nodeName: ""))
        #expect(body[two].constant?.tensor.scalar == 2)
        #expect(try ONNXText.parseFunction(ONNXText.print(function: function)) == function)
    }

    @Test func functionWithoutHeader() throws {
        let function = try ONNXText.parseFunction("f (x) => (y) { y = Relu (x) }")
        #expect(function.name == "f")
        #expect(function.body.opsets == ["": Graph.opsetVersion])
    }

    @Test func onnxReadsWhatIsWritten() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("function.txt").path
        let function = try ONNXText.parseFunction(Self.convolution)
        try ONNXText.print(function: function).write(toFile: file, atomically: true, encoding: .utf8)
        let again = try ONNXText.parseFunction(Oracle.run(script: "onnx_text.py", arguments: ["parse_function", file]))
        #expect(again.body.nodes.map(\.op) == function.body.nodes.map(\.op))
        #expect(again.attributes == function.attributes)
    }

    @Test(arguments: [
        ("f (x) => (y) { y = Relu (z) }", 5, "nothing computes 'z'"),
        ("f (x) => (y)\n{\n y = Relu (x)\n y = Relu (x) }", 8, "a second value of the name 'y'"),
        ("f (x) => (y) {\n y = Relu x }", 6, "expected '(' before the operands of Relu, found 'x'"),
        ("f (x) => (y) {\n y = Relu (x)", 6, "expected a node or '}', found the end of the text"),
        ("<opset: 21> f (x) => (y) { y = Relu (x) }", 5, "there is no 'opset' in the header of a function"),
        ("f (x) => (y) <float[1] c = {1}> { y = Relu (x) }", 5, "a function cannot have initializers"),
        ("f (x) => (y) { y = A <k = @k> (x) }", 5, "the kind of the attribute 'k' is not known"),
        ("f (x) => (y) { y = Relu (x) } g", 5, "expected the end of the text after the function, found 'g'"),
        ("f (x) => (y)\n\n# y is not there\n{ y = Relu (\"x) }", 8, "a string without its closing quote"),
    ])
    func errorsNameLineAndReason(_ text: String, _ line: Int, _ message: String) throws {
        let error = try #require(throws: HarrierError.self) {
            try ONNXText.parseFunction(text, file: "rule.txt", firstLine: 5)
        }
        #expect(error.line == line)
        #expect(error.file == "rule.txt")
        #expect(error.message.contains(message), "\(error)")
    }
}
