import IR
import Pricing

/// HawkEye's own prices (Ruan et al., USENIX Security 2025): the table in `Compiler/cost_config.py` of its artifact, commit
/// d737722, for the twelve protocols that it has. They are here to be compared with, not to be believed; what is wrong with them
/// stands beside each protocol's own prices in `Frameworks/*.yaml`.
///
/// HawkEye counts bits over all parties, and its rounds can be fractions.
struct HawkEyePrices: Sendable {
    /// A protocol by HawkEye's name.
    enum ProtocolName: String, Hashable, Sendable, CaseIterable {
        case aby3 = "ABY3"
        case deepMPC = "DeepMPC"
        case secureML = "SecureML"
        case aby = "ABY"
        case mpcFormer = "MPCFormer"
        case semi2k = "SEMI2K"
        case cryptFlow2 = "CryptFlow2"
        case spdz = "SPDZ"
        case bgw = "BGW"
        case falcon = "Falcon"
        case delphi = "Delphi"
        case cheetah = "Cheetah"

        /// The framework file with HawkEye's prices beside ours; nil where HawkEye's price is a procedure.
        var file: String? {
            switch self {
            case .spdz: "spdz2k"
            case .semi2k, .cryptFlow2, .delphi, .cheetah: nil
            default: rawValue.lowercased()
            }
        }
    }

    /// What HawkEye can have a price for, by HawkEye's name.
    enum Primitive: String, Hashable, Sendable, CaseIterable {
        case share
        case open
        case mul = "muls"
        case matmul = "matmuls"
        case truncate = "TruncPr"
        case truncateExactly = "trunc"
        case ltz = "LTZ"
        case eqz = "EQZ"
        case exp = "exp_fx"
        case reciprocal = "Reciprocal"
        case powerOfTwo = "Pow2"

        /// The name in framework files.
        var fileName: String {
            switch self {
            case .mul: "mul"
            case .matmul: "matmul"
            case .truncate: "truncate"
            case .truncateExactly: "truncate_exactly"
            case .ltz: "ltz"
            case .eqz: "eqz"
            case .exp: "exp"
            case .reciprocal: "reciprocal"
            case .powerOfTwo: "pow2"
            case .share, .open: rawValue
            }
        }
    }

    /// HawkEye's command line, as far as prices depend on it.
    struct Parameters: Hashable, Sendable {
        /// Bits of a ring element (`-R`).
        var ring = 64
        /// Bits after the binary point. HawkEye takes 0 unless the program calls `set_precision`.
        var fraction = 16
        /// Number of parties; three-party protocols ignore it. HawkEye's option `-N` crashes.
        var parties = 2
        /// Computational security.
        var kappa = 128
        /// Degree of HE polynomials (`--degree`).
        var degree = 8192
        /// Bits of the HE moduli (`--modulus`).
        var modulus = [43, 43, 44, 44, 44]

        /// HawkEye's defaults, with fixed-point precision set.
        init() {}
    }

    /// A price as HawkEye states it.
    struct Price: Hashable, Sendable {
        /// Bits sent by all parties, online.
        var onlineBits: Double
        /// Rounds, online; HawkEye does not round logarithms.
        var onlineRounds: Double
        /// Bits sent by all parties, offline.
        var offlineBits: Double
        /// Rounds, offline.
        var offlineRounds: Double

        /// The given price.
        init(
            _ onlineBits: Double, _ onlineRounds: Double, _ offlineBits: Double = 0, _ offlineRounds: Double = 0
        ) {
            self.onlineBits = onlineBits
            self.onlineRounds = onlineRounds
            self.offlineBits = offlineBits
            self.offlineRounds = offlineRounds
        }

        /// Nothing.
        static let free = Price(0, 0)

        /// Whole bytes and rounds, rounded up.
        var cost: Cost {
            Cost(
                online: PriceTable.Amount(bits: onlineBits, rounds: onlineRounds).traffic,
                offline: PriceTable.Amount(bits: offlineBits, rounds: offlineRounds).traffic)
        }
    }

    /// Whose prices.
    let name: ProtocolName
    /// HawkEye's command line.
    let parameters: Parameters
    /// The prices in a framework file; nil for those that are procedures.
    private let table: PriceTable?

    /// HawkEye's prices for a protocol.
    ///
    /// - Throws: ``HarrierError`` if the parameters are no sizes.
    init(_ name: ProtocolName, parameters: Parameters = Parameters()) throws {
        guard (1...4096).contains(parameters.ring), (0...parameters.ring).contains(parameters.fraction),
            (1...1024).contains(parameters.parties), (1...(1 << 20)).contains(parameters.degree),
            (1...4096).contains(parameters.kappa), parameters.modulus.allSatisfy((1...1024).contains)
        else { throw HarrierError("HawkEye prices no such parameters") }
        self.name = name
        self.parameters = parameters
        table = try name.file.map { file in
            try PriceTable(
                FrameworkFile.load(file), column: .hawkEye,
                values: [
                    "L": Double(parameters.ring), "f": Double(parameters.fraction), "kappa": Double(parameters.kappa),
                ], parties: parameters.parties)
        }
    }

    /// HawkEye's prices with those of a framework file.
    init(_ name: ProtocolName, table: PriceTable, parameters: Parameters) {
        self.name = name
        self.table = table
        self.parameters = parameters
    }

    /// HawkEye's price of a primitive; nil if it has none, in which case HawkEye warns and adds nothing.
    ///
    /// - Parameters:
    ///   - sizes: `n` elements; `p`, `q` and `r` of a matrix product.
    ///   - isMSBKnown: the values are known not to be negative, which CryptFlow2 truncates for less.
    func price(_ primitive: Primitive, _ sizes: Sizes, isMSBKnown: Bool = false) -> Price? {
        if let table {
            guard let (online, offline) = try? table.amounts(primitive.fileName, sizes) else { return nil }
            return Price(online.bits, online.rounds, offline.bits, offline.rounds)
        }
        switch name {
        case .semi2k: return semi2k(primitive, sizes)
        case .cryptFlow2: return cryptFlow2(primitive, sizes, isMSBKnown: isMSBKnown)
        case .delphi: return delphi(primitive, sizes)
        case .cheetah: return cheetah(primitive, sizes)
        default: return nil
        }
    }
}
