import IR
import Pricing

/// How CHEETAH makes its random oblivious transfers: `cheetah_2pc_config.ot_kind`.
enum CheetahOTKind: String, CaseIterable, Hashable, Sendable {
    /// Ferret, as yacl has it: 10 million transfers from a few hundred kilobytes.
    case yaclFerret = "YACL_Ferret"
    /// Ferret, as EMP has it.
    case empFerret = "EMP_Ferret"
    /// SoftSpoken, as yacl has it with k = 2: eight bytes a transfer, made where they are needed.
    case yaclSoftspoken = "YACL_Softspoken"
}

/// What a slice of an oblivious-transfer kernel sends.
struct CheetahTransfer: Hashable {
    /// Bytes that both parties send.
    var bytes = 0
    /// Random correlated transfers taken from the stock, in both directions together.
    var correlations = 0

    static func + (left: Self, right: Self) -> Self {
        Self(
            bytes: left.bytes +| right.bytes,
            correlations: left.correlations +| right.correlations)
    }

    static func += (left: inout Self, right: Self) { left = left + right }

    static func * (count: Int, transfer: Self) -> Self {
        Self(
            bytes: count *| transfer.bytes,
            correlations: count *| transfer.correlations)
    }
}

/// The messages of CHEETAH's oblivious-transfer protocols, byte by byte, between two parties that work on one slice.
///
/// Source: github.com/secretflow/spu, version 0.9.5 (commit 45d13d9b), `src/libspu/mpc/cheetah/ot`: `yacl/ferret.cc`
/// (packing, choices), `basic_ot_prot.cc` (bits and ANDs), `ot_util.cc` (`OpenShare`), `yacl/yacl_ote_adapter.cc` (stocks);
/// github.com/secretflow/yacl, `kernel/algorithms/softspoken_ote.cc`.
struct CheetahTransfers: Hashable, Sendable {
    /// How random transfers are made.
    let kind: CheetahOTKind
    /// Width of a ring element.
    let ringBits: Int

    private var ringBytes: Int { ringBits / 8 }

    // Messages are packed in groups of eight transfers (`kOTBatchSize`).
    private static let group = 8

    /// Rounds of an AND: the two openings, and SoftSpoken's two messages that make its triple, one after the other.
    var andRounds: Int { kind == .yaclSoftspoken ? 4 : 2 }

    /// The price: what is sent online, and the share that refills of the stock have in the transfers taken from it.
    func cost(_ transfer: CheetahTransfer, rounds: Int) -> Cost {
        let refill = (Double(transfer.correlations) * refillBytesPerTransfer).rounded()
        return Cost(
            online: Traffic(bytes: transfer.bytes, rounds: rounds),
            offline: Traffic(bytes: Int(exactly: refill) ?? .max))
    }

    /// Bytes of a refill per transfer that it gives.
    ///
    /// A refill makes 10 485 760 transfers (`lpn_param_`), of which 452 000 + 13 · 1280 are kept back for the next one
    /// (`FerretCotHelper`). It was measured to send 266 259 bytes with yacl and 552 976 with EMP.
    var refillBytesPerTransfer: Double {
        let usable = 10_485_760.0 - (452_000 + 13 * 1280)
        return switch kind {
        case .yaclFerret: 266_259 / usable
        case .empFerret: 552_976 / usable
        case .yaclSoftspoken: 0
        }
    }

    /// That many random transfers whose receiver chooses: it corrects its random choices by a bit each, sent in words of
    /// 128 bits. SoftSpoken takes the choices as they are.
    private func chosen(_ count: Int) -> CheetahTransfer {
        guard kind != .yaclSoftspoken else { return softspoken(count) }
        return CheetahTransfer(bytes: 16 *| count.dividedRoundingUp(by: 128), correlations: count)
    }

    /// That many transfers with random choices, which Ferret has in stock.
    private func random(_ count: Int) -> CheetahTransfer {
        kind == .yaclSoftspoken ? softspoken(count) : CheetahTransfer(correlations: count)
    }

    /// SoftSpoken's extension: batches of 128 transfers, 64 of them more than needed, of 64 · 16 bytes each.
    private func softspoken(_ count: Int) -> CheetahTransfer {
        CheetahTransfer(bytes: 64 * 16 *| (count +| 64).dividedRoundingUp(by: 128))
    }

    /// Bytes of a group of messages of that many bits, in ring elements.
    private func packed(_ count: Int, bits: Int) -> Int {
        ringBytes * (bits < ringBits ? (count * bits).dividedRoundingUp(by: ringBits) : count)
    }

    /// Correlated transfers of messages of that many bits (`SendCAMCC`).
    func correlated(_ count: Int, bits: Int) -> CheetahTransfer {
        let full = count / Self.group *| packed(Self.group, bits: bits)
        let messages = full +| packed(count % Self.group, bits: bits)
        return chosen(count) + CheetahTransfer(bytes: messages)
    }

    /// Correlated transfers for the bits of count values, where the message for bit i lacks its i top bits
    /// (`SendCAMCC_Collapse`). Groups of eight run over the ends of the levels and take the width of their first message.
    func collapsing(_ count: Int, levels: Int) -> CheetahTransfer {
        guard levels > 1 else { return correlated(count, bits: ringBits) }
        let all = count *| levels
        var messages = 0
        for level in 0..<levels {
            let start = (level *| count).dividedRoundingUp(by: Self.group)
            let end = ((level + 1) *| count).dividedRoundingUp(by: Self.group)
            let bits = ringBits - level
            messages = messages +| (end - start) *| packed(Self.group, bits: bits)
        }
        let rest = all % Self.group
        if rest > 0 {
            // The last group is not full.
            let bits = ringBits - (all - rest) / count
            messages -= packed(Self.group, bits: bits) - packed(rest, bits: bits)
        }
        return chosen(all) + CheetahTransfer(bytes: messages)
    }

    /// 1-of-16 transfers of one or two bits, of four transfers each (`SendCMCC`).
    func chosenDigit(_ count: Int, bits: Int) -> CheetahTransfer {
        let messages = count *| (2 * bits)
        return chosen(CheetahKernels.digitBits *| count) + CheetahTransfer(bytes: messages)
    }

    /// Bytes of opening values of that many bits: both parties send them in ring elements, without gaps.
    private func opening(_ count: Int, bits: Int) -> Int {
        let words = (count *| bits).dividedRoundingUp(by: ringBits)
        return 2 * ringBytes *| words
    }

    /// ANDs of values of that many bits: two openings; a random transfer in either direction makes a triple of bits.
    func and(_ count: Int, bits: Int) -> CheetahTransfer {
        2 * random(count *| bits)
            + CheetahTransfer(bytes: 2 *| opening(count, bits: bits))
    }

    /// Pairs of ANDs of bits that share an operand: three openings, and one transfer of two bits in either direction.
    func correlatedAnd(_ count: Int) -> CheetahTransfer {
        2 * random(count) + CheetahTransfer(bytes: 3 *| opening(count, bits: 1))
    }
}
