import Evaluate
import Foundation
import IR
import ONNXFormat
import TestSupport
import Testing

@Suite("Damaged and hostile ONNX files")
struct HostileFileTests {
    typealias M = ModelBytes

    static let relu = [M.node("Relu", ["x"], ["y"]), M.input("x"), M.output("y")]
    static let add = [M.node("Add", ["x", "w"], ["y"]), M.input("x"), M.output("y")]

    /// Files, and what is said of them.
    static let files: [(bytes: [UInt8], message: String)] = [
        ([], "is empty"),
        ([0x08], "is truncated or damaged"),
        ([0x08, 0x08, 0x03], "starts no field"),
        ((0...255).map { UInt8($0) &* 167 &+ 13 }, "is not an ONNX model, or damaged"),
        (M.field(1, 8), "there is no graph in it"),
        (M.field(1, 8) + M.field(7, 5), "there is no graph in it"),
        (M.field(1, 8) + M.field(7, [0x0a, 0x05, 0x20]), "some field is of another type"),
        (Array(M.model(relu).dropLast(5)), "is truncated or damaged"),
        (M.model(relu, opsets: []), "does not say which version"),
        (M.model(relu, opsets: [0]), "uses version 0"),
        (M.model(relu, opsets: [17, 18]), "uses two versions"),
        (M.model([M.node("", ["x"], ["y"]), M.input("x"), M.output("y")]), "has no op_type"),
        (M.model([M.node("Relu", ["x"], ["y"]), M.input("x")]), "has no outputs"),
        (M.model([M.node("Relu", ["z"], ["y"]), M.input("x"), M.output("y")]), "reads 'z', which is neither"),
        (M.model([M.input("x"), M.output("y")]), "reads 'y', which is neither"),
        (M.model(relu + [M.node("Tanh", ["x"], ["y"])]), "two values of the name 'y'"),
        (M.model(relu + [M.input("x")]), "two values of the name 'x'"),
        (M.model(relu + [M.input("")]), "a value without a name"),
        (M.model(add + [M.initializer("w", [2], M.raw(8)), M.initializer("w", [2], M.raw(8))]), "of the name 'w'"),
        (
            M.model([M.node("Add", ["x", "y"], ["z"]), M.node("Relu", ["z"], ["y"]), M.input("x"), M.output("y")]),
            "cycle"
        ),
        (M.model([M.node("Relu", ["y"], ["y"]), M.output("y")]), "cycle"),
        (M.model([M.node("Relu", ["x"], ["y"]), M.input("x", [-2]), M.output("y")]), "a negative dimension"),
        (M.model([M.node("Relu", ["x"], ["y"]), M.input("x", [1 << 40, 1 << 40]), M.output("y")]), "is too large"),
        (M.model(add + [M.initializer("w", [-2], M.raw(8))]), "a negative dimension"),
        (M.model(add + [M.initializer("w", [1 << 62, 1 << 62], M.raw(8))]), "is too large"),
        (M.model(add + [M.initializer("w", [3], M.raw(8))]), "8 bytes of data, which do not make"),
        (M.model(add + [M.initializer("w", [3000], M.raw(8000))]), "8000 bytes of data, which do not make"),
        (M.model(add + [M.initializer("w", [2], [])]), "0 bytes of data"),
        (M.model(add + [M.initializer("w", [2], type: 99, M.raw(8))]), "element type number 99"),
        (M.model(add + [M.initializer("w", [2], type: 8, M.field(6, [0xff]) + M.field(6, "a"))]), "not UTF-8"),
        (
            M.model(add + [M.initializer("w", [500], type: 11, M.field(4, [UInt8](repeating: 0, count: 4000)))]),
            "not for"
        ),
        (M.model(add + [M.initializer("w", [2], M.external([("location", "/etc/passwd")]))]), "'/etc/passwd'"),
        (M.model(add + [M.initializer("w", [2], M.external([("location", "a/../../w")]))]), "'a/../../w'"),
        (M.model(add + [M.initializer("w", [2], M.external([]))]), "without a location"),
        (
            M.model(add + [M.initializer("w", [2], M.external([("location", "w"), ("offset", "-1")]))]),
            "offset is '-1'"
        ),
        (M.model(add + [M.initializer("w", [2], M.external([("location", "w"), ("length", "9")]))]), "9 bytes"),
        (
            M.model(add + [M.initializer("w", [2], M.external([("location", "hostile.bin"), ("offset", "4096")]))]),
            "8 bytes at offset 4096 of 'hostile.bin', which has 16"
        ),
        (M.model(add + [M.initializer("w", [2], M.external([("location", ".")]))]), "is a directory"),
        (
            M.model([
                M.node(
                    "Relu", ["x"], ["y"], attributes: [M.attribute("a", kind: 2, []), M.attribute("a", kind: 2, [])]),
                M.input("x"), M.output("y"),
            ]), "two attributes 'a'"
        ),
        (
            M.model([M.node("Relu", ["x"], ["y"], attributes: [M.field(1, "a")]), M.input("x"), M.output("y")]),
            "of what kind its attribute 'a' is"
        ),
        (M.field(1, 8) + M.field(7, M.nested(20)), "reads 'c', which is neither"),
        (M.field(1, 8) + M.field(7, M.nested(1000)), "graphs inside each other"),
    ]

