import Pricing

extension SCI {
    /// CryptFlow2's linear layers by homomorphic encryption of shares modulo a prime (OpenCheetah f71d4d4,
    /// SCI/src/LinearHE; SEAL 3.7.2): BFV with primes of 60, 60, 60 and 49 bits, public-key encryption, and replies brought
    /// down to one prime.
    ///
    /// Ciphertexts of 60-bit words do not shrink under zstd, so SEAL stores them raw: their sizes are exact. The primes of
    /// 49 bits in keys do shrink; by how much was found with libzstd 1.5.4 on random words of the same form.
    enum HomomorphicField {
        /// Slots of a ciphertext unless an image or a vector needs more.
        static let slots = 8192
        /// Slots of the largest ciphertext.
        static let mostSlots = 65536

        /// Bytes of a ciphertext of three primes that the client sends.
        static func request(slots: Int) -> Int { ciphertext(2 * 3 * 8 * slots) }

        /// Bytes of a ciphertext of one prime that the server sends back.
        static func reply(slots: Int) -> Int { ciphertext(2 * 8 * slots) }

        /// Length, headers and fields are 122 bytes, and zstd begins each block of 128 KiB that it stores raw with 3.
        private static func ciphertext(_ polynomials: Int) -> Int {
            polynomials + 122 + 3 * (polynomials / 131_072 + 1)
        }

        /// Bytes of a public key and of all Galois keys: `2 log2(slots) - 2` automorphisms with three parts each, a part being
        /// a seed and a polynomial of four primes.
        static func keys(slots: Int) -> Int {
            let polynomials = 3 * (2 * slots.ceilLog2 - 2) + 1
            // In the smallest ring a prime of 60 bits shares its block with that of 49, which makes it shrink less.
            let shrunk = slots == Self.slots ? 0.97508 : 0.97009
            return Int((Double(polynomials * 4 * 8 * slots) * shrunk).rounded())
        }

        /// Keys that every session makes: convolutions in two sizes, products with matrices, elementwise products.
        static var setup: Exchange {
            Exchange(client: 3 * keys(slots: slots) + keys(slots: mostSlots), messages: [.from(.client)])
        }

        private static func roundTrip(requests: Int, replies: Int, slots: Int, isVector: Bool) -> Exchange {
            let count = isVector ? 4 : 0
            return Exchange(
                server: replies * reply(slots: slots) + count, client: requests * request(slots: slots) + count,
                messages: [.from(.client), .from(.server)])
        }

        /// A vector of shares times the server's matrix: one ciphertext each way. Vectors of more than 4096 numbers need larger
        /// ciphertexts, for which keys are made and sent each time.
        static func matrixVector(length: Int) throws -> Step {
            let needed = 2 * nextPowerOfTwo(length)
            guard needed <= mostSlots else {
                throw Unpriced("CryptFlow2's matrix product takes vectors of up to \(mostSlots / 2) numbers")
            }
            let slots = max(slots, needed)
            var parts = [
                Step(
                    .matmul, roundTrip(requests: 1, replies: 1, slots: slots, isVector: false), sizes: Sizes(q: length))
            ]
            if slots > Self.slots { parts.insert(newKeys(slots), at: 0) }
            return Step(.matmul, sizes: Sizes(q: length), parts)
        }

        /// Shares times as many numbers of the server.
        static func elementwise(_ count: Int) -> Step {
            let ciphertexts = count.dividedRoundingUp(by: slots)
            return Step(
                .elementwiseProduct,
                roundTrip(requests: ciphertexts, replies: ciphertexts, slots: slots, isVector: true),
                sizes: Sizes(n: count))
        }

        /// A convolution of one image. Strides split it into convolutions without strides of every phase of image and kernel;
        /// each packs as many channels as fit into half a ciphertext.
        static func convolution(_ shape: Convolution) throws -> Step {
            guard shape.batch == 1 else {
                throw Unpriced("CryptFlow2's convolution takes one image, not \(shape.batch)")
            }
            guard shape.group == 1 else { throw Unpriced("CryptFlow2 has no grouped convolution over a prime field") }
            guard shape.input.count == 2, shape.dilations.allSatisfy({ $0 == 1 }) else {
                throw Unpriced("CryptFlow2 convolves images of two axes without dilations only")
            }
            // Rows and columns that some window covers, with the padding around the image.
            let reached = zip(zip(shape.kernel, shape.strides), shape.output).map { $0.0 + ($1 - 1) * $0.1 }
            let phases = zip(shape.strides, shape.kernel).map { min($0, $1) }
            guard phases.saturatingProduct() <= 4096 else { throw Unpriced("it strides too far") }
            var parts: [Step] = []
            for row in 0..<phases[0] {
                for column in 0..<phases[1] {
                    let (height, width) = (
                        (reached[0] - row).dividedRoundingUp(by: shape.strides[0]),
                        (reached[1] - column).dividedRoundingUp(by: shape.strides[1])
                    )
                    parts += try phase(points: height * width, shape)
                }
            }
            return Step(.convolution, sizes: Sizes(n: shape.resultCount), parts)
        }

        private static func phase(points: Int, _ shape: Convolution) throws -> [Step] {
            let image = nextPowerOfTwo(points)
            guard 2 * image <= mostSlots else {
                throw Unpriced("CryptFlow2 convolves images of up to \(mostSlots / 2) points")
            }
            let slots = max(slots, 2 * image)
            let channels = slots / image
            let exchange = roundTrip(
                requests: shape.inputChannels.dividedRoundingUp(by: channels),
                replies: shape.outputChannels.dividedRoundingUp(by: channels), slots: slots, isVector: true)
            let convolution = Step(.phase, exchange, sizes: Sizes(n: shape.resultCount))
            // Keys are at hand for the smallest and the largest ring.
            return slots == Self.slots || slots == mostSlots ? [convolution] : [newKeys(slots), convolution]
        }

        private static func newKeys(_ slots: Int) -> Step {
            Step(.galoisKeys, Exchange(client: keys(slots: slots), messages: [.from(.client)]), sizes: Sizes(n: slots))
        }

        private static func nextPowerOfTwo(_ number: Int) -> Int { 1 << number.ceilLog2 }
    }
}
