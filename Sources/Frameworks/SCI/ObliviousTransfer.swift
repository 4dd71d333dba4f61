import Pricing

extension SCI {
    /// Oblivious transfer: how choices and messages are brought to the other party. The server sends the messages; the
    /// other direction is the ``Exchange/reversed`` one.
    enum ObliviousTransfer: Hashable, Sendable {
        /// IKNP for one of two and KKOT for one of N (SCI/src/OT/split-iknp.h, split-kkot.h): the receiver sends a matrix
        /// of 128 or 256 bits a transfer, the sender the masked messages.
        case extended
        /// Ferret (OpenCheetah, SCI/src/OT/ferret/silent_ot.h on emp-ot): correlations come from a buffer that is filled
        /// beforehand; the receiver sends only the difference of its choice from a random one.
        case silent

        /// One of `choices` messages of `bits` bits, `count` times (KKOT).
        ///
        /// - Parameters:
        ///   - choices: a power of two up to 256.
        ///   - word: bits of the words into which messages are packed: 8 or 64.
        func oneOf(_ choices: Int, bits: Int, count: Int, word: Int = 8) -> Exchange {
            guard count > 0 else { return .none }
            let message = choices * bits
            switch self {
            case .extended:
                return Exchange(
                    server: Self.packed(message, count, chunk: 2048, word: word), client: 32 * Self.padded(count),
                    messages: Self.inOrder)
            case .silent:
                return silent(
                    Self.packed(message, count, chunk: 8, word: word), choices: choices.ceilLog2, count: count)
            }
        }

        /// One of two messages of `bits` bits (IKNP).
        func oneOfTwo(bits: Int, count: Int, word: Int = 64) -> Exchange {
            guard count > 0 else { return .none }
            switch self {
            case .extended:
                return Exchange(
                    server: Self.packed(2 * bits, count, chunk: 1024, word: word), client: 16 * Self.padded(count),
                    messages: Self.inOrder)
            case .silent:
                return silent(Self.packed(2 * bits, count, chunk: 8, word: word), choices: 1, count: count)
            }
        }

        /// One of two blocks of 128 bits, which are not packed.
        func oneOfTwoBlocks(count: Int) -> Exchange { oneOfTwo(bits: 128, count: count) }

        /// Messages of `bits` bits that differ by a correlation of the sender (COT).
        func correlated(bits: Int, count: Int) -> Exchange {
            guard count > 0 else { return .none }
            switch self {
            case .extended:
                return Exchange(
                    server: Self.packed(bits, count, chunk: 1024, word: 64), client: 16 * Self.padded(count),
                    messages: Self.inOrder)
            case .silent:
                return silent(Self.packed(bits, count, chunk: 8, word: 64), choices: 1, count: count)
            }
        }

        /// IKNP as it was before it was split in two: the matrix always has a multiple of 16384 columns (SCI/src/OT/iknp.h).
        ///
        /// - Parameter sent: bytes of all messages.
        static func unsplit(sent: Int, count: Int) -> Exchange {
            guard count > 0 else { return .none }
            return Exchange(server: sent, client: 16 * 16384 * count.dividedRoundingUp(by: 16384), messages: inOrder)
        }

        /// A seed of 16 bytes for the hash, the packed messages, and the corrected choices.
        private func silent(_ sent: Int, choices: Int, count: Int) -> Exchange {
            Exchange(
                server: 16 + sent, client: (choices * count).dividedRoundingUp(by: 8), messages: Self.inOrder,
                correlations: choices * count)
        }

        /// The receiver begins, the sender answers.
        static let inOrder: [Message] = [.from(.client), .from(.server)]

        /// Columns of an extension matrix: blocks of 16384, or of the next multiple of 256 if fewer are needed.
        static func padded(_ count: Int) -> Int {
            let block = min(16384, 256 * count.dividedRoundingUp(by: 256))
            return block * count.dividedRoundingUp(by: max(1, block))
        }

        /// Bytes of `count` messages of `bits` bits each that are packed into words, chunk by chunk.
        static func packed(_ bits: Int, _ count: Int, chunk: Int, word: Int) -> Int {
            func bytes(_ count: Int) -> Int { (bits * count).dividedRoundingUp(by: word) * word / 8 }
            return count / chunk * bytes(chunk) + bytes(count % chunk)
        }
    }
}
