import IR
import Pricing

/// Primitives of the replicated protocol: `Protocols/Replicated.hpp`, `ReplicatedMC.hpp`, `ReplicatedInput.hpp`,
/// `Rep3Share2k.h`.
extension MPSPDZ.Functions: SecureFunctions {
    /// Bytes of a ring element.
    private var elementBytes: Int { settings.ringBits.dividedRoundingUp(by: 8) }

    /// Each of the three parties sends that many bytes.
    private func each(_ bytes: Int, rounds: Int = 1) -> Cost {
        Cost(online: Traffic(bytes: 3 *| bytes, rounds: rounds))
    }

    /// Each party hands a ring element for each number to the next.
    private func passing(_ function: MPSPDZ.Function, _ count: Int, sizes: Sizes) -> Call {
        Call(function, cost: each(elementBytes *| count), sizes: sizes)
    }

    /// Opens secrets to all parties.
    func open(_ count: Int) -> Call { passing(.open, count, sizes: Sizes(n: count)) }

    /// A party shares secrets that only it knows: of the shares that the others need, one follows from a common seed.
    func input(_ count: Int) -> Call {
        let bytes = elementBytes *| count
        return Call("input", cost: Cost(online: Traffic(bytes: bytes, rounds: 1)), sizes: Sizes(n: count))
    }

    /// Elementwise product of integers.
    func mul(_ product: ElementwiseProduct) -> Call { passing(.mul, product.result, sizes: product.sizes) }

    /// Each party adds up products locally and shares the sums afresh: only the size of the result matters.
    func matmul(_ product: MatrixProduct) -> Call {
        let count = product.batch *| product.resultCount
        return passing(.dotprod, count, sizes: product.batch == 1 ? product.sizes : Sizes(n: count))
    }

    /// As a matrix product, without im2col.
    func convolution(_ convolution: Convolution) -> Call {
        passing(.dotprod, convolution.resultCount, sizes: Sizes(n: convolution.resultCount))
    }

    /// A circuit over bits, each lane in a bit of a 64-bit word of which only the bytes in use are sent.
    func and(_ circuit: BooleanCircuit, depth: Int, _ count: Int) -> Call {
        let bytes = circuit.gates *| count.dividedRoundingUp(by: 8)
        let sizes = Sizes(n: circuit.gates *| count, bits: 1)
        return Call(MPSPDZ.Function.and, cost: each(bytes, rounds: depth), sizes: sizes)
    }

    /// Shared bits into arithmetic sharing: their differences from daBits are opened, in whole 64-bit words.
    func bitToArithmetic(_ count: Int, rounds: Int = 1) -> Call {
        let bytes = 8 *| count.dividedRoundingUp(by: 64)
        return Call(
            MPSPDZ.Function.b2a, cost: each(bytes, rounds: rounds) + randomness(count), sizes: Sizes(n: count, bits: 1))
    }

    /// The share of the program's batches of daBits that so many of them use up; random bits are made from them, too. A batch
    /// holds `-b` of them, rounded up to whole words, and takes 24 bytes for each, a seed from each party, and 4 rounds
    /// (measured). A run makes whole batches, which shows in its total only: rounds of parts of a batch are left out.
    func randomness(_ count: Int) -> Cost {
        let batch = 64 *| settings.batchSize.dividedRoundingUp(by: 64)
        let bytes = 24 *| batch +| 3 * Self.seedBytes
        let (whole, part) = count.quotientAndRemainder(dividingBy: batch)
        return Cost(
            offline: Traffic(
                bytes: bytes *| whole +| bytes *| part / batch,
                rounds: 4 *| whole))
    }

    /// Bytes of a seed that a party sends to another (`SEED_SIZE`).
    private static let seedBytes = 16

