import IR
import Pricing

/// A framework with the prices of a file: it lowers and differentiates operators as the framework does that it is based on, and
/// every call that the file has a price for costs that instead.
struct RepricedFramework: Framework {
    /// Who lowers operators, and prices what the file does not.
    private let base: any Framework
    private let repricing: Repricing
    let facts: FrameworkFacts

    /// The framework that a file makes of another one, all of whose facts it takes over but for its prices and what it is.
    init(_ base: any Framework, prices: PriceTable, info: FrameworkInfo) {
        let repricing = Repricing(prices: prices, isComplete: false)
        var facts = base.facts
        facts.info = info
        facts.differentiation = repricing.repriced(facts.differentiation)
        facts.protocolLevel = facts.protocolLevel.map { RepricedProtocolLevel(base: $0, repricing: repricing) }
        self.init(base: base, repricing: repricing, facts: facts)
    }

    /// The framework of a file that prices all primitives.
    ///
    /// - Parameters:
    ///   - fixedPoint: how it writes real numbers, where the file says so.
    ///   - fraction: bits after the binary point that truncations cut off.
    init(primitives prices: PriceTable, info: FrameworkInfo, fixedPoint: FixedPointFormat?, fraction: Int) {
        var facts = FrameworkFacts(info)
        facts.fixedPoint = fixedPoint
        facts.secureFunctions = SecureFunction.names
        let repricing = Repricing(prices: prices, isComplete: true)
        facts.protocolLevel = PrimitiveProtocolLevel(
            format: fixedPoint ?? FixedPointFormat(ringBits: 64, fractionBits: fraction), repricing: repricing)
        let functions = PrimitiveFunctions(fraction: fraction)
        self.init(base: PrimitiveFramework(functions: functions, facts: facts), repricing: repricing, facts: facts)
    }

    private init(base: any Framework, repricing: Repricing, facts: FrameworkFacts) {
        self.base = base
        self.repricing = repricing
        var facts = facts
        let unchanged = facts.inputOutputCost
        facts.inputOutputCost = { inputs, outputs in
            let prices = repricing.prices
            let shared = try? prices.cost("share", Sizes(n: inputs.elementCount))
            let opened = try? prices.cost("open", Sizes(n: outputs.elementCount))
            return (shared ?? unchanged(inputs, [])) + (opened ?? unchanged([], outputs))
        }
        self.facts = facts
    }

    func price(_ site: OperatorSite) throws -> OperatorPrice? {
        try base.price(site).map { try repricing.repriced($0, of: site) }
    }
}

extension [TensorType] {
    fileprivate var elementCount: Int { reduce(0) { $0 +| ($1.elementCount ?? 0) } }
}
