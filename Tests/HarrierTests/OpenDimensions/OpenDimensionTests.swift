import Foundation
import Harrier
import IR
import TestSupport
import Testing

/// Results hold for every length of the dimensions that a model leaves open.
@Suite struct OpenDimensionTests {
    /// Two heads of attention over a sequence with a causal mask that is made of the sequence's length, as exporters write it.
    static let decoder = """
        <ir_version: 8, opset_import: ["": 17]>
        decoder (float[batch,sequence,4] x) => (float[batch,sequence,4] y)
        <float[4,4] w = {1, 2, 3, 1, 0, 1, 1, 2, 1, 0, 2, 1, 1, 1, 0, 3}, float[4] g = {1, 1, 1, 1}, float[4] b = {0, 0, 1, 0}> {
            shape = Shape (x) one = Constant<value = int64 {1}> () zero = Constant<value = int64 {0}> ()
            n = Gather (shape, zero) s = Gather (shape, one) axis = Constant<value = int64[1] {0}> ()
            n1 = Unsqueeze (n, axis) s1 = Unsqueeze (s, axis)
            heads = Constant<value = int64[2] {2, 2}> () wide = Constant<value = int64[1] {4}> ()
            split = Concat<axis = 0> (n1, s1, heads) whole = Concat<axis = 0> (n1, s1, wide)
            l = LayerNormalization<axis = -1> (x, g, b) q = MatMul (l, w) r = Reshape (q, split)
            t = Transpose<perm = [0, 2, 1, 3]> (r) u = Transpose<perm = [0, 2, 3, 1]> (r)
            c = MatMul (t, u) row = Range (zero, s, one) column = Unsqueeze (row, one)
            later = Less (column, row) far = Constant<value = float {-10000}> () masked = Where (later, far, c)
            p = Softmax (masked) o = MatMul (p, t) v = Transpose<perm = [0, 2, 1, 3]> (o) h = Reshape (v, whole)
            y = Relu (h)
        }
        """

    private func inFile<Value>(_ text: String, _ body: (String, URL) throws -> Value) throws -> Value {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("open.onnxtxt").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return try body(path, folder)
    }

