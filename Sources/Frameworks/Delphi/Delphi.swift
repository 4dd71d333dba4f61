import IR
import Pricing

/// Delphi (Mishra et al., USENIX Security 2020): the server has the weights, the client the input; linear layers are prepared
/// under homomorphic encryption and run on shares, ReLUs are garbled circuits.
///
/// Derived, not measured: read from github.com/mc2-project/delphi at 92bc007, with the gates of fancy-garbling 0.3.2 and the
/// block encoding of scuttlebutt of that time, because the branch that Delphi pins cannot be had. The online figure of a ReLU
/// equals the one that HawkEye measured; the offline one is 10 % below it. Ciphertexts and keys have the sizes that SEAL
/// 3.7.2 gives them.
struct Delphi: Framework {
    /// The secure functions.
    let functions: Functions
    let facts: FrameworkFacts

    /// Delphi.
    ///
    /// - Throws: ``HarrierError`` for another number of parties than 2, an unknown key or a wrong value.
    init(parties: Int = 2, configuration: [String: String] = [:]) throws {
        guard parties == 2 else {
            throw HarrierError("Delphi runs between a client and a server, not \(parties) parties")
        }
        let settings = try Settings(configuration)
        let functions = Functions(settings: settings)
        let info = FrameworkInfo(
            name: "delphi", title: "Delphi", version: "92bc007, read from source",
            threatModel: "semi-honest, client and server", parties: parties, supportedParties: 2...2,
            configuration: settings.configuration, configurationKeys: Settings.keys.map(\.information),
            privateByDefault: "the client's inputs, owned by party 1, and the server's weights, owned by party 0",
            offline: "ciphertexts of linear layers and of products, garbled circuits and the client's labels")
        self.functions = functions
        facts = Self.facts(info, functions)
    }

    private static func facts(_ info: FrameworkInfo, _ functions: Functions) -> FrameworkFacts {
        var facts = FrameworkFacts(info)
        // The client has the inputs, the server the weights.
        facts.defaultVisibility = VisibilityPolicy(inputs: .owned(party: 1), parameters: .owned(party: 0))
        // Numbers modulo the prime, of as many bits as it has beside the first.
        facts.fixedPoint = FixedPointFormat(
            ringBits: Int.bitWidth - 1 - functions.settings.prime.leadingZeroBitCount,
            fractionBits: functions.settings.fractionBits)
        facts.secureFunctions = Function.names
        // The server sends its share of each output to the client. Inputs are sent by the first linear layer.
        facts.inputOutputCost = { _, outputs in
            outputs.reduce(.zero) { $0 + functions.share($1.elementCount ?? 0).cost }
        }
        // The client's public and rotation keys. What base oblivious transfers take is not known, and small beside them.
        facts.setupCost = { _ in Cost(offline: Traffic(bytes: Functions.keyBytes, rounds: 1)) }
        return facts
    }

    /// The price of a node by the row of its operator; nil if Delphi has none.
    func price(_ site: OperatorSite) throws -> OperatorPrice? { try Self.rows.price(site, functions) }
}

extension Delphi {
    /// What of a model's preparation changes the traffic.
    struct Settings: FrameworkSettings {
        /// What a ReLU becomes. Delphi's planner decides for each layer; here it is one choice for all.
        enum Activation: String, Hashable, Sendable, CaseIterable {
            /// A garbled circuit of ReLU6, which is what Delphi computes for every ReLU.
            case garbled
            /// `x²`
            case quadratic
        }

        /// `activation`
        var activation = Activation.garbled
        /// The modulus of shares.
        var prime = 2_061_584_302_081
        /// Bits after the binary point.
        var fractionBits = 8

        /// Delphi's parameters.
        init() {}

        /// What messages call the framework.
        static let title = "Delphi"

        /// The table of configuration keys.
        static let keys: [ConfigurationKey<Self>] = [
            .choice("activation", \.activation, "what a ReLU becomes"),
            .number("prime", \.prime, 65_537...(1 << 62), "the prime that shares are taken modulo"),
            .number("exponent", \.fractionBits, 1...20, "bits after the binary point"),
        ]
    }
}
