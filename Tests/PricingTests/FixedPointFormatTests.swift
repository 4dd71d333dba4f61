import IR
@testable import Frameworks
import Pricing
import Testing

@Suite("Frameworks' fixed-point numbers")
struct FixedPointFormatTests {
    @Test(
        "ring and fraction follow the configuration",
        arguments: [
            ("crypten", [:], 64, 16), ("crypten", ["encoder.precision_bits": "20"], 64, 20), ("semi2k", [:], 64, 18),
            ("semi2k", ["field": "FM128"], 128, 26), ("semi2k", ["fxp_fraction_bits": "12"], 64, 12),
            ("spu-aby3", [:], 64, 18), ("spu-cheetah", [:], 64, 18), ("cryptflow2", [:], 37, 12),
            ("cryptflow2", ["bitlength": "41", "scale": "14"], 41, 14), ("cryptflow2-he", [:], 37, 12),
            ("cheetah", ["k": "10"], 37, 10), ("delphi", [:], 40, 8), ("mp-spdz-ring", [:], 47, 16),
            ("aby3", [:], 64, 16),
            ("aby3", ["L": "32", "f": "10"], 32, 10), ("aby3", ["prices": "hawkeye"], 64, 16),
            ("mpcformer", [:], 64, 16),
        ] as [(String, [String: String], Int, Int)])
    func formats(name: String, configuration: [String: String], ring: Int, fraction: Int) throws {
        let framework = try FrameworkCatalog.make(name, configuration: configuration)
        let format = try #require(framework.fixedPoint)
        #expect((format.ringBits, format.fractionBits) == (ring, fraction))
        #expect(framework.fractionBits == fraction)
    }

    @Test("every framework says how it writes numbers")
    func all() throws {
        for name in FrameworkCatalog.names { #expect(try FrameworkCatalog.make(name).fixedPoint != nil, "\(name)") }
    }

    @Test("SCI cuts off faithfully, the others may be off by one")
    func truncation() throws {
        let faithful = try FrameworkCatalog.names.filter {
            try FrameworkCatalog.make($0).fixedPoint?.truncation == .floor
        }
        #expect(faithful.sorted() == ["cryptflow2", "cryptflow2-he"])
    }
}
