import IR
import ONNXFormat
import TestSupport
import Testing

@Suite("Reading ONNX files")
struct ONNXReaderTests {
    /// Nodes (Constant nodes are none), constants that are initializers, literals.
    static let contents: [(file: String, nodes: Int, initializers: Int, literals: Int)] = [
        ("alexnet", 20, 16, 0), ("bert_1layer", 58, 11, 16), ("bert_base.dynamo", 415, 99, 0),
        ("bert_tiny", 101, 17, 24), ("densenet121", 431, 606, 0), ("gpt2.dynamo", 448, 67, 0),
        ("resnet50", 175, 267, 0), ("shufflenet_v2_x1_0", 496, 282, 303),
    ]

    @Test(arguments: contents)
    func readsEverything(file: String, nodes: Int, initializers: Int, literals: Int) throws {
        let model = try ONNXReader().read(try Fixtures.path("models/\(file).onnx"))
        let forms = model.graph.values.compactMap(\.constant?.form)
        #expect(model.graph.nodes.count == nodes)
        #expect(forms.filter { $0 == .initializer }.count == initializers)
        #expect(forms.count - initializers == literals)
        #expect(model.notes.isEmpty)
        try model.graph.verify()
    }

    @Test("raw data and data written element by element give the same bytes, for every element type")
    func readsTypedData() throws {
        try ONNXWriterTests.withFolder { folder in
            let path = folder + "typed.onnx"
            _ = try Oracle.run(script: "typed_tensors.py", arguments: [path])
            let graph = try ONNXReader().read(path).graph
            let names = graph.valuesByName()
            var count = 0
            for (name, id) in names where name.contains("_raw") {
                let typed = try #require(names[name.replacing("_raw", with: "_typed")])
                let (one, other) = (try #require(graph[id].constant).tensor, try #require(graph[typed].constant).tensor)
                #expect(one.type == other.type)
                #expect(try one.bytes() == other.bytes(), "\(name)")
                count += 1
            }
            #expect(count >= 2 * 23)
        }
    }
}
