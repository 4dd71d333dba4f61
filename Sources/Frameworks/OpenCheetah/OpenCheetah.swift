import IR
import Pricing

/// Cheetah (Huang et al., USENIX Security 2022) as OpenCheetah f71d4d4 runs it with one thread: two parties, shares modulo `2^ell`,
/// the server's weights in plaintext, linear layers by lattice encryption (SEAL 3.7.2), the rest over Ferret's silent
/// transfers.
///
/// Bytes and flows are those of the one connection; a round is a flow. The traffic that its build spends on checking every layer in
/// the clear (`VERIFY_LAYERWISE`) is left out. Refills of Ferret's buffers are offline: a refill is one unit of 559,456 bytes
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

    func price(_ site: OperatorSite) throws -> OperatorPrice? { try Self.rows.price(site, functions) }

    /// Ferret's warm-up in both directions and public keys in 16 flows, and base transfers if something is averaged.
    private static func setupCost(for calls: [Call]) -> Cost {
        var bytes = Protocols.setup.server + Protocols.setup.client
        if calls.contains(where: { $0.contains("divide") }) {
            bytes += Protocols.averagePoolSetup.server + Protocols.averagePoolSetup.client
        }
        return Cost(offline: Traffic(bytes: bytes, rounds: 16))
    }

    /// Cheetah's secure functions, as pure values: what a call sends.
    struct Functions: SCIFunctions {
        /// The configuration in force.
        let settings: Settings
        /// The non-linear protocols.
        let protocols: Protocols
        /// The linear protocols.
        let linear: Linear

        /// The functions under that configuration.
        init(settings: Settings = Settings()) {
            self.settings = settings
            protocols = Protocols(bits: settings.bits)
            linear = Linear(bits: settings.bits)
        }

        var scalingPlace: SCI.ScalingPlace { settings.scalingPlace }
        var rounds: SCI.Rounds {
            SCI.Rounds(mergesFlows: true, refill: (Protocols.refillBytes, Protocols.refillCorrelations))
        }

        func mul(_ product: ElementwiseProduct) throws -> Call {
            try ownedByServer(product.sides)
            return call(linear.elementwise(try SCI.checked(product.result)))
        }

        /// The rows of the shared matrix one after another.
        func matmul(_ product: MatrixProduct) throws -> Call {
            let owner = try ownedByServer(product.sides)
            let product = try SCI.checked(product)
            let step =
                owner == .serverHasLeft
                ? linear.matrixProduct(rows: product.r, length: product.q, columns: product.p)
                : linear.matrixProduct(rows: product.p, length: product.q, columns: product.r)
            return call(step).repeated(product.batch, independent: true)
        }

        func convolution(_ convolution: Convolution) throws -> Call {
            guard SCI.owner(convolution.sides) == .serverHasRight else { throw Self.bothShared }
            return call(try linear.convolution(try SCI.checked(convolution)))
        }

        func scaleChannels(_ images: Extent, sides: Sides) throws -> Call {
            guard settings.normalization == .channelwise else {
                return try mul(
                    ElementwiseProduct(left: images.count, right: images[1], result: images.count, sides: sides))
            }
            try ownedByServer(sides)
            _ = try SCI.checked(images.count)
            return call(
                linear.scaleChannels(
                    batch: images[0], channels: images[1], height: images[2],
                    width: images.lengths.dropFirst(3).reduce(1, *)))
        }

        @discardableResult
        private func ownedByServer(_ sides: Sides) throws -> SCI.Owner {
            let owner = SCI.owner(sides)
            guard owner == .serverHasLeft || owner == .serverHasRight else { throw Self.bothShared }
            return owner
        }

        private static let bothShared = Unpriced(
            "one factor must be the server's: OpenCheetah's product of two shared ones is 'Not implemented in this build'"
        )

        func ltz(_ count: Int) throws -> Call {
            call(protocols.sci.drelu(bits: settings.bits, try SCI.checked(count)))
        }

        func select(_ count: Int) throws -> Call {
            call(protocols.sci.multiplexer(bits: settings.bits, try SCI.checked(count)))
        }

        func bitToNumber(_ count: Int) throws -> Call {
            call(protocols.sci.b2a(bits: settings.bits, try SCI.checked(count)))
        }

        /// A known sign saves nothing: it is made known by an offset.
        func truncate(_ count: Int, isNonNegative: Bool) throws -> Call {
            guard settings.scalingPlace != .none else { return Call(SCI.Function.truncate, sizes: Sizes(n: count), []) }
            return call(protocols.truncate(shift: settings.scale, try SCI.checked(count)))
        }

        /// What scales down afterwards compares fewer bits, too.
        func reluStep(_ count: Int, scalesDown: Bool) -> SCI.Step {
            let scalesDown = scalesDown && settings.scale > 0
            let dropped = scalesDown ? settings.scale * 3 / 2 : settings.scale
            let relu =
                settings.isApproximate
                ? protocols.approximateRelu(dropped: dropped, count) : protocols.exactRelu(count)
            guard scalesDown else { return relu }
            return SCI.Step(
                .relu, relu.parts + [protocols.truncate(shift: settings.scale, count)], settings.bits, count)
        }

        func maxPoolStep(rows: Int, length: Int) -> SCI.Step { protocols.maxPool(rows: rows, length: length) }

        func argMaxStep(length: Int) -> SCI.Step { protocols.argMax(length: length) }

        func divideStep(by divisor: Int, _ count: Int) throws -> SCI.Step {
            guard (6 * divisor).ceilLog2 < settings.bits else {
                throw Unpriced("shares of \(settings.bits) bits are too short to be divided by \(divisor)")
            }
            return protocols.divide(by: divisor, count)
        }
    }
}

extension Call {
    /// Whether a call of that name stands in the tree.
    fileprivate func contains(_ name: String) -> Bool {
        self.name == name || children.contains { $0.contains(name) }
    }
}
