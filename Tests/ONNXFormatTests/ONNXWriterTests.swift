import Foundation
import IR
import ONNXFormat
import TestSupport
import Testing

@Suite("Writing ONNX files")
struct ONNXWriterTests {
    /// Runs a test with a new folder that is deleted afterwards.
    static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder.path + "/")
    }

    @Test("every model is written as it was read, and passes onnx.checker")
    func roundTrips() throws {
        try Self.withFolder { folder in
            var written: [String] = []
            for path in try Fixtures.paths(in: "models", extension: "onnx") {
                let model = try ONNXReader().read(path)
                let copy = folder + URL(fileURLWithPath: path).lastPathComponent
                try ONNXWriter().write(model.graph, to: copy)
                let again = try ONNXReader().read(copy)
                #expect(again.graph.nodes.map(\.op) == model.graph.nodes.map(\.op), "\(path)")
                #expect(again.graph.metadata == model.graph.metadata, "\(path)")
                written.append(copy)
            }
            _ = try Oracle.run(script: "check_model.py", arguments: written)
        }
    }

    @Test("a written file names the rules that made its nodes")
    func namesRules() throws {
        try Self.withFolder { folder in
            let path = try Fixtures.path("models/lenet.onnx")
            var graph = try ONNXReader().read(path).graph
            graph.nodes[1].rule = "some-rule"
            try ONNXWriter().write(graph, to: folder + "first.onnx")
            let first = try ONNXReader().read(folder + "first.onnx").graph
            try ONNXWriter().write(first, to: folder + "second.onnx")
            let second = try ONNXReader().read(folder + "second.onnx").graph
            for copy in [first, second] {
                #expect(copy.nodes.prefix(3).map(\.originatingRule) == [nil, "some-rule", nil])
                #expect(copy.nodes.prefix(3).map(\.rule) == [nil, nil, nil])
            }
        }
    }

    @Test("models with weights compute the same after writing", arguments: ["lenet", "bert_tiny", "resnet20_w4_cifar"])
    func computesTheSame(name: String) throws {
        try Self.withFolder { folder in
            let path = try Fixtures.path("models/\(name).onnx")
            for weights in [ONNXWriter.WeightPlacement.automatic, .separate] {
                let copy = folder + "copy.onnx"
                try ONNXWriter(weights: weights).write(try ONNXReader().read(path).graph, to: copy)
                #expect(try largestErrors([(path, copy)]) == [0])
            }
        }
    }

    @Test("the models of onnx's node tests mean the same after reading and writing")
    func keepsTheMeaning() throws {
        try Self.withFolder { folder in
            let paths = try Oracle.run(script: "node_models.py", arguments: [folder]).split(separator: "\n").map(
                String.init)
            #expect(paths.count > 1000)
            var pairs: [String] = []
            for (index, path) in paths.enumerated() {
                try ONNXWriter().write(try ONNXReader().read(path).graph, to: folder + "copy\(index)")
                pairs += [path, folder + "copy\(index)"]
            }
            #expect(try Oracle.run(script: "same_model.py", arguments: pairs) == "")
        }
    }

    // MARK: Weights

    static let weights = (0..<4000).map { UInt8(truncatingIfNeeded: $0 * 7) }

    /// Writes a model whose weights are in a file beside it.
    static func writeModel(_ folder: String, location: String = "model.weights", offset: Int = 96) throws -> String {
        try WholeFile.write([UInt8](repeating: 9, count: offset) + weights, to: folder + location)
        let data = ModelBytes.external([("location", location), ("offset", "\(offset)"), ("length", "4000")])
        let graph = [
            ModelBytes.node("Add", ["x", "w"], ["y"]), ModelBytes.input("x", [1000]), ModelBytes.output("y", [1000]),
            ModelBytes.initializer("w", [1000], data),
        ]
        try WholeFile.write(ModelBytes.model(graph), to: folder + "model.onnx")
        return folder + "model.onnx"
    }

    static func weight(of path: String) throws -> Tensor {
        let graph = try ONNXReader().read(path).graph
        return try #require(graph.value(named: "w").flatMap { graph[$0].constant }).tensor
    }

    @Test("external weights stay where they are beside the model, and go into a model elsewhere")
    func placesWeights() throws {
        try Self.withFolder { folder in
            let path = try Self.writeModel(folder)
            let graph = try ONNXReader().read(path).graph
            let reference = ExternalReference(location: "model.weights", offset: 96, length: 4000)

            try ONNXWriter().write(graph, to: folder + "beside.onnx")
            #expect(try Self.weight(of: folder + "beside.onnx").external == reference)

            try FileManager.default.createDirectory(atPath: folder + "elsewhere", withIntermediateDirectories: false)
            try ONNXWriter().write(graph, to: folder + "elsewhere/model.onnx")
            #expect(try Self.weight(of: folder + "elsewhere/model.onnx").external == nil)
            #expect(try Self.weight(of: folder + "elsewhere/model.onnx").bytes() == Self.weights)

            // The file of weights is written anew while weights are read from the old one, and the model, too.
            let result = try ONNXWriter(weights: .separate).write(graph, to: path)
            #expect(result.weightsPath == folder + "model.weights")
            let moved = try Self.weight(of: path)
            #expect(moved.external == ExternalReference(location: "model.weights", offset: 0, length: 4000))
            #expect(try moved.bytes() == Self.weights)

            try ONNXWriter(weights: .embedded).write(try ONNXReader().read(path).graph, to: path)
            try ONNXWriter().write(try ONNXReader().read(path).graph, to: path)
            #expect(try Self.weight(of: path).bytes() == Self.weights)
        }
    }

    @Test("references to missing weights are written back")
    func keepsMissingReferences() throws {
        try Self.withFolder { folder in
            let path = try Self.writeModel(folder)
            try FileManager.default.removeItem(atPath: folder + "model.weights")
            let weight = try Self.weight(of: path)
            let reference = ExternalReference(location: "model.weights", offset: 96, length: 4000)
            #expect(weight.payload == .missing(reference))
            #expect(throws: HarrierError.self) { try weight.bytes() }
            for placement in [ONNXWriter.WeightPlacement.automatic, .embedded, .separate] {
                try ONNXWriter(weights: placement).write(try ONNXReader().read(path).graph, to: folder + "copy.onnx")
                #expect(try Self.weight(of: folder + "copy.onnx") == weight)
            }
        }
    }

    @Test("nothing is left behind when weights cannot be read, or the file cannot be written")
    func leavesNothingBehind() throws {
        try Self.withFolder { folder in
            let path = try Self.writeModel(folder)
            let graph = try ONNXReader().read(path).graph
            try WholeFile.write([UInt8](repeating: 0, count: 100), to: folder + "model.weights")
            try FileManager.default.createDirectory(atPath: folder + "taken", withIntermediateDirectories: false)
            let before = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            for writer in [ONNXWriter(weights: .embedded), ONNXWriter(weights: .separate)] {
                #expect(throws: HarrierError.self) { try writer.write(graph, to: folder + "copy.onnx") }
            }
            for target in ["taken", "no/such/folder.onnx"] {
                #expect(throws: HarrierError.self) { try ONNXWriter().write(graph, to: folder + target) }
            }
            let after = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            #expect(after == before)
        }
    }

    @Test("nodes without a name, or with one that is taken, get one")
    func namesNodes() throws {
        let graph = try ONNXText.parseModel(
            """
            test (float[2] x) => (float[2] y) {
                [Relu_0] a = Relu(x)
                b = Relu(a)
                [Relu_0] c = Relu(b)
                d = Relu(c)
                k = Constant<value_float=2.0>()
                y = Mul(d, k)
            }
            """)
        try Self.withFolder { folder in
            try ONNXWriter().write(graph, to: folder + "named.onnx")
            let again = try ONNXReader().read(folder + "named.onnx").graph
            #expect(again.nodes.map(\.name) == ["Relu_0", "Relu_1", "Relu_0_0", "Relu_2", "Mul_0"])
        }
    }
}
