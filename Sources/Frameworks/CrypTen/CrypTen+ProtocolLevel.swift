import IR
import Pricing

extension CrypTen.Functions {
    /// CrypTen's truncation (`div_`, `beaver.truncate`) knows no sign. Every product opens both of its operands under the masks of a
    /// triple; with active security each opening is checked against a second triple, which is not told apart.
    var protocolLevel: (any ProtocolLevelPrices)? {
        settings.activeSecurity ? nil : ProtocolPrices(functions: self)
    }

    private struct ProtocolPrices: ProtocolLevelPrices {
        let functions: CrypTen.Functions

        var format: FixedPointFormat { functions.fixedPoint }
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
