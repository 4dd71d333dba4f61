import IR
@testable import Frameworks
import Pricing
import Testing

/// Delphi's prices are derived from its source; these are the figures of the derivation, and what follows from them.
@Suite struct DelphiTests {
    private let ciphertext = 432_490

    private func profile(
        _ operands: String, _ expression: String, _ configuration: [String: String] = [:]
    ) throws -> Profile {
        let graph = try model(
            "g (\(operands)) => (u) <float zero = {0}, float six = {6}, float two = {2}> { u = \(expression) }")
        var policy = try Delphi().defaultVisibility
        policy.exceptions["w"] = operands.contains(" w") ? .owned(party: 0) : nil
        policy.exceptions["s"] = operands.contains(" s") ? .private : nil
        return try Profiler(Delphi(configuration: configuration)).profile(graph, policy: policy)
    }

    /// Online as HawkEye measured it (148 words of 64 bits); offline a circuit of 578 blocks, 42 labels, 42 transfers.
    @Test(arguments: ["Relu(s)", "Clip(s, zero, six)", "Clip(s, zero)"])
    func garbledRelu(expression: String) throws {
        // What the client alone knows it computes alone: a ReLU comes after a linear layer.
        let profile = try profile("float[1,10] s", expression)
        let total = profile.total
        #expect(total.online == Traffic(bytes: 10 * 148 * 8, rounds: 1))
        #expect(total.offline == Traffic(bytes: 10 * (578 * 24 + 8 + 42 * 28 + 42 * 48), rounds: 3))
        #expect(total.online.bytes == 10 * 1184 && total.offline.bytes == 10 * 17_072)
        print("delphi \(expression): online \(total.online.bytes / 10), offline \(total.offline.bytes / 10) a value")
    }

    /// A prime with as many bits and no zeros at the end of its half takes 36 gates more, of two blocks each.
    @Test func primesOfAnotherShape() throws {
        let profile = try profile("float[1,1] s", "Relu(s)", ["prime": "2199023255531"])
        #expect(profile.total.online.bytes == 1184)
        #expect(profile.total.offline.bytes == 17_072 + 2 * 24 * 36)
        let narrow = try self.profile("float[1,1] s", "Relu(s)", ["prime": "65537"])
        #expect(narrow.total.online.bytes == 18 * 28 + 8)
    }

    @Test(arguments: [("Mul(s, s)", [:]), ("Pow(s, two)", [:]), ("Relu(s)", ["activation": "quadratic"])])
    func squares(expression: String, configuration: [String: String]) throws {
        let total = try profile("float[1,8192] s", expression, configuration).total
        #expect(total.online == Traffic(bytes: 36 * 8192, rounds: 1))
        #expect(total.offline == Traffic(bytes: 3 * ciphertext, rounds: 2))
        let more = try profile("float[1,8193] s", expression, configuration).total
        #expect(more.offline.bytes == 6 * ciphertext)
    }

    /// Nine bytes for each element of the input; the ciphertexts sent are as many as the kernel has places times those that
    /// hold the channels, an image taking a power of two of slots.
    @Test(arguments: [
        ("float[1,3,32,32] x, float[16,3,3,3] w", "Conv<pads = [1,1,1,1]>(x, w)", 3 * 1024, 9, 2),
        ("float[1,16,32,32] x, float[16,16,3,3] w", "Conv<pads = [1,1,1,1]>(x, w)", 16 * 1024, 18, 2),
        ("float[1,64,8,8] x, float[64,64,1,1] w", "Conv(x, w)", 64 * 64, 1, 1),
        ("float[1,64,9,9] x, float[65,64,1,1] w", "Conv(x, w)", 64 * 81, 1, 2),
        ("float[2,8,5,5] x, float[8,8,5,5] w", "Conv(x, w)", 16 * 25, 50, 2),
        ("float[1,512] x, float[512,10] w", "MatMul(x, w)", 512, 1, 1),
        ("float[3,512] x, float[10,512] w", "Gemm<transB = 1>(x, w)", 3 * 512, 3, 3),
    ])
    func linearLayers(operands: String, expression: String, inputs: Int, sent: Int, answered: Int) throws {
        let profile = try profile(operands, expression)
        #expect(profile.unpriced.isEmpty, "\(profile.unpriced)")
        #expect(profile.total.online == Traffic(bytes: 9 * inputs, rounds: 1))
        #expect(profile.total.offline == Traffic(bytes: (sent + answered) * ciphertext, rounds: 2))
        print("delphi \(expression) of \(operands): \(profile.total.online), offline \(profile.total.offline)")
    }

    @Test func localOperatorsAndEnds() throws {
        let profile = try profile("float[1,3,4,4] s", "AveragePool<kernel_shape = [2,2]>(s)")
        #expect(profile.total == .zero)
        #expect(profile.inputOutput.online.bytes == 9 * 3 * 9)
        #expect(profile.setup.offline.bytes == 27_400_000)
    }

    @Test(arguments: [
        ("float[1,3,64,65] x, float[4,3,3,3] w", "Conv(x, w)", "4096 points"),
        ("float[1,4,8,8] x, float[4,2,3,3] w", "Conv<group = 2>(x, w)", "grouped"),
        ("float[1,3,8,8] x, float[4,3,3,3] s", "Conv(x, s)", "server (party 0)"),
        ("float[1,5000] x, float[5000,10] w", "MatMul(x, w)", "4096"),
        ("float[1,3,8,8] s", "MaxPool<kernel_shape = [2,2]>(s)", "averages"),
        ("float[1,8] s", "Pow(s, s)", "square"), ("float[1,8] s", "Exp(s)", "no Exp"),
    ])
    func whatCannotRunIsSaid(operands: String, expression: String, reason: String) throws {
        let entry = try #require(try profile(operands, expression).unpriced.first)
        #expect(entry.reason.contains(reason), "\(entry.reason)")
    }

    @Test func wrongSettings() {
        #expect(throws: HarrierError.self) { try Delphi(parties: 3) }
        #expect(throws: HarrierError.self) { try Delphi(configuration: ["prime": "41"]) }
        #expect(throws: HarrierError.self) { try Delphi(configuration: ["activation": "cubic"]) }
    }
}
