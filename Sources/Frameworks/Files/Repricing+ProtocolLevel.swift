import IR
import Pricing

/// A framework's truncations and openings at the prices of a file. Where the file prices a call that opens operands, what it opens
/// is not told apart any more.
struct RepricedProtocolLevel: ProtocolLevelPrices {
    let base: any ProtocolLevelPrices
    let repricing: Repricing

    var format: FixedPointFormat { base.format }
    var truncations: Set<String> { base.truncations }
    var usesSign: Bool { base.usesSign }
    var truncatesActivations: Bool { base.truncatesActivations }
    var openings: Set<String> { base.openings.isDisjoint(with: repricing.prices.names) ? base.openings : [] }

    func truncate(_ truncation: Truncation) throws -> Call { try repricing.repriced(base.truncate(truncation)) }

    func open(_ count: Int) -> Call? { openings.isEmpty ? nil : base.open(count) }
}

/// The truncations of a file that prices all primitives. What its products open is not told apart.
struct PrimitiveProtocolLevel: ProtocolLevelPrices {
    let format: FixedPointFormat
    let repricing: Repricing

    var truncations: Set<String> { SecureFunction.names([.truncate, .truncateNonNegative]) }
    var usesSign: Bool { repricing.prices.names.contains(SecureFunction.truncateNonNegative.rawValue) }

    func truncate(_ truncation: Truncation) throws -> Call {
        let sizes = Sizes(n: truncation.extent.count, bits: truncation.bits)
        let function = truncation.isNonNegative ? SecureFunction.truncateNonNegative : .truncate
        let name = function.rawValue
        let call = Call(name, cost: .zero, sizes: sizes)
        let fused =
            truncation.followsProduct ? try repricing.cost(of: call, named: PrimitiveNames.truncationOfProduct) : nil
        guard let cost = try fused ?? repricing.cost(of: call, named: name) else {
            throw Unpriced("\(repricing.prices.title) has no price for '\(name)'")
        }
        return Call(name, cost: cost, sizes: sizes)
    }
}
