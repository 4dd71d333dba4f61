import IR
import Pricing

extension MPSPDZ {
    /// What of a program and of its compilation changes the traffic.
    struct Settings: FrameworkSettings {
        /// How comparisons reach binary sharing (the compiler's option `-Z`).
        enum Split: String, Hashable, Sendable, CaseIterable {
            /// Each party's share is shared bitwise without a message, and the three are added in a circuit (`-Z 3`).
            case three = "3"
            /// A masked value is opened and compared with the mask's bits in arithmetic sharing (no `-Z`).
            case off
        }

        /// Bits of the ring (the compiler's `-R`).
        var ringBits = 64
        /// `-Z`
        var split = Split.three
        /// Bits of a fixed-point number (`sfix.set_precision(f, k)`); comparisons work on as many.
        var totalBits = 31
        /// Bits after the binary point.
        var fractionBits = 16
        /// Whether products are truncated by the instruction `trunc_pr`. MP-SPDZ leaves it off unless the program sets
        /// `program.use_trunc_pr`, as those for neural networks do.
        var usesTruncPr = true
        /// Correlated randomness made at once (`-b`).
        var batchSize = 10_000

        /// Fixed-point numbers as MP-SPDZ has them by default, with the compiler options that the fork was measured with.
        init() {}
    }
}

extension MPSPDZ.Settings {
    /// What messages call the framework.
    static let title = "MP-SPDZ"

    /// The table of configuration keys.
    static let keys: [ConfigurationKey<Self>] = [
        .number("ring", \.ringBits, 64...1024, "bits of the ring (-R)", aliases: ["-R"]),
        .choice("split", \.split, "local conversion to binary sharing in comparisons (-Z)", aliases: ["-Z"]),
        .number("sfix.k", \.totalBits, 2...1000, "bits of a fixed-point number, which comparisons work on"),
        .number("sfix.f", \.fractionBits, 1...1000, "bits after the binary point"),
        .flag("program.use_trunc_pr", \.usesTruncPr, "truncate products by trunc_pr", aliases: ["trunc_pr"]),
        .number("batch_size", \.batchSize, 1...100_000_000, "correlated randomness made at once (-b)", aliases: ["-b"]),
    ]

    /// Checks what no single key shows.
    ///
    /// - Throws: ``HarrierError`` if a number does not fit into the ring.
    func check() throws {
        guard totalBits < ringBits else {
            throw HarrierError("MP-SPDZ's sfix.k (\(totalBits)) must be less than the bits of the ring (\(ringBits))")
        }
    }
}
