import Evaluate
import IR
import TestSupport
import Testing

@testable import Frameworks
@testable import Pricing

/// What OpenCheetah and CryptFlow2 over homomorphic encryption have not, put together of what they have.
@Suite struct SCICompositionTests {
    /// The price of one node whose operands are shared, but for w, k, f, g and t, which the server has, and c, which the client has.
    private func price(_ expression: String, _ framework: String, scaling: String = "none") throws -> Profile {
        let graph = try model(
            """
            g (float[4096] x, float[4096] y, float[4096] w, float[4096] c, float[1,64] a, float[64,10] b, float[64,10] k,
               float[2,6,8] q, float[2,8,6] r, float[1,4,6,6] m, float[8,2,3,3] f, float[8,4,3,3] g, float[1,4,3,3] p,
               float[4,4,3,3] t)
              => (float[4096] u) <float zero = {0}> { u = Identity(x) z = \(expression) }
            """)
        let owned = ["w", "k", "f", "g", "t"].map { ($0, Visibility.owned(party: 0)) } + [("c", .owned(party: 1))]
        return try Profiler(
            try FrameworkCatalog.make(framework, configuration: ["scaling": scaling]), evaluator: Interpreter()
        ).profile(graph, policy: VisibilityPolicy(exceptions: Dictionary(uniqueKeysWithValues: owned)))
    }

    private func bytes(_ expression: String, _ framework: String, scaling: String = "none") throws -> Int {
        let profile = try price(expression, framework, scaling: scaling)
        #expect(profile.unpriced.isEmpty, "\(profile.unpriced)")
        return profile.total.online.bytes
    }

    /// Two runs of the product with a factor of the server, the second with the parties swapped; a square needs one.
    @Test(arguments: ["cheetah", "cryptflow2-he"])
    func productsOfSharesAreTwo(framework: String) throws {
        let one = try price("Mul(x, w)", framework)
        let both = try price("Mul(x, y)", framework)
        #expect(both.total.online.bytes == 2 * one.total.online.bytes)
        #expect((one.total.online.rounds, both.total.online.rounds) == (2, 3))
        #expect([one, both].map { $0.entries.last?.price.basis } == [.native, .composed])
        #expect(try bytes("Mul(x, x)", framework) == one.total.online.bytes)
        #expect(try bytes("Mul(x, c)", framework) == one.total.online.bytes)
        #expect(try bytes("MatMul(a, b)", framework) == 2 * bytes("MatMul(a, k)", framework))
    }

    /// A product of the server is scaled down by the next Relu; one of two shares where it is made.
    @Test func productsOfSharesAreScaledDown() throws {
        let truncation = OpenCheetah.Protocols(bits: 37).truncate(shift: 12, 10)
        let bare = try bytes("MatMul(a, b)", "cheetah")
        #expect(try bytes("MatMul(a, b)", "cheetah", scaling: "relu") == bare + truncation.server + truncation.client)
        #expect(try bytes("MatMul(a, k)", "cheetah", scaling: "relu") == bare / 2)
    }

    /// The product that sends less: 6 rows of 8 by 8 × 6 either way, for each of two.
    @Test func batchesAreRunOneAfterAnother() throws {
        let linear = OpenCheetah.Linear(bits: 37)
        let row = linear.matrixProduct(rows: 6, length: 8, columns: 6)
        #expect(try bytes("MatMul(q, r)", "cheetah") == 2 * 2 * (row.server + row.client))
        let wide = OpenCheetah.Functions().settings
        let few = try OpenCheetah.Functions(settings: wide).matmul(MatrixProduct(100, 16, 2))
        let byRight = linear.matrixProduct(rows: 2, length: 16, columns: 100)
        #expect(few.total.online.bytes == 2 * (byRight.server + byRight.client))
    }

    private func convolution(
        channels: Int, input: [Int], kernel: [Int], output: [Int], dilation: Int = 1, group: Int = 1
    ) -> Convolution {
        let zeros = input.map { _ in 0 }
        return Convolution(
            batch: 1, inputChannels: channels, outputChannels: 8, input: input, kernel: kernel, output: output,
            strides: input.map { _ in 1 }, padsBegin: zeros, padsEnd: zeros, dilations: input.map { _ in dilation },
            group: group, sides: Sides(.private, .owned(party: 0)))
    }

