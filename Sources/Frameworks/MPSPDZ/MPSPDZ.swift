import IR
import Pricing

/// MP-SPDZ's replicated secret sharing over a ring (`replicated-ring-party.x`): three parties, one of which may be
/// corrupted, semi-honest (Keller, CCS 2020; Araki et al., CCS 2016). Prices follow the source of the fork that HawkEye
/// (USENIX Security 2025) ships, github.com/wqruan/HawkEye, commit d737722, and are checked against runs of it.
///
/// Bytes are what the three parties send. Rounds are dependent messages: MP-SPDZ's own counters see what all parties pass
/// around at once and miss the two direct messages of a probabilistic truncation.
struct MPSPDZ: Framework {
    /// MP-SPDZ's secure functions, as pure values: what a call sends.
    struct Functions: Sendable {
        /// The configuration in force.
        let settings: Settings

        /// The functions under that configuration.
        init(settings: Settings = Settings()) { self.settings = settings }
    }

    /// The secure functions.
    let functions: Functions
    let facts: FrameworkFacts

    /// MP-SPDZ's replicated ring.
    ///
    /// - Parameter configuration: changed keys, such as `sfix.k`.
    /// - Throws: ``HarrierError`` for another number of parties than 3, an unknown key or a wrong value.
    init(parties: Int = 3, configuration: [String: String] = [:]) throws {
        guard parties == 3 else {
            throw HarrierError("MP-SPDZ's replicated ring runs between 3 parties, not \(parties)")
        }
        let settings = try Settings(configuration)
        try settings.check()
        let functions = Functions(settings: settings)
        let info = FrameworkInfo(
            name: "mp-spdz-ring", title: "MP-SPDZ replicated ring", version: "HawkEye's fork, d737722",
            threatModel: "semi-honest, 3 parties, honest majority", parties: parties, supportedParties: 3...3,
            configuration: settings.configuration, configurationKeys: Settings.keys.map(\.information),
            offline: "daBits and random bits, made in batches; each operator bears its share of them")
        self.functions = functions
        facts = Self.facts(info, functions)
    }

    private static func facts(_ info: FrameworkInfo, _ functions: Functions) -> FrameworkFacts {
        var facts = FrameworkFacts(info)
        // Inputs and weights are shared.
        facts.defaultVisibility = VisibilityPolicy()
        // Products of `sfix.k` bits and the fraction are what truncations take, whatever else the ring could hold.
        let settings = functions.settings
        facts.fixedPoint = FixedPointFormat(
            ringBits: settings.totalBits + settings.fractionBits, fractionBits: settings.fractionBits)
        facts.secureFunctions = vocabulary
        facts.protocolLevel = functions.protocolLevel
        // An input party sends one ring element for each secret (`Protocols/ReplicatedInput.hpp`); outputs are opened to all.
        facts.inputOutputCost = { inputs, outputs in
            inputs.reduce(.zero) { $0 + functions.input(Extent($1.lengths ?? []).count).cost }
                + outputs.reduce(.zero) { $0 + functions.open(Extent($1.lengths ?? []).count).cost }
        }
        return facts
    }
}
