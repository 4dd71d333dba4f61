import Foundation
import IR
import TestSupport
import Testing

@testable import Calibration
@testable import Frameworks
@testable import Pricing

/// HawkEye's own prices, against HawkEye's price functions.
@Suite struct HawkEyePricesTests {
    /// One evaluation of HawkEye's price functions.
    private struct Row {
        let primitive: String
        let parameters: HawkEyePrices.Parameters
        let sizes: [Int]
        let price: HawkEyePrices.Price

        init?(_ fields: [Any], _ name: HawkEyePrices.ProtocolName) {
            func ints(_ value: Any) -> [Int] { (value as? [NSNumber] ?? []).map(\.intValue) }
            let numbers = fields[1...3].compactMap { ($0 as? NSNumber)?.intValue }
            let result = (fields[5] as? [NSNumber] ?? []).map(\.doubleValue)
            guard let primitive = fields[0] as? String, numbers.count == 3, result.count == 4 else { return nil }
            self.primitive = primitive
            var parameters = HawkEyePrices.Parameters()
            (parameters.ring, parameters.fraction, parameters.parties) = (numbers[0], numbers[1], numbers[2])
            if name == .cheetah { parameters.modulus = HawkEyePrices.Parameters.cheetahModulus }
            self.parameters = parameters
            sizes = ints(fields[4])
            price = HawkEyePrices.Price(result[0], result[1], result[2], result[3])
        }

        func found(_ name: HawkEyePrices.ProtocolName) throws -> HawkEyePrices.Price? {
            let prices = try HawkEyePrices(name, parameters: parameters)
            if primitive == "conv2d" {
                let convolution = Convolution(
                    batch: sizes[0], inputChannels: sizes[1], outputChannels: sizes[2], input: [sizes[4], sizes[3]],
                    kernel: [sizes[7], sizes[7]], output: [sizes[6], sizes[5]], strides: [1, 1], padsBegin: [0, 0],
                    padsEnd: [0, 0], dilations: [1, 1], group: 1, sides: .shared)
                return prices.price(convolution)
            }
            let primitive = try #require(HawkEyePrices.Primitive(rawValue: primitive))
            switch primitive {
            case .mul: return prices.price(.mul, Sizes(n: sizes[0]))
            case .matmul:
                return prices.price(
                    .matmul, Sizes(n: sizes[0] * sizes[2], p: sizes[0], q: sizes[1], r: sizes[2]))
            case .truncate: return prices.price(.truncate, Sizes(n: 1), isMSBKnown: sizes[0] == 1)
            default: return prices.price(primitive, Sizes(n: 1))
            }
        }
    }

    private static func rows(_ part: String, _ name: HawkEyePrices.ProtocolName) throws -> [Row] {
        let data = try Data(contentsOf: URL(fileURLWithPath: try Fixtures.path("hawkeye/prices.json")))
        let root = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        let protocols = try #require(root?[part] as? [String: [[Any]]])
        return try #require(protocols[name.rawValue]).compactMap { Row($0, name) }
    }

    /// Two double-precision evaluations of the same formula in another order.
    private func isClose(_ one: Double, _ two: Double) -> Bool { abs(one - two) <= 1e-12 * max(abs(one), abs(two)) }

    @Test(arguments: HawkEyePrices.ProtocolName.allCases, ["cost_config", "op_costs"])
    func pricesAreHawkEyes(name: HawkEyePrices.ProtocolName, part: String) throws {
        let rows = try Self.rows(part, name)
        #expect(rows.count >= (part == "cost_config" ? 500 : 40))
        var wrong: [String] = []
        for row in rows {
            let found = try row.found(name)
            let (new, old) = (found ?? .free, row.price)
            let isEqual =
                isClose(new.onlineBits, old.onlineBits) && isClose(new.onlineRounds, old.onlineRounds)
                && isClose(new.offlineBits, old.offlineBits) && isClose(new.offlineRounds, old.offlineRounds)
            if found == nil || !isEqual { wrong.append("\(row.primitive) \(row.sizes): \(old), not \(new)") }
        }
        print("\(part) \(name.rawValue): argument sets \(rows.count), equal \(rows.count - wrong.count)")
        #expect(wrong.isEmpty, "\(wrong.prefix(3).joined(separator: "\n"))")
    }

    /// What HawkEye has no price for has none here.
    @Test(arguments: [
        (HawkEyePrices.ProtocolName.secureML, HawkEyePrices.Primitive.ltz), (.spdz, .ltz), (.bgw, .truncate),
        (.aby3, .eqz), (.delphi, .exp), (.semi2k, .reciprocal), (.falcon, .eqz), (.aby, .powerOfTwo),
    ])
    func whatHawkEyeLacksHasNoPrice(name: HawkEyePrices.ProtocolName, primitive: HawkEyePrices.Primitive) throws {
        #expect(try HawkEyePrices(name).price(primitive, Sizes(n: 1)) == nil)
    }

    @Test func wrongParametersAreErrors() {
        var parameters = HawkEyePrices.Parameters()
        parameters.ring = 0
        #expect(throws: HarrierError.self) { try HawkEyePrices(.aby3, parameters: parameters) }
        parameters.ring = 64
        parameters.degree = -1
        #expect(throws: HarrierError.self) { try HawkEyePrices(.delphi, parameters: parameters) }
    }

    /// Sizes that no tensor has must not crash, and cost no less than small ones: an overflow would be negative, or small.
    @Test(arguments: HawkEyePrices.ProtocolName.allCases)
    func hugeSizesSaturate(name: HawkEyePrices.ProtocolName) throws {
        let prices = try HawkEyePrices(name)
        for primitive in HawkEyePrices.Primitive.allCases {
            func cost(_ sizes: Sizes) -> Cost { prices.price(primitive, sizes)?.cost ?? .zero }
            let (least, usual) = (cost(Sizes()), cost(Sizes(n: 64, p: 8, q: 4, r: 8)))
            let (odd, huge) = (
                cost(Sizes(n: 1, p: 0, q: 5, r: .max)), cost(Sizes(n: .max, p: .max, q: .max, r: .max))
            )
            #expect(usual.online.bytes >= least.online.bytes && usual.offline.bytes >= least.offline.bytes)
            #expect(odd.online.bytes >= least.online.bytes && odd.offline.bytes >= least.offline.bytes)
            for (one, other) in [(usual.online, huge.online), (usual.offline, huge.offline)] {
                #expect(other.bytes >= one.bytes, "\(primitive)")
            }
        }
    }
}

extension HawkEyePrices.Parameters {
    /// The moduli that HawkEye's scripts give for Cheetah.
    static let cheetahModulus = [59, 55, 49, 45]
}
