import Evaluate
import Foundation
import IR
import ONNXFormat
import TestSupport
import Testing

@Suite("Converting between versions of ONNX's operator set")
struct OpsetConversionTests {
    /// A small graph in an old version, the operators it has in version 21, and the version it is written back in.
    struct Case: Sendable {
        var version: Int
        var text: String
        var converted: [OperatorName]
        var written: Int

        init(_ version: Int, _ text: String, _ converted: [OperatorName], written: Int? = nil) {
            self.version = version
            self.text = text
            self.converted = converted
            self.written = written ?? version
        }
    }

    static let cases: [Case] = [
        Case(11, "(float[2,3,1] x) => (float[a,b] y) { y = Squeeze<axes=[2]>(x) }", ["Squeeze"]),
        Case(11, "(float[2,1,3,1] x) => (float[a,b] y) { y = Squeeze(x) }", ["Squeeze"]),
        Case(12, "(float[2,3] x) => (float[a,b,c,d] y) { y = Unsqueeze<axes=[0,3]>(x) }", ["Unsqueeze"]),
        Case(11, "(float[2,3,4] x) => (float[a,b] y) { y = ReduceSum<axes=[1],keepdims=0>(x) }", ["ReduceSum"]),
        Case(11, "(float[2,3,4] x) => (float y) { y = ReduceSum<keepdims=0>(x) }", ["ReduceSum"]),
        Case(13, "(float[2,3,4] x) => (float[a,b,c] y) { y = ReduceMean<axes=[-1,1]>(x) }", ["ReduceMean"]),
        Case(17, "(float[2,3,4] x) => (float[a,b] y) { y = ReduceL2<axes=[0],keepdims=0>(x) }", ["ReduceL2"]),
        Case(17, "(float[2,3,4] x) => (float[a,b,c] y) { y = ReduceLogSumExp(x) }", ["ReduceLogSumExp"]),
        Case(12, "(float[2,6] x) => (float[a,b] y, float[c,d] z) { y, z = Split<axis=1,split=[2,4]>(x) }", ["Split"]),
        Case(12, "(float[2,6] x) => (float[a,b] y, float[c,d] z) { y, z = Split<axis=1>(x) }", ["Split"]),
        Case(13, "(float[6,2] x) => (float[a,b] y, float[c,d] z) { y, z = Split(x) }", ["Split"]),
        Case(12, "(float[2,3,4] x) => (float[a,b,c] y) { y = Softmax<axis=2>(x) }", ["Softmax"]),
        Case(12, "(float[2,3] x) => (float[a,b] y) { y = Softmax(x) }", ["Softmax"]),
        Case(12, "(float[2,3,1,1] x) => (float[a,b,c,d] y) { y = LogSoftmax(x) }", ["LogSoftmax"]),
        Case(
            11, "(float[2,3,4] x) => (float[a,b,c] y) { y = Softmax(x) }", ["Shape", "Flatten", "Softmax", "Reshape"]),
        Case(
            12, "(float[2,3,4] x) => (float[a,b,c] y) { t = Relu(x) y = Hardmax<axis=0>(t) }",
            ["Relu", "Shape", "Flatten", "Hardmax", "Reshape"]),
        Case(13, "(float[2,3,4] x) => (float[a,b,c] y) { y = Softmax<axis=1>(x) }", ["Softmax"]),
        Case(11, "(float[2,3] x) => (float[a,b] y) { y = Dropout<ratio=0.25>(x) }", ["Dropout"]),
        Case(
            13, "(float[2,3] x) => (float[a,b] y) <float r={0.5}, bool t={0}> { y = Dropout(x, r, t) }", ["Dropout"]),
        Case(
            11,
            """
            (float[1,2,3,3] x) => (float[a,b,c,d] y) <float[2] s={2,3}, float[2] v={0.5,4}> {
                y = BatchNormalization<epsilon=0.01>(x, s, s, s, v) }
            """, ["BatchNormalization"]),
        Case(
            11, "(float[2,3] x) => (float[a,b] y) <int64[4] p={0,1,1,0}> { y = Pad<mode=\"edge\">(x, p) }", ["Pad"]),
        Case(13, "(float[4,3] x) => (int64[a,b] y) { y = ArgMax<axis=0>(x) }", ["ArgMax"]),
        Case(
            11,
            """
            (float[1,1,4,4] x) => (float[a,b,c,d] y) <float[0] r={}, float[4] s={1,1,2,2}> {
                y = Resize<mode="linear", coordinate_transformation_mode="half_pixel">(x, r, s) }
            """, ["Resize"]),
        Case(
            13,
            """
            (float[1,1,4,4] x) => (float[a,b,c,d] y) <int64[4] s={1,1,7,9}> {
                y = Resize<mode="nearest", nearest_mode="floor">(x, , , s) }
            """, ["Resize"]),
        Case(
            16,
            """
            (float[1,1,4,4] x, float[1,2,2,2] g) => (float[a,b,c,d] y) { y = GridSample<mode="bicubic">(x, g) }
            """, ["GridSample"]),
        Case(
            17, "(float[1,1,6,6] x) => (float[a,b,c,d] y) { y = AveragePool<kernel_shape=[2,2],strides=[2,2]>(x) }",
            ["AveragePool"]),
        Case(17, "(float[2,3] x) => (int64[2] y) { y = Shape(x) }", ["Shape"]),
        Case(
            18,
            """
            (float[1,4,2,2] x) => (float[a,b,c,d] y) <float[2] s={2,3}, float[2] b={1,-1}> {
                y = GroupNormalization<num_groups=2>(x, s, b) }
            """, ["Reshape", "Expand", "Reshape", "Reshape", "Expand", "Reshape", "GroupNormalization"], written: 21),
        Case(9, "(float[2,3] x) => (float[a,b] y) { y = Clip<min=-0.5,max=0.5>(x) }", ["Clip"]),
        Case(10, "(float[2,3] x) => (float[a,b] y) { y = Clip<max=0.5>(x) }", ["Clip"]),
        Case(
            9, "(float[2,3] x) => (float[a,b] y) { y = Pad<pads=[0,1,1,0],value=2.0>(x) }", ["Pad"], written: 11),
        Case(
            9, "(float[4,5] x) => (float[a,b] y) { y = Slice<axes=[1],starts=[1],ends=[-1]>(x) }", ["Slice"]),
        Case(9, "(float[4,5] x) => (float[a,b] y, int64[a,b] i) { y, i = TopK<k=2>(x) }", ["TopK"], written: 10),
        Case(
            9,
            """
            (float[1,1,2,2] x) => (float[a,b,c,d] y) <float[4] s={1,1,2,3}> { y = Upsample<mode="nearest">(x, s) }
            """, ["Resize"], written: 11),
        Case(
            10,
            """
            (float[1,1,4,4] x) => (float[a,b,c,d] y) <float[4] s={1,1,1.5,2}> { y = Resize<mode="linear">(x, s) }
            """, ["Resize"], written: 11),
        Case(7, "(float[2,3] x, float[2,3] z) => (float[a,b] y) { t = Max(x, z) y = Relu(t) }", ["Max", "Relu"]),
        Case(
            7, "(float[2,3] x, float[2,3] z) => (float[a,b] y) { t = Concat<axis=-1>(x, z) y = Abs(t) }",
            ["Concat", "Abs"], written: 11),
        Case(
            8,
            """
            (float[1,2,3,3] x) => (float[a,b,c,d] y) <float[2] s={2,3}, float[2] v={0.5,4}> {
                t = BatchNormalization<epsilon=0.01>(x, s, s, s, v) y = MaxPool<kernel_shape=[2,2]>(t) }
            """, ["BatchNormalization", "MaxPool"]),
        Case(
            16,
            """
            (bool c, float[2,3,4] x) => (float[p,q,r] y) {
                y = If (c) <
                    then_branch = one () => (float[p,q,r] t) { t = ReduceMean<axes=[1]>(x) },
                    else_branch = two () => (float[p,q,r] e) { e = ReduceMax<axes=[2]>(x) }
                > }
            """, ["If"]),
        Case(
            23, "(float[2,3] x) => (float[a,b] y) { t = Cast<to=1>(x) y = Identity(t) }", ["Cast", "Identity"]),
    ]

