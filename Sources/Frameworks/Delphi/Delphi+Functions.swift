import IR
import Pricing

extension Delphi {
    /// Delphi's secure functions, as pure values: what a call sends.
    struct Functions: Sendable {
        /// The configuration in force.
        let settings: Settings

        /// The functions under that configuration.
        init(settings: Settings = Settings()) { self.settings = settings }

        // MARK: Sizes

        /// A share on the wire: a field element in eight bytes, and the number of products in it in one.
        private static let shareBytes = 9
        /// A block of a garbled circuit, which is written as a string of bytes: its length and its contents.
        private static let blockBytes = 8 + 16
        /// A wire label: what kind of wire it is, and a block.
        private static let labelBytes = 4 + blockBytes
        /// The length of a list.
        private static let lengthBytes = 8
        /// An oblivious transfer of a label (ALSZ): a column of the receiver, two masked blocks of the sender.
        private static let transferBytes = 16 + 32
        /// A ciphertext of BFV with 8192 slots and 218 bits, compressed (measured with SEAL 3.7.2).
        private static let ciphertextBytes = 432_490
        /// Slots of a ciphertext.
        private static let slots = 8192
        /// Keys that the client sends once (measured with SEAL 3.7.2).
        static let keyBytes = 27_400_000

        /// One party sends shares of that many elements to the other.
        func share(_ count: Int) -> Call {
            let bytes = Self.shareBytes *| count
            return Call(Function.share, cost: Cost(online: Traffic(bytes: bytes, rounds: 1)), sizes: Sizes(n: count))
        }

        /// Ciphertexts to the server, and the answers, before the input is known.
        private func ciphertexts(_ sent: Int, _ answered: Int, sizes: Sizes) -> Call {
            let bytes = Self.ciphertextBytes *| (sent +| answered)
            return Call(Function.ciphertexts, cost: Cost(offline: Traffic(bytes: bytes, rounds: 2)), sizes: sizes)
        }
    }
}

// MARK: Linear layers

extension Delphi.Functions {
    typealias Function = Delphi.Function

    /// A fully connected layer: for each row of the input its share, and one ciphertext each way beforehand.
    ///
    /// - Throws: ``Unpriced`` if a row does not fit into half of the slots.
    func matmul(_ product: MatrixProduct) throws -> Call {
        guard product.q <= Self.slots / 2, product.r <= Self.slots / 2 else {
            throw Unpriced("Delphi's fully connected layers have at most \(Self.slots / 2) inputs and outputs")
        }
        let rows = product.batch *| product.p
        let inputs = product.batch *| product.leftCount
        return Call(
            Function.linear, sizes: product.sizes,
            [ciphertexts(rows, rows, sizes: product.sizes), share(inputs)])
    }

    /// A convolution. Images lie in ciphertexts by channels, each in a power of two of slots; the client sends every
    /// ciphertext once for each place of the kernel, rotated, so that the server need not rotate.
    ///
    /// - Throws: ``Unpriced`` for grouped convolutions, and images of more points than half of the slots.
    func convolution(_ convolution: Convolution) throws -> Call {
        guard convolution.group == 1 else { throw Unpriced("Delphi has no grouped convolutions") }
        let points = convolution.input.saturatingProduct()
        guard points > 0, points <= Self.slots / 2 else {
            throw Unpriced("Delphi's images have at most \(Self.slots / 2) points, this one has \(points)")
        }
        let channels = 2 * (Self.slots / 2 / (1 << points.ceilLog2))
        let copies = convolution.kernel.saturatingProduct() *| convolution.inputChannels.dividedRoundingUp(by: channels)
        let answers = convolution.outputChannels.dividedRoundingUp(by: channels)
        let sizes = Sizes(n: convolution.resultCount)
        return Call(
            Function.linear, sizes: sizes,
            [
                ciphertexts(
                    convolution.batch *| copies, convolution.batch *| answers,
                    sizes: sizes),
                share(convolution.imageCount),
            ])
    }
}

// MARK: Activations

extension Delphi.Functions {
    /// What a ReLU of the model becomes.
    func relu(_ count: Int) -> Call {
        switch settings.activation {
        case .garbled: garbledRelu(count)
        case .quadratic: product(count).renamed(Function.quadratic)
        }
    }

    /// AND gates of the circuit of ReLU6 over shares modulo p, of `n` wires, one more than p has bits: the sum of the shares
    /// and its reduction (`2 (n - 1)` and parts of `4 n`, the rest of which selects), a comparison with p / 2, whose zeros
    /// at the end cost nothing, and comparisons with 0 and 6 in fixed-point.
    var gates: Int {
        let bits = Int.bitWidth - settings.prime.leadingZeroBitCount
        let wires = bits + 1
        let half = bits - (settings.prime / 2).trailingZeroBitCount
        return 2 * (wires - 1) + 4 * wires + half + (settings.fractionBits + 8) + 6 + (settings.fractionBits + 3)
    }

    /// ReLU6 as a garbled circuit. Offline the server sends the circuit, two blocks a gate and two constants, and its labels
    /// of the client's next mask, and the client gets the labels of its share by oblivious transfer; online the server sends
    /// the labels of its share.
    func garbledRelu(_ count: Int) -> Call {
        let wires = Int.bitWidth - settings.prime.leadingZeroBitCount + 1
        let blocks = 2 * gates + 2
        let circuit = blocks * Self.blockBytes + Self.lengthBytes
        let labels = wires * Self.labelBytes
        let sizes = Sizes(n: count, bits: wires)
        func offline(_ function: Function, _ bytes: Int, rounds: Int) -> Call {
            let traffic = Traffic(bytes: bytes *| count, rounds: rounds)
            return Call(function, cost: Cost(offline: traffic), sizes: sizes)
        }
        let online = Traffic(bytes: (labels + Self.lengthBytes) *| count, rounds: 1)
        return Call(
            Function.relu6, sizes: sizes,
            [
                offline(.garbledCircuit, circuit, rounds: 1), offline(.maskLabels, labels, rounds: 0),
                offline(.obliviousTransfer, wires * Self.transferBytes, rounds: 2),
                Call(Function.labels, cost: Cost(online: online), sizes: sizes),
            ])
    }

    /// A product of two shared numbers by Beaver's method; a square is one, too. Both parties open two elements; triples are
    /// made in ciphertexts of 8192, two up and one down.
    func product(_ count: Int) -> Call {
        let full = count.dividedRoundingUp(by: Self.slots)
        let opened = 4 * Self.shareBytes *| count
        let sizes = Sizes(n: count)
        return Call(
            Function.beaver, sizes: sizes,
            [
                ciphertexts(2 *| full, full, sizes: sizes),
                Call(Function.open, cost: Cost(online: Traffic(bytes: opened, rounds: 1)), sizes: sizes),
            ])
    }
}
