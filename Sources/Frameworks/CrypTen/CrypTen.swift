import IR
import Pricing

/// CrypTen 0.4.1 (Knott et al., NeurIPS 2021): additive sharing over 64-bit integers, Beaver triples, binary circuits for
/// comparisons, semi-honest. Prices follow its source (github.com/facebookresearch/CrypTen, commit 775868a, the same code
/// as version 0.4.1) and are checked against measured runs.
///
/// Online bytes are what all parties send to each other; a collective operation counts as direct messages. Offline is all
/// traffic with the provider of correlated randomness.
package struct CrypTen: Framework {
    /// CrypTen's secure functions over tensors of given shapes, as pure values: what a call sends.
    struct Functions: Sendable {
        /// Number of parties.
        let parties: Int
        /// The configuration in force.
        var settings: Settings

        /// The functions for that many parties under that configuration.
        init(parties: Int = 2, settings: Settings = Settings()) {
            self.parties = parties
            self.settings = settings
        }
    }

    /// The secure functions.
    let functions: Functions
    package let facts: FrameworkFacts

    /// CrypTen for that many parties.
    ///
    /// - Parameter configuration: changed keys of CrypTen's configuration, such as `functions.exp_iterations`.
    /// - Throws: ``HarrierError`` for a number of parties outside 2...64, an unknown key or a wrong value.
    package init(parties: Int = 2, configuration: [String: String] = [:]) throws {
        let supported = 2...64
        guard supported.contains(parties) else {
            throw HarrierError(
                "CrypTen is priced for \(supported.lowerBound) to \(supported.upperBound) parties, not \(parties)")
        }
        let settings = try Settings(configuration)
        let info = FrameworkInfo(
            name: "crypten", title: "CrypTen", version: "0.4.1",
            threatModel: "semi-honest, any number of parties, all but one may collude", parties: parties,
            supportedParties: supported,
            configuration: settings.configuration,
            configurationKeys: Settings.keys.map(\.information),
            offline: settings.provider == .firstParty
                ? "masks of truncations that the trusted first party scatters (three and more parties); triples come from seeds"
                : "requests of party 0 to the trusted third party, and its answers")
        functions = Functions(parties: parties, settings: settings)
        facts = Self.facts(info, functions)
    }

    private static func facts(_ info: FrameworkInfo, _ functions: Functions) -> FrameworkFacts {
        var facts = FrameworkFacts(info)
        // `model.encrypt(src=0)` shares every parameter before anything is computed, so that what depends on weights alone runs
        // on shares, too.
        facts.defaultVisibility = VisibilityPolicy()
        facts.refusal = refusal
        // Files exported for operator sets 13 and 17 have been run; from 18 on the axes of ReduceMean are an input, which
        // the importer does not read.
        facts.newestOpset = 17
        // Every party divides its own share of a product.
        facts.fixedPoint = functions.fixedPoint
        facts.softmaxDepth = functions.softmaxDepth
        facts.arithmetic = Arithmetic(functions: functions)
        facts.secureFunctions = functions.vocabulary
        facts.differentiation = .own(Autograd(functions: functions))
        facts.protocolLevel = functions.protocolLevel
        // Sharing costs nothing (sharings of zero come from common seeds); every output is opened to all parties.
        facts.inputOutputCost = { inputs, outputs in
            inputs.reduce(.zero) { $0 + functions.share(Extent($1.lengths ?? [])).cost }
                + outputs.reduce(.zero) { $0 + functions.reveal(Extent($1.lengths ?? [])).cost }
        }
        return facts
    }
}

extension CrypTen.Functions {
    /// Integers of 64 bits with `encoder.precision_bits` of fraction; the encoder converts products with 2^16 to integers by `.long()`.
    var fixedPoint: FixedPointFormat {
        FixedPointFormat(ringBits: 64, fractionBits: settings.precisionBits, encoding: .towardZero)
    }

    /// `(1 + x / 2^I)^(2^I)` grows again, without a bound, from x = -2 · 2^I on.
    var softmaxDepth: Double { 2 * Double(sign: .plus, exponent: settings.expIterations, significand: 1) }
}
