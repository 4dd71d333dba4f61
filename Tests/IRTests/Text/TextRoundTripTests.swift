import Foundation
import IR
import TestSupport
import Testing

/// What onnx's printer writes, Harrier reads; what Harrier then writes, onnx's parser reads as the same model.
@Suite("Text of onnx's printer comes back whole") struct TextRoundTripTests {
    @Test("from real models") func realModels() throws {
        try check(try Fixtures.paths(in: "models", extension: "onnx"))
    }

    @Test("from models of all that is unusual") func unusualModels() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let models = try Oracle.run(script: "onnx_text.py", arguments: ["unusual", folder.path])
        try check(models.split(separator: "\n").map(String.init))
    }

    private func check(_ models: [String]) throws {
        #expect(!models.isEmpty)
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try Oracle.run(script: "onnx_text.py", arguments: ["print", folder.path] + models)
        for text in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            let graph = try ONNXText.parseModel(String(contentsOf: text, encoding: .utf8), file: text.path)
            #expect(!graph.nodes.isEmpty)
            let again = ONNXText.print(graph)
            try again.write(toFile: text.path + ".again", atomically: true, encoding: .utf8)
            #expect(try ONNXText.print(ONNXText.parseModel(again)) == again)
        }
        let compared = try Oracle.run(script: "onnx_text.py", arguments: ["compare", folder.path] + models)
        #expect(compared == "\(models.count) models\n")
    }

    static let texts = [
        // Types of less than a byte are packed; complex numbers are pairs.
        "g () => (int4[3] y) <int4[3] a = {241, 7}> { y = Identity (a) }",
        "g () => (uint2[5] y) <uint2[5] a = {228, 1}> { y = Identity (a) }",
        "g () => (float4e2m1[2] y) <float4e2m1[2] a = {33}> { y = Identity (a) }",
        "g () => (complex64[2] y) <complex64[2] a = {1.5, -2, 0, 1e-3}> { y = Identity (a) }",
        "g () => (complex128[1] y) <complex128[1] a = {1.5, 1e300}> { y = Identity (a) }",
        // Spaces, comments, attributes behind the operands, operands left out, commas at the end.
        "# first\ng(float[2]x)=>(float[2]y){#c\ny=Clip(x,,\"\",)}",
        "g (float[2] x) => (float[2] y) { y = Elu (x) <alpha = 2.0> }",
        "g (float[2] x) => (float[2] y) { y = Elu <alpha: float = 2> (x) }",
        "g (float[2] x) => (float[2] y) { = d.e.F (x)  y = d.e.F:over () }",
        // An input with data is an initializer; numbers of all spellings.
        "g (float[2] x = {1, 2}, float[2] z) => (float[2] y) { y = Add (x, z) }",
        "g () => (float[9] y) <float[9] a = {1., 1.5, 1E5, 1e+5, -0, inf, -inf, Infinity, 12345678901234567890}> { y = Identity (a) }",
        // Quoted names that look like something else, also as attribute values.
        "g (float[2] \"float\") => (float[2] \"inf\") { [\"int64\"] \"inf\" = Identity (\"float\") }",
        "g (float[2] x) => (float[2] y) { y = d.F <a = \"\", b = [\"x\", \"<\"], c = [1.5, 2.5], e: ints = []> (x) }",
        "g () => (float y) { y = Constant <value: tensor = float t = {1}> () }",
        "g () => (float y) { y = Constant <value: tensor = float = [\"location\": \"w\"]> () }",
    ]

    @Test("Harrier and onnx read the same", arguments: texts)
    func readsTheSame(_ text: String) throws {
        let model = #"<ir_version: 10, opset_import: ["" : 21, "d" : 1, "d.e" : 2]> "# + text
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let (original, again) = (folder.path + "/original", folder.path + "/again")
        try model.write(toFile: original, atomically: true, encoding: .utf8)
        try ONNXText.print(ONNXText.parseModel(model)).write(toFile: again, atomically: true, encoding: .utf8)
        _ = try Oracle.run(script: "onnx_text.py", arguments: ["same", original, again])
    }

    @Test("Harrier reads more than onnx, and writes what onnx reads")
    func readsMore() throws {
        let text = """
            g (float[3] x) => (float[3] y)
            <int4[3] unpacked = {-1, 7, 1}, float[2] point = {.5, -.25}>
            {
              a = d.F <"named" = [float {1}, float {2}], "inf" = "a name" () => (float s) { s = Exp (x) }> (x)
              b = d.F <t: type_protos = [float[2], seq(int64)]> (a)
              c = Constant <value = float[1000000] ...> ()
              e = d.F <"an attribute" = 1> (c)
              y = Elu <alpha = 2> (b)
            }
            """
        let graph = try ONNXText.parseModel(text)
        #expect(graph.nodes[0].attributes["named"]?.kind == .tensors)
        #expect(graph.nodes[0].subgraphs.map(\.name) == ["a name"])
        let unpacked = try #require(graph.value(named: "unpacked"))
        #expect(try graph[unpacked].constant?.tensor.integers() == [-1, 7, 1])
        #expect(graph.nodes[3].attributes == ["alpha": .float(2)])
        let dots = try #require(graph.value(named: "c"))
        #expect(graph[dots].constant?.tensor.isAvailable == false)
        let again = try ONNXText.parseModel(ONNXText.print(graph))
        #expect(again.structuralHash == graph.structuralHash)
        #expect(again.nodes[1].attributes == graph.nodes[1].attributes)
    }

    @Test("external data is found beside the file") func externalData() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data([0, 0, 0, 0, 0, 0, 128, 63]).write(to: folder.appendingPathComponent("w.bin"))
        func read(_ reference: String) throws -> Tensor? {
            let text = "g () => (float[1] y) <float[1] w = [\(reference)]> { y = Identity (w) }"
            let graph = try ONNXText.parseModel(text, file: folder.path + "/m.onnxtxt")
            #expect(ONNXText.print(graph).contains("w = [\(reference)]>"))
            return graph.value(named: "w").flatMap { graph[$0].constant?.tensor }
        }
        #expect(try read(#""location": "w.bin", "offset": "4", "length": "4""#)?.doubles() == [1])
        #expect(try read(#""location": "w.bin""#)?.doubles() == [0])
        #expect(try read(#""location": "other.bin""#)?.isAvailable == false)
        for wrong in [
            #""location": "w.bin", "offset": "5""#, #""location": "w.bin", "length": "8""#, #""location": "../w.bin""#,
            #""location": "/w.bin""#,
        ] {
            #expect(throws: HarrierError.self) { try read(wrong) }
        }
    }

    @Test("many elements come back as they were") func largeTensor() throws {
        let count = 1 << 18
        var graph = Graph()
        let weight = graph.addConstant("w", Tensor(float32: (0..<count).map { Float($0) / 7 }))
        graph.outputs = [graph.append("Identity", [weight], output: "y")]
        let again = try ONNXText.parseModel(ONNXText.print(graph))
        #expect(again.values[0].constant == graph[weight].constant)
    }
}
