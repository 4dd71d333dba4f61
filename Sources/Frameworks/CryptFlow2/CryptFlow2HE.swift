import IR
import Pricing

/// CryptFlow2 (Rathee et al., CCS 2020) with its back end over homomorphic encryption, as the build SCI_HE of OpenCheetah
/// f71d4d4 runs it (SEAL 3.7.2): two parties, shares modulo a prime, the server's weights in plaintext.
///
/// A round is a flow on the one connection: a message that follows one of the other party.
struct CryptFlow2HE: Framework {
    /// The configuration as far as it changes what is sent.
    struct Settings: FrameworkSettings {
        /// `bitlength`: 37 in OpenCheetah's scripts.
        var bits = 37
        /// `kScale`
        var scale = 12
        /// Where products are scaled down.
        var scalingPlace = SCI.ScalingPlace.relu

        static let title = "CryptFlow2"
        static let keys: [ConfigurationKey<Settings>] = [
            .number("bitlength", \.bits, 32...41, "bits of the prime that shares are taken modulo", aliases: ["ell"]),
            .number("scale", \.scale, 0...24, "bits after the binary point", aliases: ["k", "kScale"]),
            .choice(
                "scaling", \.scalingPlace,
                SCI.ScalingPlace.summary),
        ]
    }

    /// The secure functions.
    let functions: Functions
    let facts: FrameworkFacts

    /// CryptFlow2 over homomorphic encryption under that configuration.
    ///
    /// - Throws: ``HarrierError`` for a number of parties other than 2, an unknown key or a wrong value.
    init(parties: Int = 2, configuration: [String: String] = [:]) throws {
        let settings = try Settings(configuration)
        try SCI.checkParties(parties, Settings.title)
        guard let field = SCI.FieldProtocols(bits: settings.bits) else {
            throw HarrierError("SCI has no prime of \(settings.bits) bits")
        }
        functions = Functions(settings: settings, field: field)
        let info = FrameworkInfo(
            name: "cryptflow2-he", title: "CryptFlow2 (HE)",
            version: "OpenCheetah f71d4d4 (SCI over homomorphic encryption, SEAL 3.7.2)",
            threatModel: "semi-honest, two parties", parties: parties, supportedParties: 2...2,
            configuration: settings.configuration, configurationKeys: Settings.keys.map(\.information),
            privateByDefault: SCI.privateByDefault,
            offline:
                "nothing: Galois keys and base oblivious transfers are set-up, and keys that a large image needs are made when it is convolved"
        )
        // Divisions over the field are faithful.
        let fixedPoint = FixedPointFormat(ringBits: settings.bits, fractionBits: settings.scale, truncation: .floor)
        // Base transfers, and Galois keys for convolutions, matrix products and elementwise products.
        facts = SCI.facts(info, of: .field, fixedPoint: fixedPoint, protocolLevel: nil) { _ in
            SCI.baseTransfers + Cost(offline: Traffic(bytes: SCI.HomomorphicField.setup.client, rounds: 1))
        }
    }

    private static let rows = SCIOperators<Functions>.table

    func price(_ site: OperatorSite) throws -> OperatorPrice? {
        try Self.rows.price(site, functions)?.markingComposition
    }

    /// The secure functions over a prime field, as pure values: what a call sends.
    struct Functions: SCIFunctions {
        /// The configuration in force.
        let settings: Settings
        /// The protocols over the field.
        let field: SCI.FieldProtocols

        var scalingPlace: SCI.ScalingPlace { settings.scalingPlace }
        var rounds: SCI.Rounds { SCI.Rounds(mergesFlows: true) }

        var scalesSharedProducts: Bool { true }

        func mul(_ product: ElementwiseProduct) throws -> Call {
            let step = SCI.HomomorphicField.elementwise(try SCI.checked(product.result))
            return call(step.product(.sharedProduct, of: SCI.owner(product.sides)))
        }

        func square(_ count: Int) throws -> Call {
            call(SCI.HomomorphicField.elementwise(try SCI.checked(count)).ofSquares)
        }

        func matmul(_ product: MatrixProduct) throws -> Call {
            let owner = SCI.owner(product.sides)
            let vectors =
                switch owner {
                case .serverHasLeft, .clientHasLeft: product.r
                case .serverHasRight, .clientHasRight: product.p
                case .nobody: min(product.p, product.r)
                }
            guard product.batch == 1, vectors == 1 else {
                throw Unpriced("CryptFlow2's matrix product over a prime field takes one vector, not \(vectors)")
            }
            let step = try SCI.HomomorphicField.matrixVector(length: try SCI.checked(product.q))
            return call(step.product(.sharedMatmul, of: owner))
        }

        func convolution(_ convolution: Convolution) throws -> Call {
            guard SCI.owner(convolution.sides) == .serverHasRight else {
                throw Unpriced("over homomorphic encryption the kernels must be the server's")
            }
            return call(try SCI.HomomorphicField.convolution(try SCI.checked(convolution)))
        }

        func ltz(_ count: Int) throws -> Call { call(field.drelu(try SCI.checked(count))) }

        /// The selection of a relu: a transfer in each direction.
        func select(_ count: Int) throws -> Call {
            call(SCI.Step(.select, sizes: Sizes(n: count), field.relu(try SCI.checked(count)).parts.suffix(1)))
        }

        func truncate(_ count: Int, isNonNegative: Bool) throws -> Call {
            guard settings.scalingPlace != .none, settings.scale > 0 else {
                return Call(SCI.Function.truncate, sizes: Sizes(n: count), [])
            }
            return call(scaleDown(try SCI.checked(count), signIsKnown: isNonNegative))
        }

        private func scaleDown(_ count: Int, signIsKnown: Bool) -> SCI.Step {
            field.divide(by: 1 << settings.scale, count, signIsKnown: signIsKnown)
        }

        func reluStep(_ count: Int, scalesDown: Bool) -> SCI.Step {
            let relu = field.relu(count)
            guard scalesDown, settings.scale > 0 else { return relu }
            return SCI.Step(.relu, relu.parts + [scaleDown(count, signIsKnown: true)], field.bits, count)
        }

        func maxPoolStep(rows: Int, length: Int) -> SCI.Step {
            field.ring.maxPool(rows: rows, length: length, relu: field.relu(rows))
        }

        func argMaxStep(length: Int) -> SCI.Step { field.argMax(length: length) }

        func divideStep(by divisor: Int, _ count: Int) throws -> SCI.Step {
            guard 6 * divisor < field.prime else {
                throw Unpriced("a prime of \(field.bits) bits is too small for a division by \(divisor)")
            }
            return field.divide(by: divisor, count)
        }
    }
}
