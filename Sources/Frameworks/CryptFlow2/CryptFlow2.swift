import IR
import Pricing

/// CryptFlow2 (Rathee et al., CCS 2020) with its back end over oblivious transfer, as SCI of mpc-msri/EzPC at f24bf3e runs it:
/// two parties, shares modulo `2^bitlength`, the server's weights in plaintext. Mathematical functions are those of SIRNN
/// (Rathee et al., IEEE S&P 2021), which SCI contains.
///
/// Bytes and rounds are counted on the parties' own sockets. A round is a message that waits for the one before it; both
/// directions of SCI's two connections can speak at once, which the counters of SCI do not show. Nothing is offline.
struct CryptFlow2: Framework {
    /// SCI's configuration as far as it changes what is sent.
    struct Settings: FrameworkSettings {
        /// `bitlength`: 37 in the networks that EzPC ships, 32 or 41 elsewhere.
        var bits = 37
        /// `kScale`
        var scale = 12
        /// `WAN_EXEC`
        var isUniform = true
        /// How products are scaled down.
        var truncation = Truncation.buildingBlock
        /// Where products are scaled down.
        var scalingPlace = SCI.ScalingPlace.relu

        /// Which of SCI's two truncations is run.
        enum Truncation: String, Hashable, Sendable, CaseIterable {
            /// SCI/src/BuildingBlocks/truncation.cpp
            case buildingBlock = "building-block"
            /// `funcTruncateTwoPowerRing` in SCI/src/functionalities_uniform.h
            case uniform
        }

        static let title = "CryptFlow2"
        static let keys: [ConfigurationKey<Settings>] = [
            .number("bitlength", \.bits, 8...64, "bits of a share", aliases: ["ell"]),
            .number("scale", \.scale, 0...30, "bits after the binary point", aliases: ["k", "kScale"]),
            .flag("WAN_EXEC", \.isUniform, "comparisons with fewer rounds and more bytes, as EzPC defines it"),
            .choice(
                "truncation", \.truncation,
                "how products are scaled down: by SIRNN's building block, which OpenCheetah runs too, or by the uniform library"
            ),
            .choice(
                "scaling", \.scalingPlace,
                SCI.ScalingPlace.summary),
        ]
    }

    /// The secure functions.
    let functions: Functions
    let facts: FrameworkFacts

    /// CryptFlow2 under that configuration.
    ///
    /// - Throws: ``HarrierError`` for a number of parties other than 2, an unknown key or a wrong value.
    init(parties: Int = 2, configuration: [String: String] = [:]) throws {
        let settings = try Settings(configuration)
        try SCI.checkParties(parties, Settings.title)
        guard settings.scale < settings.bits - 1 else {
            throw HarrierError("CryptFlow2's scale must be less than its bitlength")
        }
        functions = Functions(settings: settings)
        let info = FrameworkInfo(
            name: "cryptflow2", title: "CryptFlow2", version: "EzPC f24bf3e (SCI over oblivious transfer)",
            threatModel: "semi-honest, two parties", parties: parties, supportedParties: 2...2,
            configuration: settings.configuration, configurationKeys: Settings.keys.map(\.information),
            privateByDefault: SCI.privateByDefault,
            offline: "nothing: base oblivious transfers are set-up, everything else runs when it is needed")
        // SIRNN's truncations are faithful: shifts to the right.
        let fixedPoint = FixedPointFormat(
            ringBits: settings.bits, fractionBits: settings.scale, truncation: .floor)
        // Base transfers for all sizes of KKOT and for IKNP in both directions: measured.
        facts = SCI.facts(
            info, of: .transfer, fixedPoint: fixedPoint, protocolLevel: functions.protocolLevel
        ) { _ in
            SCI.baseTransfers
        }
    }

    private static let rows = SCIOperators<Functions>.table

    func price(_ site: OperatorSite) throws -> OperatorPrice? { try Self.rows.price(site, functions) }
}

extension SCI {
    /// What CryptFlow2 and Cheetah are made for.
    static let privateByDefault =
        "inputs, whose shares are the client's input itself and zero, and the server's weights, owned by party 0"

    /// 457,906 bytes in 19 turns of SCI's main connection, measured: base transfers for all sizes of KKOT and for IKNP in both
    /// directions (EzPC f24bf3e).
    static let baseTransfers = Cost(offline: Traffic(bytes: 163_141 + 294_765, rounds: 19))

    /// The facts of a framework over SCI's protocols.
    static func facts(
        _ info: FrameworkInfo, of backEnd: BackEnd, fixedPoint: FixedPointFormat,
        protocolLevel: (any ProtocolLevelPrices)?,
        setupCost: @escaping @Sendable ([Call]) -> Cost
    ) -> FrameworkFacts {
        var facts = FrameworkFacts(info)
        // The server has the weights. The client's input is a sharing in which the server's share is zero: the protocols run on
        // it as on any other.
        facts.defaultVisibility = VisibilityPolicy(inputs: .private, parameters: .owned(party: 0))
        facts.fixedPoint = fixedPoint
        facts.secureFunctions = Function.names(of: backEnd)
        facts.protocolLevel = protocolLevel
        // Inputs are used as they are; the server sends its share of each output to the client, a word an element.
        facts.inputOutputCost = { _, outputs in
            outputs.reduce(.zero) {
                $0 + Cost(online: Traffic(bytes: 8 *| ($1.elementCount ?? 0), rounds: 1))
            }
        }
        facts.setupCost = setupCost
        return facts
    }

    /// - Throws: ``HarrierError`` unless there are two parties.
    static func checkParties(_ parties: Int, _ title: String) throws {
        guard parties == 2 else { throw HarrierError("\(title) is a two-party framework, not one for \(parties)") }
    }
}