    @Test(arguments: ["crypten", "semi2k", "cheetah"])
    func resultsHoldForEveryLength(_ framework: String) throws {
        try inFile(Self.decoder) { path, folder in
            let model = try Model(contentsOf: path, dimensions: ["sequence": 6])
            let found = try model.optimize(under: FrameworkCatalog.make(framework))
            let graph = try #require(found.openGraph, "\(found.notes)")
            #expect(
                graph.inputs.map { graph[$0].type?.shape } == [[.symbol("batch"), .symbol("sequence"), .known(4)]])
            let result = folder.appendingPathComponent("result.onnx").path
            try found.write(to: result)
            for lengths in [["batch": 1, "sequence": 6], ["batch": 3, "sequence": 5], ["batch": 2, "sequence": 11]] {
                let pair = try Model.reading([path, result], dimensions: lengths)
                let check = pair[0].verify(pair[1])
                #expect(check.status == .passed, "\(lengths): \(check.why ?? "")")
                #expect(pair[1].graph.inputs.map { pair[1].graph[$0].type?.lengths?[1] } == [lengths["sequence"]])
            }
            let priced = try Model(contentsOf: result, dimensions: ["sequence": 6])
            #expect(try priced.profile(under: FrameworkCatalog.make(framework)).total.online == found.after.online)
        }
    }

    /// A rewrite that needs a length is taken where the user wants a model for that length only.
    @Test func lengthsAreFrozenOnRequest() throws {
        try inFile(Self.decoder) { path, _ in
            let model = try Model(contentsOf: path, dimensions: ["sequence": 6])
            var options = OptimizationOptions()
            options.keepsOpenDimensions = false
            let frozen = try model.optimize(under: FrameworkCatalog.make("crypten"), options: options)
            let open = try model.optimize(under: FrameworkCatalog.make("crypten"))
            #expect(frozen.openGraph == nil && frozen.after.online.rounds < open.after.online.rounds)
            let graph = try frozen.model.graph
            #expect(graph.inputs.map { graph[$0].type?.lengths } == [[1, 6, 4]])
            #expect(open.leftOut.map(\.rule).contains("softmax-max-tree"))
            #expect(!frozen.leftOut.map(\.rule).contains("softmax-max-tree"))
        }
    }

    @Test func eachFileTakesTheLengthsThatItHas() throws {
        try inFile(Self.decoder) { path, folder in
            let fixed = folder.appendingPathComponent("fixed.onnxtxt").path
            try Self.decoder.replacingOccurrences(of: "[batch,sequence,", with: "[1,6,")
                .write(toFile: fixed, atomically: true, encoding: .utf8)
            let pair = try Model.reading([path, fixed], dimensions: ["sequence": 6])
            #expect(pair[0].verify(pair[1]).status == .passed)
            let error = #expect(throws: HarrierError.self) {
                _ = try Model.reading([path, fixed], dimensions: ["length": 6])
            }
            #expect(error?.message == "no input has a dimension 'length'")
            #expect(error?.hint == "open dimensions: batch, sequence")
        }
    }

    @Test func oneMessageListsWhatIsMissing() throws {
        let text = """
            <ir_version: 8, opset_import: ["": 17]>
            two (float[batch,width,height] x, float[nodes,nodes] a) => (float[batch,width,height] y) { y = Relu (x) }
            """
        try inFile(text) { path, _ in
            let error = #expect(throws: HarrierError.self) {
                let model = try Model(contentsOf: path)
                try model.requireLengths(of: path)
            }
            #expect(error?.message.hasSuffix("'height', 'nodes', 'width'") == true)
            #expect(error?.hint == "set them: --dim 'height=128' --dim 'nodes=128' --dim 'width=128'")
        }
    }

    /// A file for one length takes a batch where its operators do.
    @Test func fixedExportsTakeABatch() throws {
        let text = """
            <ir_version: 8, opset_import: ["": 17]>
            fixed (float[1,4] x) => (float[1,4] y) { y = Relu (x) }
            """
        try inFile(text) { path, _ in
            let model = try Model(contentsOf: path, dimensions: ["batch": 8])
            #expect(model.graph.outputs.map { model.graph[$0].type?.lengths } == [[8, 4]])
        }
    }

    /// What stays open of models that do not take every length, or have bodies: which dimensions, and what is kept.
    static let kinds: [(text: String, shape: [IR.Dimension])] = [
        // Two names for one length.
        (
            "(float[rows,4] x, float[count,4] z) => (float[rows,4] y) { s = Sigmoid (x) t = Tanh (z) y = Mul (s, t) }",
            [.symbol("rows"), .known(4)]
        ),
        // A batch that the model's own constants fix.
        (
            """
            (float[batch,seq,4] x) => (float[batch,total,4] y) <float[1,1,4] first = {1, 2, 3, 4}> {
                r = Concat<axis = 1> (first, x) y = Sigmoid (r)
            }
            """, [.known(1), .symbol("seq"), .known(4)]
        ),
        // Rows of a table up to the length, which a Reshape brings into its shape.
        (
            """
            (float[batch,target,4] x) => (float[batch,target,4] y) <float[32,4] t = ["location": "w"]> {
                zero = Constant<value = int64 {0}> () one = Constant<value = int64 {1}> ()
                last = Constant<value = int64[1] {-1}> () s = Shape (x) n = Gather (s, one) r = Range (zero, n, one)
                i = Unsqueeze (r, last) e = GatherND (t, i) a = Add (x, e) y = Softmax (a)
            }
            """, [.symbol("batch"), .symbol("target"), .known(4)]
        ),
        // A body.
        (
            """
            (float[batch,4] x, bool c) => (float[batch,4] y) {
                t = Sigmoid (x)
                y = If (c) <
                    then_branch = one () => (float[batch,4] a) { a = Identity (t) },
                    else_branch = two () => (float[batch,4] b) { b = Relu (t) }
                >
            }
            """, [.symbol("batch"), .known(4)]
        ),
    ]

    @Test(arguments: kinds)
    func whatCanStaysOpen(_ text: String, _ shape: [IR.Dimension]) throws {
        let text = "<ir_version: 8, opset_import: [\"\": 17]> m " + text
        try inFile(text) { path, folder in
            let open = try Model(contentsOf: path).openDimensions
            let lengths = Dictionary(uniqueKeysWithValues: open.filter { $0 != "batch" }.map { ($0, 6) })
            let model = try Model(contentsOf: path, dimensions: lengths)
            let found = try model.optimize(under: FrameworkCatalog.make("crypten"))
            let graph = try #require(found.openGraph, "\(found.notes)")
            #expect(graph[graph.inputs[0]].type?.shape == shape, "\(found.notes)")
        }
    }

    /// A branch that cannot run at these lengths is not the one that is taken, and what decides may be known to everybody.
    @Test func aBranchThatDoesNotFitIsNotTaken() throws {
        let text = """
            <ir_version: 8, opset_import: ["": 17]>
            m (float[1,n] x, int64 rate) => (float[1,k] y) <float[4,3] short = ["location": "w"], float[8,3] long = ["location": "w"]> {
                c = Constant<value = int64 {16000}> () e = Equal (rate, c)
                y = If (e) <
                    then_branch = one () => (float[1,3] a) { a = MatMul (x, short) },
                    else_branch = two () => (float[1,3] b) { b = MatMul (x, long) }
                >
            }
            """
        try inFile(text) { path, _ in
            for length in [4, 8] {
                let model = try Model(contentsOf: path, dimensions: ["n": length])
                let framework = try FrameworkCatalog.make("crypten")
                let secret = try model.profile(under: framework)
                let offer = try #require(try model.publicOffer(beside: secret, under: framework))
                #expect(offer.inputs == ["rate"] && offer.priced == secret.unpriced.count)
                let known = try model.profile(under: framework, visibility: ["rate": .public])
                #expect(known.unpriced.isEmpty && known.total.online.bytes > 0)
            }
        }
    }
}
