import IR
import Pricing

extension CrypTen {
    /// CrypTen's truncation (`div_`, `beaver.truncate`) knows no sign. Every product opens both of its operands under the masks of a
    /// triple; with active security each opening is checked against a second triple, which is not told apart.
    public var protocolLevel: (any ProtocolLevelPrices)? {
        functions.settings.activeSecurity ? nil : ProtocolPrices(functions: functions)
    }

    private struct ProtocolPrices: ProtocolLevelPrices {
        let functions: Functions

        var format: FixedPointFormat {
            FixedPointFormat(ringBits: 64, fractionBits: functions.settings.precisionBits)
        }
        var truncations: Set<String> { ["truncate"] }
        var openings: Set<String> {
            let convolutions = (1...3).flatMap { ["conv\($0)d", "conv_transpose\($0)d"] }
            return Set(["open", "mul", "matmul", "square"] + convolutions)
        }

        func truncate(_ truncation: Truncation) -> Call { functions.truncate(truncation.extent) }

        func open(_ count: Int) -> Call? {
            Call("open", cost: functions.opening(count), sizes: Sizes(n: count))
        }
    }
}