    @Test("graphs of old versions compute the same in version 21, and back in their own")
    func convertsThereAndBack() throws {
        try ONNXWriterTests.withFolder { folder in
            var pairs: [(String, String)] = []
            for (index, test) in Self.cases.enumerated() {
                let (old, new, back) = (folder + "\(index)-old", folder + "\(index)-new", folder + "\(index)-back")
                try convert(test, old: old, new: new, back: back)
                pairs += [(old, new), (old, back)]
            }
            _ = try Oracle.run(script: "check_model.py", arguments: pairs.map(\.1))
            for (index, error) in try largestErrors(pairs).enumerated() {
                #expect(error < 1e-6, "\(Self.cases[index / 2])")
            }
        }
    }

    private func convert(_ test: Case, old: String, new: String, back: String) throws {
        let graph = try ONNXText.parseModel(
            "<ir_version: 8, opset_import: [\"\": \(test.version)]> test " + test.text)
        try ONNXWriter().write(graph, to: old)
        let model = try loadModel(at: old, evaluator: Interpreter())
        #expect(model.graph.opsets == ["": 21], "\(test)")
        #expect(model.graph.nodes.map(\.op) == test.converted, "\(test)")
        try ONNXWriter(opset: 21).write(model.graph, to: new)
        let result = try ONNXWriter().write(model.graph, to: back)
        #expect(result.opset == test.written, "\(test)")
        #expect(result.notes.isEmpty == (test.version == test.written), "\(test)")
    }

