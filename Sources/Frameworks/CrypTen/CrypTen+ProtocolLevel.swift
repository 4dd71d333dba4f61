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
        var truncations: Set<String> { CrypTen.Function.names([.truncate]) }
        var openings: Set<String> {
            CrypTen.Function.names([.open, .mul, .matmul, .square] + CrypTen.Function.convolutions)
        }

        func truncate(_ truncation: Truncation) -> Call { functions.truncate(truncation.extent) }

        func open(_ count: Int) -> Call? {
            Call(CrypTen.Function.open, cost: functions.opening(count), sizes: Sizes(n: count))
        }
    }
}
