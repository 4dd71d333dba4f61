extension SPU {
    /// The ring that shares live in.
    public enum Field: String, CaseIterable, Hashable, Sendable {
        case fm32 = "FM32"
        case fm64 = "FM64"
        case fm128 = "FM128"

        /// Width of an element.
        public var bits: Int {
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
    public enum ExponentialMode: String, CaseIterable, Hashable, Sendable {
        case taylor = "EXP_TAYLOR"
        case pade = "EXP_PADE"
        case prime = "EXP_PRIME"
    }

    /// `fxp_log_mode`
    public enum LogarithmMode: String, CaseIterable, Hashable, Sendable {
        case minmax = "LOG_MINMAX"
        case pade = "LOG_PADE"
        case newton = "LOG_NEWTON"
    }

    /// What changes traffic in `spu.pb.RuntimeConfig` and `spu.pb.CompilerOptions`.
    public struct Settings: Hashable, Sendable {
        /// `field`
        public var field = Field.fm64
        /// `fxp_fraction_bits`; 0: the field's default.
        public var configuredFractionBits = 0
        /// `trunc_allow_msb_error`
        public var allowsTruncationError = false
        /// `fxp_exp_mode`
        public var exponential = ExponentialMode.taylor
        /// `fxp_exp_iters`
        public var exponentialIterations = 8
        /// `fxp_log_mode`
        public var logarithm = LogarithmMode.minmax
        /// `fxp_log_iters`, of `LOG_NEWTON`
        public var logarithmIterations = 3
        /// `fxp_log_orders`, of `LOG_NEWTON`
        public var logarithmOrders = 8
        /// `fxp_div_goldschmidt_iters`
        public var divisionIterations = 2
        /// `enable_lower_accuracy_rsqrt`
        public var lowersRsqrtAccuracy = false
        /// `experimental_disable_mmul_split`
        public var disablesSplit = false
        /// `experimental_disable_vectorization`
        public var disablesVectorization = false
        /// `experimental_enable_exp_prime`
        public var enablesPrimeExponential = false
        /// `experimental_exp_prime_disable_lower_bound`
        public var primeExponentialHasNoLowerBound = false
        /// `experimental_exp_prime_enable_upper_bound`
        public var primeExponentialHasUpperBound = false
        /// `enable_optimize_denominator_with_broadcast`, of the compiler
        public var optimizesDenominators = false

        /// SPU's defaults, over 64 bits.
        public init() {}

        /// Fraction bits of fixed-point numbers.
        public var fractionBits: Int { configuredFractionBits > 0 ? configuredFractionBits : field.defaultFractionBits }
    }
}
