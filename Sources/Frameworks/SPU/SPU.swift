import IR
import Pricing

/// SecretFlow SPU 0.9.5 (Ma et al., USENIX ATC 2023): a compiler and a virtual machine for secure computation that runs
/// XLA programs over several protocols. Prices follow its source (github.com/secretflow/spu, commit 45d13d9b) from the
/// compiler's lowering down to the kernels, and are checked against measured runs.
///
/// Operators run one after the other, each on whole tensors. A model is taken for the program that jax would trace for it:
/// parameters and inputs are secret, what the file writes as constants is public.
struct SPU: Framework {
    /// SPU's functions under a protocol and a configuration: what a call sends.
    struct Functions: Sendable {
        /// The protocol.
        let kernels: any SPUKernels
        /// The configuration in force.
        let settings: Settings

        /// The functions of that protocol.
        init(kernels: any SPUKernels, settings: Settings = Settings()) {
            self.kernels = kernels
            self.settings = settings
        }

        /// What HAL calls for the body.
        ///
        /// - Throws: ``Unpriced`` where SPU would throw, and what the body throws.
        func calls(_ body: (inout HAL) throws -> Void) throws -> [Call] {
            var hal = HAL(kernels: kernels, settings: settings)
            try body(&hal)
            if let failure = hal.failure { throw Unpriced(failure) }
            return kernels.completed(hal.calls)
        }
    }

    /// The functions that operators are priced by.
    let functions: Functions
    let facts: FrameworkFacts

    /// SPU over a protocol.
    ///
    /// - Parameters:
    ///   - description: name, parties and so on; its configuration is filled in.
    ///   - sharedElements: ring elements that all parties send to share or open one.
    init(functions: Functions, description: FrameworkInfo, sharedElements: Int) {
        self.functions = functions
        var info = description
        info.configuration = functions.settings.configuration
        info.configurationKeys = Settings.keys.map(\.information)
        facts = Self.facts(info, functions, sharedElements: sharedElements)
    }

    private static func facts(
        _ info: FrameworkInfo, _ functions: Functions, sharedElements: Int
    ) -> FrameworkFacts {
        // SPU reads XLA programs, not ONNX files: no operator is refused as such.
        var facts = FrameworkFacts(info)
        // Inputs and weights are secret-shared, as `ppd.device("SPU")` does with everything that comes from outside.
        facts.defaultVisibility = VisibilityPolicy()
        // `jnp.isnan(x)` is `x != x`, which no compiler on the way simplifies.
        facts.defaultVisibility.testsFiniteness = true
        facts.fixedPoint = functions.fixedPoint
        facts.softmaxDepth = functions.softmaxDepth
        facts.arithmetic = Arithmetic(settings: functions.settings, truncation: functions.kernels.truncation)
        facts.fault = fault
        facts.secureFunctions = functions.kernels.functions.union(HAL.Function.names)
            .subtracting(HAL.Function.ofSorting)
        // XLA's and SPU's compilers rewrite neighbouring operators together.
        facts.fusesOperators = true
        facts.compile = compiled
        // JAX differentiates what SPU runs, and the compiler takes max-pools and their gradients together.
        facts.differentiation = .jax(jointly: functions.jointly)
        facts.protocolLevel = functions.protocolLevel
        // What the protocol sets up in a session, apart from the totals.
        facts.setupCost = functions.kernels.setup
        // Every input is sent as shares, every output opened; one round each.
        let sharedBytes = functions.kernels.ringBytes *| sharedElements
        facts.inputOutputCost = { inputs, outputs in
            (inputs + outputs).reduce(.zero) { sum, type in
                let bytes = sharedBytes *| (type.lengths ?? []).saturatingProduct()
                return sum + Cost(online: Traffic(bytes: bytes, rounds: 1))
            }
        }
        return facts
    }
}

extension SPU.Functions {
    /// The ring and the fraction bits of the configuration. All three protocols cut off with an error of one unit; encoding converts to
    /// integers (`encodeToRing` in `core/encoding.cc`).
    var fixedPoint: FixedPointFormat {
        FixedPointFormat(ringBits: kernels.ringBits, fractionBits: settings.fractionBits, encoding: .towardZero)
    }
}

extension SPU.Functions {
    /// `(1 + x / 2^n)^(2^n)` grows again, without a bound, from x = -2 · 2^n on. The other methods bound their operand themselves.
    var softmaxDepth: Double? {
        guard settings.exponential == .taylor else { return nil }
        return 2 * Double(sign: .plus, exponent: settings.exponentialIterations, significand: 1)
    }
}

extension SPU {
    /// SEMI2K for two or more parties.
    ///
    /// - Throws: ``HarrierError`` for fewer parties or a wrong configuration.
    static func semi2k(parties: Int = 2, configuration: [String: String] = [:]) throws -> SPU {
        let supported = 2...16
        guard supported.contains(parties) else {
            throw HarrierError(
                "SPU's SEMI2K is priced for \(supported.lowerBound) to \(supported.upperBound) parties, not \(parties)")
        }
        let settings = try Settings(configuration)
        let kernels = Semi2kKernels(
            ringBits: settings.field.bits, parties: parties, allowsTruncationError: settings.allowsTruncationError,
            hasPrimeExponential: settings.enablesPrimeExponential, opensOneByOne: settings.disablesVectorization)
        return SPU(
            functions: Functions(kernels: kernels, settings: settings),
            description: description(
                "semi2k", "SecretFlow SPU SEMI2K", parties: parties, supported: supported,
                threat: "semi-honest, all but one party may collude; correlated randomness from a trusted dealer",
                offline:
                    "nothing: the trusted first party makes triples from seeds, and a third party's answers do not cross the parties' link"
            ), sharedElements: parties * (parties - 1))
    }

    /// ABY3 for three parties.
    ///
    /// - Throws: ``HarrierError`` for another number of parties or a wrong configuration.
    static func aby3(parties: Int = 3, configuration: [String: String] = [:]) throws -> SPU {
        guard parties == 3 else { throw HarrierError("SPU's ABY3 is for 3 parties, not \(parties)") }
        let settings = try Settings(configuration)
        return SPU(
            functions: Functions(kernels: ABY3Kernels(ringBits: settings.field.bits), settings: settings),
            description: description(
                "spu-aby3", "SecretFlow SPU ABY3", parties: parties, supported: 3...3,
                threat: "semi-honest, one of three parties may be corrupted", offline: "nothing: common seeds"),
            sharedElements: 3)
    }

    /// What the protocols have in common.
    static func description(
        _ name: String, _ title: String, parties: Int, supported: ClosedRange<Int>, threat: String, offline: String
    ) -> FrameworkInfo {
        FrameworkInfo(
            name: name, title: title, version: "0.9.5", threatModel: threat, parties: parties,
            supportedParties: supported, configuration: [:], configurationKeys: [], offline: offline)
    }
}
