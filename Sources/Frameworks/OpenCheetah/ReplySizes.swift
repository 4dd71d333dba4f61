import Pricing

extension OpenCheetah {
    /// How long the server's ciphertexts are.
    ///
    /// A reply has two polynomials of 4096 coefficients modulo a prime of 60 bits. The server clears the low bits that
    /// decryption does not need: of the first polynomial `bits + 2` stay, of the second `bits + 14`
    /// (`truncate_for_decryption` in include/gemini/cheetah/hom_conv2d_ss.cc); coefficients that hold no result are cleared
    /// altogether. SEAL then compresses words of eight bytes with zstd at level 3, and how long that makes them depends on
    /// nothing but these widths. The sizes here are those of random words of this form under libzstd 1.5.4, averaged over three
    /// draws, with the length and SEAL's headers; none is fitted to a measurement.
    enum ReplySizes {
        /// Coefficients of a polynomial.
        static let coefficients = 4096
        /// Widths of shares that Cheetah's encryption takes.
        static let widths = 2...44

        /// Bytes of a reply.
        ///
        /// - Parameters:
        ///   - bits: width of the shares, which is that of the plaintexts.
        ///   - used: coefficients that hold results.
        static func bytes(bits: Int, used: Double) -> Double {
            let sizes = byWidth[min(max(bits, widths.lowerBound), widths.upperBound) - widths.lowerBound]
            let position = min(max(0, used), Double(coefficients)) / 1024
            let index = min(Int(position), sizes.count - 2)
            let (low, high) = (Double(sizes[index]), Double(sizes[index + 1]))
            return low + (high - low) * (position - Double(index))
        }

        /// Bytes of a reply of an elementwise product, whose plaintexts are numbers modulo a prime: one bit more of the first
        /// polynomial stays than on a ring, one bit less of the second, and every coefficient is used.
        ///
        /// - Parameter primeBits: width of the prime.
        static func elementwise(primeBits: Int) -> Int {
            byPrime[min(max(primeBits, 12), 50) - 12]
        }

        /// Bytes with 0, 1024, 2048, 3072 and 4096 coefficients in use, for widths from 2 on.
        private static let byWidth: [[Int]] = [
            [12128, 13388, 14584, 15530, 16568],
            [12525, 14607, 16376, 18100, 19774],
            [12892, 15298, 17348, 19220, 21083],
            [13203, 15868, 18056, 20012, 21944],
            [13471, 16198, 18535, 20647, 22637],
            [15077, 18000, 20490, 22737, 24899],
            [15680, 18553, 21187, 23627, 25911],
            [16133, 18998, 21637, 24165, 26543],
            [16535, 19323, 21854, 24424, 26740],
            [16882, 20173, 23206, 26094, 28901],
            [17168, 20773, 23992, 27119, 30108],
            [17345, 21117, 24553, 27872, 31001],
            [17481, 21424, 25038, 28411, 31636],
            [19295, 23040, 26570, 29971, 33216],
            [19854, 23681, 27284, 30842, 34161],
            [20373, 24322, 27950, 31434, 34867],
            [20938, 24953, 28606, 32185, 35646],
            [21645, 26028, 29995, 33981, 37813],
            [22382, 26937, 31096, 35172, 39161],
            [22952, 27664, 31895, 36050, 40186],
            [23378, 28076, 32549, 36792, 41073],
            [24381, 29191, 33760, 38269, 42629],
            [25249, 30077, 34695, 39280, 43723],
            [26034, 30705, 35314, 39924, 44531],
            [26501, 30985, 35643, 40286, 44920],
            [26814, 31701, 36673, 41672, 46652],
            [27032, 32052, 37119, 42206, 47342],
            [27217, 32403, 37554, 42783, 48019],
            [27324, 32729, 37975, 43285, 48638],
            [28138, 33772, 39187, 44569, 50011],
            [28837, 34688, 40259, 45882, 51360],
            [29397, 35397, 41136, 46895, 52534],
            [29824, 35894, 41782, 47539, 53323],
            [30044, 36502, 42697, 48814, 54691],
            [30231, 36890, 43276, 49643, 55907],
            [30317, 37134, 43766, 50353, 56857],
            [30459, 37325, 44092, 50777, 57317],
            [30947, 37940, 44839, 51754, 58506],
            [31398, 38565, 45515, 52434, 59298],
            [31783, 39032, 46100, 53059, 59932],
            [32141, 39428, 46493, 53474, 60408],
            [32310, 39833, 47081, 54270, 61319],
            [32848, 40066, 47390, 54754, 62043],
        ]

        /// Bytes of a full reply for primes of 12 bits and more.
        private static let byPrime = [
            29_739, 30_684, 31_491, 31_948, 33_609, 34_352, 35_061, 37_305, 38_658, 39_812,
            40_708, 41_343, 42_829, 43_956, 44_673, 46_457, 47_252, 47_845, 48_496, 49_132,
            50_611, 51_945, 52_857, 54_399, 55_694, 56_609, 57_207, 57_577, 58_626, 59_414,
            60_051, 61_063, 61_934, 62_496, 62_880, 63_184, 63_214, 63_260, 63_343,
        ]
    }
}