    static let refused: [(version: Int, text: String, message: String)] = [
        (
            3, "(float[2] x) => (float[4] y) { y = Concat(x, x) }",
            "Concat without the change of version 4, as in version 3"
        ),
        (
            8, "(float[1,2,3,3] x, float[2] s) => (float y) { y = BatchNormalization<spatial=0>(x, s, s, s, s) }",
            "statistics for every place"
        ),
        (
            12,
            "(float[1,2,3,3] x, float[2] s) => (float y) { y, m, v, a, b = BatchNormalization(x, s, s, s, s) }",
            "with outputs for training"
        ),
        (24, "(float[2] x) => (float8e8m0[2] y) { y = Cast<to=24,round_mode=\"down\">(x) }", "'round_mode'"),
    ]

    @Test(arguments: refused)
    func refusesWhatChanged(version: Int, text: String, message: String) throws {
        try ONNXWriterTests.withFolder { folder in
            let graph = try ONNXText.parseModel("<ir_version: 8, opset_import: [\"\": \(version)]> test " + text)
            try ONNXWriter().write(graph, to: folder + "old.onnx")
            let error = try #require(throws: HarrierError.self) {
                try loadModel(at: folder + "old.onnx", evaluator: nil)
            }
            #expect(error.message.contains(message), "\(error)")
            #expect(error.place != nil && error.file == folder + "old.onnx")
        }
    }

    @Test("an operator that an older version has not is written as its function body")
    func writesFunctionBodies() throws {
        let graph = try ONNXText.parseModel("test (float[2] x) => (float[2] y) { y = Gelu(x) }")
        try ONNXWriterTests.withFolder { folder in
            let result = try ONNXWriter(opset: 17).write(graph, to: folder + "body.onnx")
            #expect(result.opset == 17 && !result.notes.isEmpty)
            let written = try loadModel(at: folder + "body.onnx", evaluator: Interpreter()).graph
            #expect(written.nodes.contains { $0.op == "Erf" } && !written.nodes.contains { $0.op == "Gelu" })
            try ONNXWriter(opset: 21).write(graph, to: folder + "whole.onnx")
            #expect(try largestErrors([(folder + "whole.onnx", folder + "body.onnx")]).allSatisfy { $0 < 1e-6 })
        }
    }

    @Test("an operator that ONNX does not know goes out with the version that it came with")
    func keepsTheVersionOfUnknownOperators() throws {
        let graph = try ONNXText.parseModel(
            """
            <ir_version: 8, opset_import: ["": 7]>
            old (float[1,1,2,2] x) => (float[1,1,2,2] y) { a = ImageScaler<bias=[0.1], scale=0.5>(x) y = Relu(a) }
            """)
        try ONNXWriterTests.withFolder { folder in
            try ONNXWriter().write(graph, to: folder + "old.onnx")
            let model = try loadModel(at: folder + "old.onnx", evaluator: Interpreter()).graph
            let result = try ONNXWriter().write(model, to: folder + "new.onnx")
            #expect(result.opset == 7 && result.notes.isEmpty)
        }
    }

    @Test("what an older version has not cannot be written in it")
    func refusesOldVersions() throws {
        let graph = try ONNXText.parseModel("test (float[2] x) => (float[2] y) { y = Gelu(x) }")
        try ONNXWriterTests.withFolder { folder in
            #expect(throws: HarrierError.self) { try ONNXWriter(opset: 6).write(graph, to: folder + "new.onnx") }
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left.isEmpty)
        }
    }
}
