import IR
import Pricing

extension SPU.Functions {
    /// HAL's `_trunc` takes a hint at the sign, which the kernels of none of the protocols use: SEMI2K's and ABY3's are probabilistic
    /// and need none, CHEETAH's guesses it. Of the protocols, SEMI2K opens the operands of products under masks.
    var protocolLevel: any ProtocolLevelPrices { ProtocolPrices(functions: self) }

    private struct ProtocolPrices: ProtocolLevelPrices {
        let functions: SPU.Functions

        var format: FixedPointFormat { functions.fixedPoint }
        var truncations: Set<String> { ["trunc_a"] }
        var openings: Set<String> {
            functions.kernels.opensMaskedOperands ? ["mul_aa", "mmul_aa", "square_a"] : []
        }

        func truncate(_ truncation: Truncation) throws -> Call {
            let calls = try functions.calls { hal in
                let value = hal.secret(truncation.extent.count)
                _ = hal.trunc(value, truncation.bits, isPositive: truncation.isNonNegative)
            }
            return calls.count == 1 ? calls[0] : Call("trunc", calls)
        }

        func open(_ count: Int) -> Call? {
            functions.kernels.opensMaskedOperands ? functions.kernels.a2p(count).renamed("open") : nil
        }
    }
}
