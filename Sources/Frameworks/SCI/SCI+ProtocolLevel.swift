import IR
import Pricing

extension SCIFunctions {
    /// The prices of SCI's truncation; nil where nothing is scaled down.
    ///
    /// - Parameters:
    ///   - format: ring and scale in force.
    ///   - usesSign: whether a known sign saves a comparison.
    ///   - step: a truncation of so many elements by so many bits.
    func protocolLevel(
        _ format: FixedPointFormat, usesSign: Bool,
        truncate step: @escaping @Sendable (_ count: Int, _ bits: Int, _ signIsKnown: Bool) -> SCI.Step
    ) -> (any ProtocolLevelPrices)? {
        scalingPlace == .none
            ? nil : SCI.ProtocolPrices(functions: self, format: format, usesSign: usesSign, step: step)
    }
}

extension SCI {
    /// Truncation as an operator of its own. Behind an activation it goes on with the flow that the activation ends with.
    struct ProtocolPrices<Functions: SCIFunctions>: ProtocolLevelPrices {
        let functions: Functions
        let format: FixedPointFormat
        let usesSign: Bool
        let step: @Sendable (_ count: Int, _ bits: Int, _ signIsKnown: Bool) -> Step

        var truncations: Set<String> { Function.names([.truncate]) }
        var truncatesActivations: Bool { functions.scalingPlace == .relu }

        func truncate(_ truncation: Truncation) throws -> Call {
            let count = try checked(truncation.extent.count)
            let step = step(count, truncation.bits, truncation.isNonNegative)
            var rounds = functions.rounds
            if truncation.followsProduct, truncation.isNonNegative, truncatesActivations {
                _ = rounds.calls(try functions.reluStep(count, scalesDown: false))
            }
            let calls = rounds.calls(step)
            return calls.count == 1 ? calls[0] : Call(step.function, sizes: step.sizes, calls)
        }
    }
}

extension CryptFlow2.Functions {
    /// A known sign saves SCI's truncation the comparison of the upper bits (`signed_arithmetic` and `msb_x` of
    /// SCI/src/BuildingBlocks/truncation.cpp, `msbShare` of `funcTruncateTwoPowerRing`).
    var protocolLevel: (any ProtocolLevelPrices)? {
        let (sci, settings) = (sci, settings)
        return protocolLevel(
            FixedPointFormat(ringBits: settings.bits, fractionBits: settings.scale), usesSign: true
        ) { count, bits, signIsKnown in
            settings.truncation == .uniform
                ? sci.uniformTruncate(bits: settings.bits, shift: bits, count, signIsKnown: signIsKnown)
                : sci.truncate(bits: settings.bits, shift: bits, count, signIsKnown: signIsKnown)
        }
    }
}

extension OpenCheetah.Functions {
    /// OpenCheetah's truncation makes the sign known by an offset, so that nothing is left to save.
    var protocolLevel: (any ProtocolLevelPrices)? {
        let (protocols, settings) = (protocols, settings)
        return protocolLevel(
            FixedPointFormat(ringBits: settings.bits, fractionBits: settings.scale), usesSign: false
        ) { count, bits, _ in protocols.truncate(shift: bits, count) }
    }
}
