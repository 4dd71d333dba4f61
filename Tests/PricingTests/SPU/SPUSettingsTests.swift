import IR
import Testing

@testable import Calibration
@testable import Frameworks
@testable import Pricing

/// The switches that change traffic.
@Suite struct SPUSettingsTests {
    private func bytes(
        _ configuration: [String: String], parties: Int = 2, _ body: (inout SPU.HAL, SPU.Value) -> Void
    ) throws -> Traffic {
        let functions = try SPU.semi2k(parties: parties, configuration: configuration).functions
        return Call("row", try functions.calls { body(&$0, $0.secret(1)) }).cost.online
    }

    @Test func fractionBits() throws {
        let product: (inout SPU.HAL, SPU.Value) -> Void = { hal, x in _ = hal.fmul(x, x) }
        #expect(try bytes([:], product) == Traffic(bytes: 40, rounds: 2))
        // The private bit of the truncation is in a ring that holds the bits cut off.
        #expect(try bytes(["fxp_fraction_bits": "33"], product) == Traffic(bytes: 48, rounds: 2))
        #expect(try bytes(["field": "FM32"], product) == Traffic(bytes: 24, rounds: 2))
        #expect(try bytes(["trunc_allow_msb_error": "true"], product) == Traffic(bytes: 32, rounds: 1))
        #expect(try bytes(["experimental_disable_vectorization": "true"], product) == Traffic(bytes: 40, rounds: 3))
    }

    /// Division takes a third step from 30 fraction bits on.
    @Test func divisionSteps() throws {
        let reciprocal: (inout SPU.HAL, SPU.Value) -> Void = { hal, x in _ = hal.reciprocal(x) }
        let (two, three) = (
            try bytes(["fxp_fraction_bits": "29"], reciprocal), try bytes(["fxp_fraction_bits": "30"], reciprocal)
        )
        #expect(three - two == Traffic(bytes: 40 + 24, rounds: 4))
        #expect(try bytes(["fxp_div_goldschmidt_iters": "1"], reciprocal) == Traffic(bytes: 946, rounds: 32))
    }

    @Test func rsqrtOfLowerAccuracy() throws {
        let rsqrt: (inout SPU.HAL, SPU.Value) -> Void = { hal, x in _ = hal.rsqrt(x) }
        let (full, lower) = (try bytes([:], rsqrt), try bytes(["enable_lower_accuracy_rsqrt": "true"], rsqrt))
        // The powers 3 and 4 go.
        #expect(full - lower == Traffic(bytes: 80, rounds: 2))
    }

    /// Dividing once a row (33 × 65, measured).
    @Test func denominators() throws {
        let softmax: (inout SPU.HAL, SPU.Value) -> Void = { hal, _ in hal.softmax(SPU.Rows(count: 33, length: 65)) }
        #expect(try bytes([:], softmax).bytes == 2_990_130)
        #expect(try bytes(["enable_optimize_denominator_with_broadcast": "true"], softmax).bytes == 857_010)
    }

    @Test func selectOptimization() throws {
        let elu: (inout SPU.HAL, SPU.Value) -> Void = { hal, x in _ = hal.elu(x, alpha: 1) }
        #expect(try bytes([:], elu) == Traffic(bytes: 378, rounds: 27))
        #expect(try bytes(["disable_select_optimization": "true"], elu) == Traffic(bytes: 376, rounds: 26))
    }

    /// Two tiles along the inner axis cost nothing more; four tiles send operands twice (both measured).
    @Test(arguments: [
        (1, 4_194_304, 8, 16 * (4_194_304 + 8 * 4_194_304) + 64, "false"),
        (600_000, 64, 8, 1_228_816_384 + 8 * 4_800_000, "false"), (600_000, 64, 8, 614_408_192 + 8 * 4_800_000, "true"),
    ])
    func tiles(p: Int, q: Int, r: Int, expected: Int, isWhole: String) throws {
        let found = try bytes(["experimental_disable_mmul_split": isWhole]) { hal, _ in
            _ = hal.matmul(hal.secret(p * q), hal.secret(q * r), p, q, r)
        }
        #expect(found.bytes == expected)
    }

    @Test func primeExponential() throws {
        let exp: (inout SPU.HAL, SPU.Value) -> Void = { hal, x in _ = hal.exp(x) }
        let prime = ["fxp_exp_mode": "EXP_PRIME", "experimental_enable_exp_prime": "true", "field": "FM128"]
        #expect(try bytes(prime, exp) == Traffic(bytes: 336, rounds: 11))
        let free = prime.merging(["experimental_exp_prime_disable_lower_bound": "true"]) { $1 }
        #expect(try bytes(free, exp) == Traffic(bytes: 64, rounds: 2))
        #expect(throws: Unpriced.self) { try bytes(["fxp_exp_mode": "EXP_PRIME"], exp) }
    }

    /// More parties: every opening goes to all others, comparisons add all shares bit by bit.
    @Test(arguments: [(3, 2496 + 96 + 6, 16), (4, 3 * 2496 + 192 + 12, 16), (5, 4 * 4160 + 320 + 20, 23)])
    func relu(parties: Int, expected: Int, rounds: Int) throws {
        let found = try bytes([:], parties: parties) { hal, x in _ = hal.relu(x) }
        #expect(found == Traffic(bytes: expected, rounds: rounds))
    }

    /// A max pooling of 2 × 2 windows and its gradient together.
    @Test func maxPoolGradient() throws {
        let both = try bytes([:]) { hal, _ in
            hal.argMaxPool(windows: 1, size: 4, isTwoByTwo: true)
            hal.maxPoolScatter(windows: 1, size: 4)
        }
        #expect(both == Traffic(bytes: 3 * (112 + 2 + 32) + 2 * 64 + 4 * 32, rounds: 2 * 9 + 2 + 1))
    }

    @Test(arguments: [
        ("field", "FM16"), ("fxp_exp_iters", "0"), ("fxp_exp_mode", "taylor"), ("protocol", "SEMI2K"),
        ("fxp_fraction_bits", "x"), ("trunc_allow_msb_error", "2"), ("sigmoid_mode", "SEG3"),
    ])
    func wrongValuesAreSaid(key: String, value: String) {
        #expect(throws: HarrierError.self) { try SPU.semi2k(configuration: [key: value]) }
        #expect(throws: HarrierError.self) { try SPU.aby3(configuration: [key: value]) }
    }

    @Test func partiesAndSharing() throws {
        #expect(throws: HarrierError.self) { try SPU.semi2k(parties: 1) }
        #expect(throws: HarrierError.self) { try SPU.aby3(parties: 2) }
        let type = TensorType(.float32, [2, 3])
        #expect(try SPU.semi2k().inputOutputCost([type], []).online == Traffic(bytes: 96, rounds: 1))
        #expect(try SPU.aby3().inputOutputCost([type], [type]).online.bytes == 2 * 6 * 24)
    }

    /// Sizes from files do not overflow.
    @Test func hugeSizes() throws {
        let (n, huge) = (Int.max / 2, Int.max)
        let found = try bytes([:]) { hal, _ in
            _ = hal.softmax(SPU.Rows(count: n, length: n))
            _ = hal.matmul(hal.secret(huge), hal.secret(huge), huge, huge, huge)
            _ = hal.matmul(hal.secret(huge), hal.secret(huge), huge, 1, 1)
            _ = hal.matmul(hal.secret(huge), hal.secret(huge), 1, huge, 1)
        }
        #expect(found.bytes == .max)
    }
}
