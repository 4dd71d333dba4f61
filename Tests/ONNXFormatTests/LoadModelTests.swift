import Evaluate
import Foundation
import IR
import ONNXFormat
import TestSupport
import Testing

@Suite("Loading models")
struct LoadModelTests {
    static let models: [String] = (try? Fixtures.paths(in: "models", extension: "onnx")) ?? []

    @Test("every model's shapes are inferred, all of them")
    func infersAllShapes() throws {
        #expect(Self.models.count >= 20)
        for path in Self.models {
            let model = try loadModel(at: path, evaluator: Interpreter())
            #expect(model.notes.isEmpty, "\(path)")
            for output in model.graph.nodes.flatMap({ $0.outputs.compactMap { $0 } }) {
                #expect(model.graph[output].type?.lengths != nil, "\(path): \(model.graph[output].name)")
            }
        }
    }

    @Test("every model is exported in its own version, in 17 and in 21, and passes onnx.checker")
    func exports() throws {
        try ONNXWriterTests.withFolder { folder in
            var written: [String] = []
            for (index, path) in Self.models.enumerated() {
                let model = try loadModel(at: path, evaluator: Interpreter())
                for opset in [nil, 17, 21] {
                    let copy = folder + "\(index)-\(opset ?? 0).onnx"
                    let result = try ONNXWriter(opset: opset).write(model.graph, to: copy)
                    #expect(result.opset == opset ?? model.graph.metadata.sourceOpset)
                    written.append(copy)
                }
            }
            _ = try Oracle.run(script: "check_model.py", arguments: written)
        }
    }

    @Test("exported models compute the same", arguments: ["bert_tiny", "lenet", "resnet20_w4_cifar"])
    func computesTheSame(name: String) throws {
        try ONNXWriterTests.withFolder { folder in
            let path = try Fixtures.path("models/\(name).onnx")
            let graph = try loadModel(at: path, evaluator: Interpreter()).graph
            var pairs: [(String, String)] = []
            for opset in [nil, 21] {
                let copy = folder + "copy\(opset ?? 0).onnx"
                try ONNXWriter(opset: opset).write(graph, to: copy)
                pairs.append((path, copy))
            }
            let errors = try largestErrors(pairs)
            #expect(errors[0] == 0)
            #expect(errors[1] < 1e-5)
        }
    }

    @Test(
        "models with random weights compute the same when exported",
        arguments: ["mobilenet_v3_small.dynamo", "resnet32_cifar", "shufflenet_v2_x1_0"])
    func computesTheSameWithRandomWeights(name: String) throws {
        try ONNXWriterTests.withFolder { folder in
            let filled = folder + "filled.onnx"
            let model = try Fixtures.path("models/\(name).onnx")
            _ = try Oracle.run(script: "fill_weights.py", arguments: [model, filled, "--seed", "7"])
            let graph = try loadModel(at: filled, evaluator: Interpreter()).graph
            var pairs: [(String, String)] = []
            for (index, weights) in [ONNXWriter.WeightPlacement.automatic, .embedded, .separate].enumerated() {
                let copy = folder + "copy\(index).onnx"
                let result = try ONNXWriter(opset: 21, weights: weights).write(graph, to: copy)
                #expect((result.weightsPath != nil) == (index == 2))
                pairs.append((filled, copy))
            }
            for error in try largestErrors(pairs) { #expect(error < 1e-5) }
        }
    }

    static let dimensions: [(lengths: [String: Int], shape: [Int], notes: [String])] = [
        ([:], [1, 3, 2], ["dimension 'batch' is open and was set to 1"]),
        (["batch": 4], [4, 3, 2], []),
    ]

    @Test(arguments: dimensions)
    func bindsDimensions(lengths: [String: Int], shape: [Int], notes: [String]) throws {
        try Self.withText("test (float[batch,3,2] x) => (float[batch,3,2] y) { y = Relu(x) }") { path in
            let model = try loadModel(at: path, dimensions: lengths, evaluator: nil)
            #expect(model.notes == notes)
            #expect(model.graph.outputs.map { model.graph[$0].type?.lengths } == [shape])
        }
    }

    @Test("lengths of dimensions that a model does not have are told of")
    func refusesUnknownDimensions() throws {
        try Self.withText("test (float[batch,length] x) => (float[batch,length] y) { y = Relu(x) }") { path in
            let other = try loadModel(at: path, dimensions: ["size": 3], evaluator: nil)
            #expect(other.unusedDimensions == ["size"] && other.graph.openDimensionNames() == ["length"])
            let error = try #require(throws: HarrierError.self) {
                try loadModel(at: path, dimensions: ["length": 0], evaluator: nil)
            }
            #expect(error.message == "dimension 'length' cannot be 0")
            let model = try loadModel(at: path, evaluator: nil)
            #expect(model.notes.count == 1)
        }
    }

    @Test("functions are inlined, whatever version they are written in", arguments: [17, 13])
    func inlinesFunctions(version: Int) throws {
        let text = """
            <ir_version: 8, opset_import: ["": 17, "my.own": 1]> test (float[2,3] x) => (float[2,1] y) {
                y = my.own.Scaled<by=2.5>(x)
            }
            <domain: "my.own", opset_import: ["": \(version)]> Scaled <by>(a) => (b) {
                factor = Constant<value_float: float = @by>()
                c = Mul(a, factor)
                b = ReduceMean<axes=[1]>(c)
            }
            """
        try Self.withText(text) { path in
            let graph = try loadModel(at: path, evaluator: Interpreter()).graph
            #expect(graph.nodes.map(\.op) == ["Mul", "ReduceMean"])
            #expect(graph.nodes[0].input(1).map { graph[$0].knownTensor?.scalar } == 2.5)
            #expect(graph.functions.isEmpty)
        }
    }

    @Test("unknown operators pass through and are reported")
    func reportsUnknownOperators() throws {
        let text = """
            <opset_import: ["": 21, "my.own": 3]> test (float[2] x) => (float[2] y) {
                a = my.own.Mystery<strength=3>(x)
                b = my.own.Mystery(a)
                y = NotYetKnown(b)
            }
            """
        try Self.withText(text) { path in
            let model = try loadModel(at: path, evaluator: nil)
            #expect(
                model.notes == [
                    "operator NotYetKnown is not known and passes through (1 node)",
                    "operator my.own::Mystery is not known and passes through (2 nodes)",
                ])
            let copy = path + ".onnx"
            try ONNXWriter().write(model.graph, to: copy)
            let again = try loadModel(at: copy, evaluator: nil)
            #expect(again.graph.nodes.map(\.op) == model.graph.nodes.map(\.op))
            #expect(again.graph.nodes[0].attributes == ["strength": .int(3)])
            #expect(again.graph.opsets == ["": 21, "my.own": 3])
        }
    }

    /// Runs a test with a model in a text file.
    static func withText(_ text: String, _ body: (String) throws -> Void) throws {
        try ONNXWriterTests.withFolder { folder in
            let path = folder + "model.onnxtxt"
            try WholeFile.write(text.utf8, to: path)
            try body(path)
        }
    }
}