    /// A convolution a group; zeros in kernels; an axis of length 1; slices as channels.
    @Test func convolutionsAreMadeOfThoseThatThereAre() throws {
        let functions = OpenCheetah.Functions()
        func bytes(_ convolution: Convolution) throws -> Int {
            try functions.convolution(convolution).total.online.bytes
        }
        var group = convolution(channels: 2, input: [6, 6], kernel: [3, 3], output: [4, 4])
        group.outputChannels = 4
        #expect(
            try bytes(convolution(channels: 4, input: [6, 6], kernel: [3, 3], output: [4, 4], group: 2))
                == 2 * bytes(group))
        #expect(
            try bytes(convolution(channels: 4, input: [9, 9], kernel: [3, 3], output: [5, 5], dilation: 2))
                == bytes(convolution(channels: 4, input: [9, 9], kernel: [5, 5], output: [5, 5])))
        #expect(
            try bytes(convolution(channels: 4, input: [9], kernel: [3], output: [7]))
                == bytes(convolution(channels: 4, input: [1, 9], kernel: [1, 3], output: [1, 7])))
        var slices = convolution(channels: 12, input: [6, 6], kernel: [3, 3], output: [4, 4])
        slices.batch = 4
        #expect(
            try bytes(convolution(channels: 4, input: [6, 6, 6], kernel: [3, 3, 3], output: [4, 4, 4])) == bytes(slices)
        )
        #expect(try price("Conv<group = 2>(m, f)", "cheetah").entries.last?.price.basis == .composed)
        #expect(try price("Conv(m, g)", "cheetah").entries.last?.price.basis == .native)
        #expect(try self.bytes("Conv(m, p)", "cheetah") > 0)
    }

    /// A transposed convolution is one of a larger image: 6 × 6 become 13 × 13, padded to 15 × 15.
    @Test func transposedConvolutionsSpreadImages() throws {
        let spread = convolution(channels: 4, input: [15, 15], kernel: [3, 3], output: [13, 13])
        var result = spread
        result.outputChannels = 4
        let expected = try OpenCheetah.Functions().convolution(result).total.online.bytes
        let profile = try price("ConvTranspose<strides = [2, 2]>(m, t)", "cheetah")
        #expect(profile.total.online.bytes == expected)
        #expect(profile.entries.last?.price.basis == .composed)
    }

    /// SCI's mathematical library over its own transfers, on one connection.
    @Test func functionsAreThoseOfTheLibrary() throws {
        let library = SCI.Protocols(isUniform: false, hasTwoConnections: false)
        let format = SCI.FixedPoint(bits: 37, scale: 12)
        for (expression, step) in [
            ("Sigmoid(x)", library.sigmoid(format, 4096)), ("Tanh(x)", library.tanh(format, 4096)),
            ("Exp(x)", library.expNegative(format, 4096)),
            ("Sqrt(x)", library.squareRoot(format, isInverse: false, 4096)),
        ] {
            let profile = try price(expression, "cheetah")
            #expect(profile.total.online.bytes == step.server + step.client, "\(expression)")
            #expect(profile.entries.last?.price.basis == .composed)
            #expect(
                profile.setup.offline.bytes == OpenCheetah.Protocols.setup.server + OpenCheetah.Protocols.setup.client
                    + SCI.baseTransfers.offline.bytes)
        }
        let softmax = try price("Softmax(a)", "cheetah", scaling: "relu")
        let call = try #require(softmax.entries.last?.price.call)
        #expect(call.children.map(\.name) == ["max", "exp", "div", "shared_product", "truncate"])
        #expect(try price("Relu(x)", "cheetah").entries.last?.price.basis == .native)
    }

    /// 10 digits of 4 bits: one-of-16 transfers, 9 products each by transferred triples.
    @Test func equalityIsSCIs() throws {
        let step = SCI.Protocols(transfer: .silent, hasTwoConnections: false).equality(bits: 37, 4096)
        #expect(try bytes("Equal(x, y)", "cheetah") == step.server + step.client)
        let compared = SCI.FieldProtocols(bits: 37)?.drelu(2 * 4096)
        #expect(try bytes("Equal(x, y)", "cryptflow2-he") == (compared?.server ?? 0) + (compared?.client ?? 0))
    }

    /// Fixed-point numbers are finite: nothing is sent to find that out, nor to choose by it.
    @Test(
        arguments: FrameworkCatalog.programNames.filter { !["semi2k", "spu-aby3", "spu-cheetah"].contains($0) } + [
            "aby3"
        ])
    func finitenessIsPublic(framework: String) throws {
        let graph = try model(
            """
            g (float[2,3] x) => (float[2,3] y) <float zero = {0}> {
              n = IsNaN(x) i = IsInf(x) o = Or(n, i) y = Where(o, zero, x)
            }
            """)
        let profile = try Profiler(try FrameworkCatalog.make(framework), evaluator: Interpreter()).profile(graph)
        #expect(profile.unpriced.isEmpty, "\(profile.unpriced)")
        #expect(profile.total == .zero)
    }
}
