import IR
import Pricing

extension MPSPDZ.Functions {
    /// `trunc_pr` and `TruncPrRing` know no sign. Numbers have `sfix.k` bits, and products `sfix.f` more, whatever the ring holds.
    var protocolLevel: any ProtocolLevelPrices { ProtocolPrices(functions: self) }

    private struct ProtocolPrices: ProtocolLevelPrices {
        let functions: MPSPDZ.Functions

        var format: FixedPointFormat {
            let settings = functions.settings
            return FixedPointFormat(
                ringBits: min(settings.ringBits, settings.totalBits + settings.fractionBits + 1),
                fractionBits: settings.fractionBits)
        }
        var truncations: Set<String> { MPSPDZ.Function.names([.truncPr, .truncate]) }

        func truncate(_ truncation: Truncation) throws -> Call {
            let call = try functions.truncate(
                truncation.extent.count, bits: functions.settings.totalBits + truncation.bits, by: truncation.bits)
            return functions.waitingForMasks(Call("truncation", [call]))
        }
    }
}