    /// The instruction `trunc_pr` on numbers of that many bits: party 2 masks for party 1, and both share what is left after
    /// the shift. Where less than 40 bits of the ring are free (`Processor/TruncPrTuple.h`), they share the top bits, too,
    /// whose product takes one more round. Each instruction makes a new input protocol, which exchanges seeds.
    private func truncPr(_ count: Int, bits: Int) -> Call {
        let hasBigGap = bits <= settings.ringBits - 40
        let elements = count *| (hasBigGap ? 3 : 8)
        let bytes = elementBytes *| elements +| 3 * Self.seedBytes
        let cost = Cost(online: Traffic(bytes: count == 0 ? 0 : bytes, rounds: hasBigGap ? 2 : 3))
        return Call(MPSPDZ.Function.truncPr, cost: cost, sizes: Sizes(n: count, bits: bits))
    }

    /// Probabilistic truncation of numbers of that many bits by so many of them. Without `trunc_pr` a masked value is opened
    /// (`TruncPrRing` in `Compiler/floatingpoint.py`).
    ///
    /// - Throws: ``Unpriced`` if the numbers do not fit into the ring.
    func truncate(_ count: Int, bits: Int, by shift: Int) throws -> Call {
        if shift == 0 { return Call(MPSPDZ.Function.truncate, sizes: Sizes(n: count), []) }
        guard bits < settings.ringBits else {
            throw Unpriced("its products have \(bits) bits, too many for MP-SPDZ's ring of \(settings.ringBits)")
        }
        if settings.usesTruncPr { return truncPr(count, bits: bits) }
        return Call(
            MPSPDZ.Function.truncate, sizes: Sizes(n: count, bits: shift),
            [mask(count, bits: bits, by: shift), open(count)])
    }

    /// A random number whose low part, high part and top bit are known. With `-Z 3` the parts are drawn as shares whose
    /// overflow is found by a circuit; else every bit is drawn. No operand is needed, so that the compiler makes all masks
    /// at the start: their rounds are counted once, by ``waitingForMasks(_:)``.
    private func mask(_ count: Int, bits: Int, by shift: Int) -> Call {
        guard settings.split == .three else {
            let cost = randomness(count *| (bits + 1))
            return Call(MPSPDZ.Function.mask, cost: cost, sizes: Sizes(n: count, bits: bits))
        }
        let parts = [shift, bits - shift].map { part in
            var circuit = BooleanCircuit()
            _ = circuit.randomNumber(part)
            let carries = bitToArithmetic(count, rounds: 0).repeated(2)
            return Call(
                MPSPDZ.Function.randomInt, sizes: Sizes(n: count, bits: part), [and(circuit, depth: 0, count), carries])
        }
        return Call(
            MPSPDZ.Function.mask, sizes: Sizes(n: count, bits: bits),
            parts + [Call(MPSPDZ.Function.bit, cost: randomness(count), sizes: Sizes(n: count))])
    }

    /// The operator with the rounds that it waits for the masks of its truncations: the depth of the widest circuit, and two
    /// openings, which the compiler keeps apart (measured: 8 rounds for numbers of 31 bits), less what goes on before the
    /// first truncation.
    func waitingForMasks(_ operator: Call) -> Call {
        guard !settings.usesTruncPr, settings.split == .three, let passed = Self.roundsBeforeMask(`operator`) else {
            return `operator`
        }
        var circuit = BooleanCircuit()
        let needed = (circuit.randomNumber(settings.totalBits) ?? 0) + 2
        let waiting = Call(
            MPSPDZ.Function.mask, cost: Cost(online: Traffic(rounds: max(0, needed - passed))), sizes: Sizes())
        return Call(`operator`.name, [waiting] + `operator`.children)
    }

    /// Rounds of what a call does before its first mask is needed; nil if it needs none. Dot products are left out: they are
    /// instructions that the compiler keeps apart from all others.
    private static func roundsBeforeMask(_ call: Call) -> Int? {
        if call.name == MPSPDZ.Function.mask.rawValue { return 0 }
        var passed = 0
        for child in call.children {
            if let inner = roundsBeforeMask(child) { return passed + inner }
            if child.name != MPSPDZ.Function.dotprod.rawValue {
                passed = passed +| child.total.online.rounds
            }
        }
        return nil
    }
}
