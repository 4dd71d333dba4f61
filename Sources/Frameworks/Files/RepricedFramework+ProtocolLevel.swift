import IR
import Pricing

extension RepricedFramework {
    /// Truncations have the file's prices. What a file's products open is not told apart.
    var protocolLevel: (any ProtocolLevelPrices)? {
        guard let format else { return nil }
        return ProtocolPrices(framework: self, format: format)
    }

    private struct ProtocolPrices: ProtocolLevelPrices {
        let framework: RepricedFramework
        let format: FixedPointFormat

        private var inherited: (any ProtocolLevelPrices)? { framework.base.protocolLevel }

        var truncations: Set<String> { inherited?.truncations ?? ["truncate", "truncate_nonnegative"] }
        var usesSign: Bool { inherited?.usesSign ?? framework.prices.names.contains("truncate_nonnegative") }
        var truncatesActivations: Bool { inherited?.truncatesActivations ?? false }

        func truncate(_ truncation: Truncation) throws -> Call {
            guard framework.isComplete else {
                guard let call = try inherited?.truncate(truncation) else {
                    throw Unpriced("the price of its truncation is not known")
                }
                return try framework.repriced(call)
            }
            let sizes = Sizes(n: truncation.extent.count, bits: truncation.bits)
            let name = truncation.isNonNegative ? "truncate_nonnegative" : "truncate"
            let call = Call(name, cost: .zero, sizes: sizes)
            let fused = truncation.followsProduct ? try framework.cost(of: call, named: "truncate_product") : nil
            guard let cost = try fused ?? framework.cost(of: call, named: name) else {
                throw Unpriced("\(framework.prices.title) has no price for '\(name)'")
            }
            return Call(name, cost: cost, sizes: sizes)
        }
    }
}