    @Test("each is one clear message that names the file", arguments: files.indices)
    func isRefused(index: Int) throws {
        let (bytes, message) = Self.files[index]
        try ONNXWriterTests.withFolder { folder in
            let path = folder + "hostile.onnx"
            try WholeFile.write([UInt8](repeating: 0, count: 16), to: folder + "hostile.bin")
            try WholeFile.write(bytes, to: path)
            let error = try #require(throws: HarrierError.self) { try loadModel(at: path, evaluator: Interpreter()) }
            #expect("\(error)".contains(message), "\(error)")
            #expect("\(error)".hasPrefix(folder), "\(error)")
        }
    }

    @Test("a folder, a missing file and a device are no models")
    func refusesOtherThanFiles() throws {
        try ONNXWriterTests.withFolder { folder in
            for (path, message) in [
                (folder, "is a directory"), (folder + "none.onnx", "cannot be read"), ("/dev/zero", "is not a regular"),
            ] {
                let error = try #require(throws: HarrierError.self) { try loadModel(at: path, evaluator: nil) }
                #expect("\(error)".contains(message), "\(error)")
            }
        }
    }

    @Test("a small file of many graphs inside each other is refused, too")
    func refusesDeepSmallFiles() throws {
        try ONNXWriterTests.withFolder { folder in
            let path = folder + "deep.onnx"
            var type = M.field(1, M.field(1, 1))
            for _ in 0..<200 { type = M.field(4, M.field(1, type)) }
            let input = M.field(11, M.field(1, "z") + M.field(2, type))
            try WholeFile.write(M.model(Self.relu + [input]), to: path)
            let error = try #require(throws: HarrierError.self) { try loadModel(at: path, evaluator: nil) }
            #expect(error.message.contains("nested more than 100 deep"))
        }
    }

    // MARK: Random damage

    /// A model with constants, a shape chain and bodies.
    static let sample = """
        <ir_version: 8, opset_import: ["": 17]> sample (float[2,3] x, bool c) => (float[n,m] y)
        <float[3,2] w = {1,2,3,4,5,6}, float[2] b = {1,1}> {
            s = Shape(x)
            i = Constant<value = int64[1] {0}>()
            d = Gather(s, i)
            k = Constant<value_ints = [2]>()
            t = Concat<axis=0>(d, k)
            p = Gemm<alpha=0.5>(x, w, b)
            q = Reshape(p, t)
            r = Softmax<axis=1>(q)
            y = If (c) <
                then_branch = one () => (float[n,m] u) { u = ReduceMean<axes=[1]>(r) },
                else_branch = two () => (float[n,m] v) { v = Relu(r) }
            >
        }
        """

    @Test("no damage crashes the reader, the conversion or the inference")
    func survivesDamage() throws {
        try ONNXWriterTests.withFolder { folder in
            let path = folder + "damaged.onnx"
            try ONNXWriter().write(try ONNXText.parseModel(Self.sample), to: path)
            let sample = try Data(contentsOf: URL(fileURLWithPath: path))
            let minionn = try Data(contentsOf: URL(fileURLWithPath: try Fixtures.path("models/minionn.onnx")))
            var generator = SplitMix(state: 1)
            var refused = 0
            for model in [sample, minionn] {
                for length in stride(from: 0, to: model.count, by: max(1, model.count / 100)) {
                    if try !survives(model.prefix(length), at: path) { refused += 1 }
                }
                for _ in 0..<400 {
                    var damaged = model
                    for _ in 0...Int.random(in: 0..<3, using: &generator) {
                        damaged[Int.random(in: 0..<model.count, using: &generator)] = .random(
                            in: 0 ... .max, using: &generator)
                    }
                    if try !survives(damaged, at: path) { refused += 1 }
                }
            }
            #expect(refused > 400)
        }
    }

    /// Whether the bytes are a model. Errors other than ours are the test's failure.
    private func survives(_ bytes: Data, at path: String) throws -> Bool {
        try bytes.write(to: URL(fileURLWithPath: path))
        do {
            let model = try loadModel(at: path, evaluator: Interpreter())
            try ONNXWriter().write(model.graph, to: path + ".copy")
            return true
        } catch let error as HarrierError {
            #expect(error.description.hasPrefix(path))
            return false
        }
    }
}

/// A small random number generator with a given start (Steele, Lea and Flood 2014), so that tests repeat.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ bits >> 30) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ bits >> 27) &* 0x94d0_49bb_1331_11eb
        return bits ^ bits >> 31
    }
}
