import Evaluate
import IR
import TestSupport
import Testing

@testable import ONNXFormat

/// What other runtimes read is read, and what a file says wrongly is a note.
@Suite struct ForgivingReaderTests {
    private func load(_ name: String, _ dimensions: [String: Int] = [:]) throws -> LoadedModel {
        try loadModel(at: Fixtures.path("reading/\(name).onnx"), dimensions: dimensions, evaluator: Interpreter())
    }

    /// The model of a text as a file would be read.
    private func read(_ text: String, opset: Int, _ dimensions: [String: Int] = [:]) throws -> LoadedModel {
        try ONNXWriterTests.withFolder { folder in
            let graph = try ONNXText.parseModel("<ir_version: 8, opset_import: [\"\": \(opset)]> m " + text)
            try ONNXWriter().write(graph, to: folder + "model.onnx")
            return try loadModel(at: folder + "model.onnx", dimensions: dimensions, evaluator: Interpreter())
        }
    }

    private func shape(_ model: LoadedModel) -> [Int]? { model.graph[model.graph.outputs[0]].type?.lengths }

    @Test(arguments: [
        ("c1-maxpool-ceil-torch", [1, 2, 3, 3]), ("declared_batch_is_really_3", [3, 4]),
        ("declared_rank_2_is_3", [3, 2, 4]),
    ])
    func aShapeThatOperatorsContradictIsANote(_ name: String, _ expected: [Int]) throws {
        let model = try load(name)
        #expect(shape(model) == expected)
        #expect(model.notes.contains { $0.contains("is declared as") })
    }

    @Test func soItIsInsideBodies() throws {
        let model = try read(
            """
            (bool c, float[2,3] x) => (float[a,b] y) {
              y = If (c) <
                then_branch = one () => (float[7,7] t) { t = Relu (x) },
                else_branch = two () => (float[7,7] e) { e = Neg (x) }
              > }
            """, opset: 17)
        #expect(shape(model) == [2, 3] && model.notes.contains { $0.contains("is declared as float[7,7]") })
    }

    @Test func anotherElementTypeIsAnError() throws {
        let text = "(float[2] x) => (int64[2] y) { y = Relu (x) }"
        #expect(throws: HarrierError.self) { try read(text, opset: 17) }
    }

    @Test func operandsOfResizeWithoutElementsAreLeftOut() throws {
        #expect(try shape(load("b1-resize11-sizes")) == [1, 2, 8, 8])
        let scales = """
            (float[1,2,4,4] x) => (float[a,b,c,d] y) <float[4] s = {1,1,2,3}, int64[0] none = {}> {
              roi = Constant <value = float[0] {}> ()
              y = Resize <mode = "nearest"> (x, roi, s, none)
            }
            """
        #expect(try shape(read(scales, opset: 11)) == [1, 2, 8, 12])
        let neither =
            "(float[1,2,4,4] x) => (float[a,b,c,d] y) <float[0] s = {}> { y = Resize <mode = \"nearest\"> (x, \"\", s) }"
        #expect(throws: HarrierError.self) { try read(neither, opset: 13) }
    }

    @Test func dimensionsWithoutANameAreSetByInputAndAxis() throws {
        #expect(try shape(load("dim_minus_one")) == [1, 3])
        #expect(try shape(load("dim_minus_one", ["x[0]": 5])) == [5, 3])
        let text = "(float[?,4,?] x) => (float[?,4,?] y) { y = Relu (x) }"
        #expect(try shape(read(text, opset: 17, ["x[2]": 6])) == [1, 4, 6])
        #expect(try read(text, opset: 17).graph.openDimensionNames() == ["x[2]"])
    }

    /// In versions before 7 attributes say how the second operand broadcasts.
    @Test(arguments: [
        ("Add<axis = 1, broadcast = 1>", [1.0, 2, 4, 5, 7, 8, 7, 8, 10, 11, 13, 14], [3]),
        ("Add<axis = -2, broadcast = 1>", [1.0, 2, 4, 5, 7, 8, 7, 8, 10, 11, 13, 14], [3]),
        ("Mul<axis = 0, broadcast = 1>", [0.0, 1, 2, 3, 4, 5, 12, 14, 16, 18, 20, 22], [2]),
        ("Sub<broadcast = 1>", [-1.0, -1, 1, 1, 3, 3, 5, 5, 7, 7, 9, 9], [2]),
    ])
    func oldBroadcasting(_ operation: String, _ expected: [Double], _ lengths: [Int]) throws {
        let numbers = (1...lengths[0]).map(String.init).joined(separator: ",")
        let text =
            "(float[2,3,2] x) => (float[a,b,c] y) <float[\(lengths[0])] w = {\(numbers)}> { y = \(operation) (x, w) }"
        let graph = try read(text, opset: 6).graph
        let x = try NumericArray((0..<12).map(Double.init), shape: [2, 3, 2], elementType: .float32)
        #expect(try Interpreter().run(graph, inputs: ["x": x])["y"]?.doubles() == expected)
    }

    @Test func oldLayersAreRead() throws {
        #expect(try shape(load("old_opset6_add_broadcast")) == [1, 3, 2, 2])
        let layer = "(float[2,3] x, float[3,4] w, float[4] b) => (float[a,c] y) { y = Gemm <broadcast = 1> (x, w, b) }"
        #expect(try shape(read(layer, opset: 6)) == [2, 4])
        let norm =
            "(float[1,2,3,3] x, float[2] s) => (float[a,b,c,d] y) { y = BatchNormalization <is_test = 1> (x, s, s, s, s) }"
        #expect(try shape(read(norm, opset: 6)) == [1, 2, 3, 3])
        #expect(throws: HarrierError.self) { try read(norm.replacing("is_test = 1", with: "is_test = 0"), opset: 6) }
    }
}
