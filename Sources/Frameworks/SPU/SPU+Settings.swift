import Pricing

extension SPU {
    /// The ring that shares live in.
    enum Field: String, CaseIterable, Hashable, Sendable {
        case fm32 = "FM32"
        case fm64 = "FM64"
        case fm128 = "FM128"

        /// Width of an element.
        var bits: Int {
            switch self {
            case .fm32: 32
            case .fm64: 64
            case .fm128: 128
            }
        }

        /// Fraction bits of fixed-point numbers, unless the configuration says otherwise (`defaultFxpBits`).
        var defaultFractionBits: Int {
            switch self {
            case .fm32: 8
            case .fm64: 18
            case .fm128: 26
            }
        }
    }

    /// `fxp_exp_mode`
    enum ExponentialMode: String, CaseIterable, Hashable, Sendable {
        case taylor = "EXP_TAYLOR"
        case pade = "EXP_PADE"
        case prime = "EXP_PRIME"
    }

    /// `fxp_log_mode`
    enum LogarithmMode: String, CaseIterable, Hashable, Sendable {
        case minmax = "LOG_MINMAX"
        case pade = "LOG_PADE"
        case newton = "LOG_NEWTON"
    }

    /// How a jax program writes a ReLU.
    enum ReluSpelling: String, Hashable, Sendable, CaseIterable {
        /// `jax.nn.relu`
        case nn
        /// `jnp.maximum(x, 0)`
        case maximum
    }

    /// What changes traffic in `spu.pb.RuntimeConfig` and `spu.pb.CompilerOptions`.
    struct Settings: FrameworkSettings {
        /// `field`
        var field = Field.fm64
        /// `fxp_fraction_bits`; 0: the field's default.
        var configuredFractionBits = 0
        /// `trunc_allow_msb_error`
        var allowsTruncationError = false
        /// `fxp_exp_mode`
        var exponential = ExponentialMode.taylor
        /// `fxp_exp_iters`
        var exponentialIterations = 8
        /// `fxp_log_mode`
        var logarithm = LogarithmMode.minmax
        /// `fxp_log_iters`, of `LOG_NEWTON`
        var logarithmIterations = 3
        /// `fxp_log_orders`, of `LOG_NEWTON`
        var logarithmOrders = 8
        /// `fxp_div_goldschmidt_iters`
        var divisionIterations = 2
        /// `enable_lower_accuracy_rsqrt`
        var lowersRsqrtAccuracy = false
        /// `experimental_disable_mmul_split`
        var disablesSplit = false
        /// `experimental_disable_vectorization`
        var disablesVectorization = false
        /// `experimental_enable_exp_prime`
        var enablesPrimeExponential = false
        /// `experimental_exp_prime_disable_lower_bound`
        var primeExponentialHasNoLowerBound = false
        /// `experimental_exp_prime_enable_upper_bound`
        var primeExponentialHasUpperBound = false
        /// `experimental_exp_prime_offset`, of which 0 is the default of 128-bit rings
        var primeExponentialOffset = 13
        /// `enable_optimize_denominator_with_broadcast`, of the compiler
        var optimizesDenominators = false
        /// `disable_select_optimization`, of the compiler
        var disablesSelectOptimization = false
        /// `disable_div_sqrt_rewrite`, of the compiler
        var disablesDivSqrtRewrite = false
        /// `disable_sqrt_plus_epsilon_rewrite`, of the compiler
        var disablesSqrtEpsilonRewrite = false
        /// `disable_reduce_truncation_optimization`, of the compiler
        var disablesTruncationReduction = false
        /// `disallow_mix_types_opts`, of the compiler
        var disallowsMixedTypes = false

        /// How the jax program writes a ReLU, which decides its gradient.
        var relu = ReluSpelling.nn

        /// `max_concurrency`: slices that CHEETAH works on at the same time. SPU's own default, 0, takes the cores of the
        /// machine with fewest; the measured ones had two.
        var maxConcurrency = 2
        /// `cheetah_2pc_config.ot_kind`
        var otKind = CheetahOTKind.yaclFerret
        /// `cheetah_2pc_config.enable_mul_lsb_error`
        var allowsProductError = false
        /// `cheetah_2pc_config.disable_matmul_pack`
        var disablesPacking = false

        /// SPU's defaults, over 64 bits.
        init() {}

        /// Fraction bits of fixed-point numbers.
        var fractionBits: Int { configuredFractionBits > 0 ? configuredFractionBits : field.defaultFractionBits }
    }
}

extension SPU.Settings {
    /// What messages call the framework.
    static let title = "SPU"

    /// The keys of all protocols.
    static let keys: [ConfigurationKey<Self>] = runtimeKeys + cheetahKeys + compilerKeys

