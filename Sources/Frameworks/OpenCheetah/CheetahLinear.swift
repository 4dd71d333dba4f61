import Pricing

extension OpenCheetah {
    /// Cheetah's linear layers (OpenCheetah f71d4d4, include/gemini/cheetah; SEAL 3.7.2): BFV over rings of degree 4096 with primes
    /// of 60 and 49 bits, plaintexts modulo `2^bits`, coefficients instead of slots. Everything is one round trip: the client
    /// sends its share encrypted, the server answers with encrypted shares of the result.
    struct Linear: Hashable, Sendable {
        /// Bits of a share.
        let bits: Int

        /// Bytes of a ciphertext that the client sends: a seed and one polynomial of both primes, which zstd brings to 0.95 of its
        /// length (62,425 measured, 62,425 ± 60 over all rows).
        static let request = 62_425

        private static let degree = ReplySizes.coefficients

        private func exchange(requests: Int, replies: Double, runs: Int = 1) -> SCI.Exchange {
            SCI.Exchange(
                server: runs * (Int(replies.rounded()) + 4), client: runs * (requests * Self.request + 4),
                messages: [.from(.client), .from(.server)], repetitions: max(1, runs))
        }

        private func step(_ function: SCI.Function, _ exchange: SCI.Exchange, sizes: Sizes) -> SCI.Step {
            SCI.Step(function, exchange, sizes: sizes)
        }

        // MARK: Products with matrices

        /// Rows of shares times the server's matrix, one row after another.
        func matrixProduct(rows: Int, length: Int, columns: Int) -> SCI.Step {
            guard rows > 0, length > 0, columns > 0 else { return SCI.Step(nothing: .matmul) }
            let block = Self.block(rows: columns, columns: length)
            let replies = columns.dividedRoundingUp(by: block.rows)
            let bytes = Double(replies) * ReplySizes.bytes(bits: bits, used: Double(min(block.rows, columns)))
            return step(
                .matmul,
                exchange(requests: length.dividedRoundingUp(by: block.columns), replies: bytes, runs: rows),
                sizes: Sizes(n: rows * columns, p: rows, q: length, r: columns))
        }

        /// The block of the matrix that a ciphertext takes: the first, in order of its rows and then of its columns, that needs
        /// fewest ciphertexts (`getSplit` in hom_fc_ss.cc). For given rows the widest block needs fewest, and of the blocks with
        /// as few the narrowest comes first.
        static func block(rows: Int, columns: Int) -> (rows: Int, columns: Int) {
            var best = (cost: Int.max, rows: 1, columns: 1)
            for height in 1...min(degree, rows) {
                let widest = min(degree / height, columns)
                let requests = columns.dividedRoundingUp(by: widest)
                let cost = requests + rows.dividedRoundingUp(by: height)
                if cost < best.cost { best = (cost, height, columns.dividedRoundingUp(by: requests)) }
            }
            return (best.rows, best.columns)
        }

        // MARK: Convolutions

        /// How a convolution is cut into ciphertexts.
        struct Tiling: Hashable, Sendable {
            /// Ciphertexts of the client for one image.
            var requests: Int
            /// Ciphertexts of the server for one image: one for each output channel and tile.
            var replies: Int
            /// Coefficients that hold results, on average.
            var used: Double
        }

        /// The tiling of one image (`shape_inference.cc`): any padding makes it as large as padding to the same size would, strides
        /// are taken beforehand along axes where the kernel has length one and else ignored.
        static func tiling(_ shape: Convolution) throws -> Tiling {
            guard shape.input.count == 2, shape.dilations.allSatisfy({ $0 == 1 }), shape.group == 1 else {
                throw Unpriced("OpenCheetah convolves images of two axes without groups and dilations only")
            }
            let isPadded = (shape.padsBegin + shape.padsEnd).contains { $0 != 0 }
            let kernel = shape.kernel
            let stride = shape.strides[0]
            let padded = zip(shape.input, kernel).map { $0 + (isPadded ? $1 - 1 : 0) }
            let image = zip(padded, kernel).map { $1 == 1 ? $0.dividedRoundingUp(by: stride) : $0 }
            guard kernel[0] * kernel[1] <= degree, image[0] >= kernel[0], image[1] >= kernel[1] else {
                throw Unpriced("OpenCheetah has no room for this kernel")
            }
            var channels = 1
            var tile = image
            if image[0] * image[1] <= degree {
                channels = min(
                    degree / (image[0] * image[1]), shape.inputChannels, degree / (kernel[0] * kernel[1]))
            } else {
                let ratio = Double(image[0]) / Double(image[1])
                tile[0] = min(Int((Double(degree) * ratio).squareRoot()), image[0])
                tile[1] = min(degree / max(1, tile[0]), image[1])
                if abs(tile[0] - tile[1]) < 2 { tile = [min(tile[0], tile[1]), min(tile[0], tile[1])] }
                guard tile[0] >= kernel[0], tile[1] >= kernel[1] else {
                    throw Unpriced("OpenCheetah has no room for this kernel")
                }
            }
            let results = zip(image, kernel).map { $0 - $1 + 1 }
            let tiles = zip(zip(tile, kernel), results).map { $1.dividedRoundingUp(by: $0.0 - $0.1 + 1) }
            let count = tiles[0] * tiles[1]
            return Tiling(
                requests: shape.inputChannels.dividedRoundingUp(by: channels) * count,
                replies: shape.outputChannels * count,
                used: Double(results[0] * results[1]) / Double(count))
        }

        /// A convolution, image by image.
        func convolution(_ shape: Convolution) throws -> SCI.Step {
            let tiling = try Self.tiling(shape)
            let bytes = Double(tiling.replies) * ReplySizes.bytes(bits: bits, used: tiling.used)
            return step(
                .convolution, exchange(requests: tiling.requests, replies: bytes, runs: shape.batch),
                sizes: Sizes(n: shape.resultCount))
        }

        // MARK: Elementwise products

        /// Shares times as many numbers of the server, modulo as many primes as hold a product and a statistical mask of 40 bits
        /// (`setUpForBN` in SCI/src/cheetah/cheetah-api.cpp).
        func elementwise(_ count: Int) -> SCI.Step {
            let needed = 2 * bits + 1 + 40
            let primes = (needed + 1).dividedRoundingUp(by: 50)
            let primeBits = (needed + 1).dividedRoundingUp(by: primes)
            let ciphertexts = needed.dividedRoundingUp(by: primeBits) * count.dividedRoundingUp(by: Self.degree)
            let bytes = Double(ciphertexts * ReplySizes.elementwise(primeBits: primeBits))
            return step(
                .elementwiseProduct, exchange(requests: ciphertexts, replies: bytes), sizes: Sizes(n: count))
        }

        /// Images times a number a channel without other primes (`bn_direct` in hom_bn_ss.cc): every channel is cut into squares of at
        /// most 64 × 64 and has ciphertexts of its own.
        func scaleChannels(batch: Int, channels: Int, height: Int, width: Int) -> SCI.Step {
            guard height > 0, width > 0 else { return SCI.Step(nothing: .batchNorm) }
            let (rows, columns) = (
                height.dividedRoundingUp(by: min(64, height)), width.dividedRoundingUp(by: min(64, width))
            )
            let ciphertexts = channels * rows * columns
            let used = Double(height * width) / Double(rows * columns)
            let bytes = Double(ciphertexts) * ReplySizes.bytes(bits: bits, used: used)
            return step(
                .batchNorm, exchange(requests: ciphertexts, replies: bytes, runs: batch),
                sizes: Sizes(n: batch * channels * height * width))
        }
    }
}
