import IR
import Pricing

/// Cheetah (Huang et al., USENIX Security 2022) as OpenCheetah f71d4d4 runs it with one thread: two parties, shares modulo `2^ell`,
/// the server's weights in plaintext, linear layers by lattice encryption (SEAL 3.7.2), the rest over Ferret's silent
/// transfers.
///
/// Bytes and flows are those of the one connection; a round is a flow. The traffic that its build spends on checking every layer in
/// the clear (`VERIFY_LAYERWISE`) is left out. What OpenCheetah has not and is made of what it has is marked as composed. Refills of Ferret's buffers are offline: a refill is one unit of 559,456 bytes
/// for about 10 million correlations, and every call is charged its part of one.
struct OpenCheetah: Framework {
    /// OpenCheetah's configuration as far as it changes what is sent.
    struct Settings: FrameworkSettings {
        /// `ell`: 37 in OpenCheetah's scripts.
        var bits = 37
        /// `k`: 12 in OpenCheetah's scripts.
        var scale = 12
        /// Whether Relu compares without the low bits, as shipped.
        var isApproximate = true
        /// How a normalization multiplies.
        var normalization = Normalization.elementwise
        /// Where products are scaled down.
        var scalingPlace = SCI.ScalingPlace.relu

        /// How a normalization multiplies.
        enum Normalization: String, Hashable, Sendable, CaseIterable {
            /// Element by element, as the networks that OpenCheetah ships do.
            case elementwise
            /// Channel by channel (`BatchNorm` in library_fixed_uniform_cheetah.cpp), which pays for large images only.
            case channelwise
        }

        static let title = "OpenCheetah"
        static let keys: [ConfigurationKey<Settings>] = [
            .number("ell", \.bits, 8...44, "bits of a share", aliases: ["bitlength"], cheaper: ["33"]),
            .number("k", \.scale, 0...24, "bits after the binary point", aliases: ["scale", "kScale"]),
            .flag("approximate_relu", \.isApproximate, "Relu compares without the low bits, as shipped"),
            .choice("batchnorm", \.normalization, "how normalizations multiply"),
            .choice(
                "scaling", \.scalingPlace,
                SCI.ScalingPlace.summary),
        ]
    }

    /// The secure functions.
    let functions: Functions
    let facts: FrameworkFacts

    /// OpenCheetah under that configuration.
    ///
    /// - Throws: ``HarrierError`` for a number of parties other than 2, an unknown key or a wrong value.
    init(parties: Int = 2, configuration: [String: String] = [:]) throws {
        let settings = try Settings(configuration)
        try SCI.checkParties(parties, Settings.title)
        guard Protocols.comparedBits(settings.bits, dropped: settings.scale * 3 / 2) > 0 else {
            throw HarrierError("OpenCheetah's Relu has no bits left to compare at this scale")
        }
        functions = Functions(settings: settings)
        let info = FrameworkInfo(
            name: "cheetah", title: "OpenCheetah", version: "f71d4d4 (SEAL 3.7.2, emp-ot 7f3d4f0)",
            threatModel: "semi-honest, two parties", parties: parties, supportedParties: 2...2,
            configuration: settings.configuration, configurationKeys: Settings.keys.map(\.information),
            privateByDefault: SCI.privateByDefault,
            offline: "refills of Ferret's buffers of correlations, of which every call is charged its part")
        // Cheetah's truncation leaves out a carry, so that results are off by one unit at times.
        let fixedPoint = FixedPointFormat(ringBits: settings.bits, fractionBits: settings.scale)
        facts = SCI.facts(
            info, of: .lattice, fixedPoint: fixedPoint, protocolLevel: functions.protocolLevel,
            setupCost: Self.setupCost)
    }

    private static let rows = SCIOperators<Functions>.table

    func price(_ site: OperatorSite) throws -> OperatorPrice? {
        try Self.rows.price(site, functions)?.markingComposition
    }

    /// Ferret's warm-up in both directions and public keys in 16 flows, base transfers if something is averaged, and those of CryptFlow2 if
    /// a function of SCI's mathematical library is called.
    private static func setupCost(for calls: [Call]) -> Cost {
        var cost = Cost(offline: Traffic(bytes: Protocols.setup.server + Protocols.setup.client, rounds: 16))
        if calls.contains(where: { $0.contains([SCI.Function.divide.rawValue]) }) {
            let bytes = Protocols.averagePoolSetup.server + Protocols.averagePoolSetup.client
            cost = cost + Cost(offline: Traffic(bytes: bytes))
        }
        let callsLibrary = calls.contains { $0.contains([SCI.Function.digitDecomposition.rawValue]) }
        return callsLibrary ? cost + SCI.baseTransfers : cost
    }
}