    /// Keys of `RuntimeConfig`.
    private static let runtimeKeys: [ConfigurationKey<Self>] = [
        .choice("field", \.field, "the ring of the shares", cheaper: [.fm32]),
        .number(
            "fxp_fraction_bits", \.configuredFractionBits, 0...62, "bits after the binary point, 0 for the field's own"),
        .flag(
            "trunc_allow_msb_error", \.allowsTruncationError,
            "truncate without care for the top bit, free for two parties"),
        .choice("fxp_exp_mode", \.exponential, "how exp is computed"),
        .number("fxp_exp_iters", \.exponentialIterations, 1...62, "squarings in exp", cheaper: ["6", "4"]),
        .choice("fxp_log_mode", \.logarithm, "how log is computed"),
        .number("fxp_log_iters", \.logarithmIterations, 1...1000, "steps of LOG_NEWTON"),
        .number(
            "fxp_log_orders", \.logarithmOrders, 1...1000, "degree of the polynomial in a step of LOG_NEWTON",
            cheaper: ["6"]),
        .number("fxp_div_goldschmidt_iters", \.divisionIterations, 1...1000, "steps of division", cheaper: ["1"]),
        .flag(
            "enable_lower_accuracy_rsqrt", \.lowersRsqrtAccuracy, "a polynomial of degree 2 instead of 4 in rsqrt",
            cheaper: ["true"]),
        .flag("experimental_disable_mmul_split", \.disablesSplit, "do not cut large matrix products in tiles"),
        .flag(
            "experimental_disable_vectorization", \.disablesVectorization, "open the operands of products one by one"),
        .flag(
            "experimental_enable_exp_prime", \.enablesPrimeExponential, "offer EXP_PRIME (SEMI2K, two parties, FM128)"),
        .flag(
            "experimental_exp_prime_disable_lower_bound", \.primeExponentialHasNoLowerBound,
            "leave the operand of EXP_PRIME as small as it is"),
        .flag(
            "experimental_exp_prime_enable_upper_bound", \.primeExponentialHasUpperBound,
            "bound the operand of EXP_PRIME from above"),
        .number(
            "experimental_exp_prime_offset", \.primeExponentialOffset, 1...63,
            "how many powers of two EXP_PRIME keeps below one"),
        ConfigurationKey(
            .init(
                "sigmoid_mode", default: "SIGMOID_REAL",
                "has no effect: the compiler writes a sigmoid out before the runtime sees it"),
            set: { _, text in text.hasPrefix("SIGMOID_") ? () : nil }, get: { _ in "SIGMOID_REAL" }),
        .ignored("sine_cosine_iters", "10", "has no effect in version 0.9.5"),
    ]

    /// Keys of `RuntimeConfig` that only CHEETAH reads.
    private static let cheetahKeys: [ConfigurationKey<Self>] = [
        .number(
            "max_concurrency", \.maxConcurrency, 1...1024,
            "CHEETAH: slices that are worked on at the same time (SPU: the cores of the smallest machine, if it is fewer)"
        ),
        .choice("cheetah_2pc_config.ot_kind", \.otKind, "CHEETAH: how random oblivious transfers are made"),
        .flag(
            "cheetah_2pc_config.enable_mul_lsb_error", \.allowsProductError,
            "CHEETAH: products may be wrong in the last bit"),
        .flag(
            "cheetah_2pc_config.disable_matmul_pack", \.disablesPacking,
            "CHEETAH: send results of matrix products unpacked"),
    ]

    /// Keys of `CompilerOptions`.
    private static let compilerKeys: [ConfigurationKey<Self>] = [
        .choice(
            "jax.relu", \.relu,
            "how the jax program writes a ReLU: jax.nn.relu, or jnp.maximum, whose gradient in training divides"),
        .flag(
            "enable_optimize_denominator_with_broadcast", \.optimizesDenominators,
            "divide by a row's number once, not for each of the row's elements"),
        .flag(
            "disable_select_optimization", \.disablesSelectOptimization,
            "convert a condition of several selections for each of them"),
        .flag("disable_div_sqrt_rewrite", \.disablesDivSqrtRewrite, "divide by roots as they stand"),
        .flag(
            "disable_sqrt_plus_epsilon_rewrite", \.disablesSqrtEpsilonRewrite,
            "keep sums of roots and negligible numbers"),
        .flag(
            "disable_reduce_truncation_optimization", \.disablesTruncationReduction,
            "truncate after each of several products with public numbers"),
        .flag(
            "disallow_mix_types_opts", \.disallowsMixedTypes,
            "turn integers into fixed-point numbers before products with such"),
    ]
}
