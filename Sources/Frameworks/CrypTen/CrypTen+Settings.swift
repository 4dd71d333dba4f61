import IR
import Pricing

extension CrypTen {
    /// CrypTen's configuration as far as it changes what is sent or computed (`configs/default.yaml` of CrypTen 0.4.1).
    struct Settings: FrameworkSettings {
        /// Who makes the correlated randomness (`mpc.provider`).
        enum Provider: String, Hashable, Sendable, CaseIterable {
            /// Trusted first party: party 0 makes it in the clear; free with two parties.
            case firstParty = "TFP"
            /// Trusted third party: party 0 asks a server for every tuple.
            case thirdParty = "TTP"
        }

        /// How `max` finds its maximum (`functions.max_method`).
        enum MaximumMethod: String, Hashable, Sendable, CaseIterable {
            case logReduction = "log_reduction"
            case doubleLogReduction = "double_log_reduction"
            case acceleratedCascade = "accelerated_cascade"
            case pairwise
        }

        /// How `reciprocal` works (`functions.reciprocal_method`).
        enum ReciprocalMethod: String, Hashable, Sendable, CaseIterable {
            case newtonRaphson = "NR"
            case logarithm = "log"
        }

        /// How `sigmoid` and `tanh` work (`functions.sigmoid_tanh_method`).
        enum SigmoidMethod: String, Hashable, Sendable, CaseIterable {
            case reciprocal
            case chebyshev
        }

        /// `mpc.provider`
        var provider = Provider.firstParty
        /// `mpc.active_security`: every Beaver triple is checked against a second one.
        var activeSecurity = false
        /// `encoder.precision_bits`
        var precisionBits = 16
        /// `functions.max_method`
        var maximumMethod = MaximumMethod.logReduction
        /// `functions.exp_iterations`
        var expIterations = 8
        /// `functions.reciprocal_method`
        var reciprocalMethod = ReciprocalMethod.newtonRaphson
        /// `functions.reciprocal_nr_iters`
        var reciprocalIterations = 10
        /// `functions.reciprocal_all_pos`: operands are known to be positive, so no sign is taken.
        var reciprocalAllPositive = false
        /// `functions.reciprocal_initial`: a public first guess that replaces the exponential.
        var reciprocalInitial: Double?
        /// `functions.sqrt_nr_iters`
        var sqrtIterations = 3
        /// `functions.sigmoid_tanh_method`
        var sigmoidMethod = SigmoidMethod.reciprocal
        /// `functions.sigmoid_tanh_terms`
        var sigmoidTerms = 32
        /// `functions.log_iterations`
        var logIterations = 2
        /// `functions.log_exp_iterations`
        var logExpIterations = 8
        /// `functions.log_order`
        var logOrder = 8
        /// `functions.trig_iterations`
        var trigonometryIterations = 10
        /// `functions.erf_iterations`
        var erfIterations = 8
        /// `skip_forward` of CrypTen's losses: only what the gradient needs is computed of a loss.
        var skipsLossForward = false

        /// CrypTen's defaults.
        init() {}
    }
}

extension CrypTen.Settings {
    /// What messages call the framework.
    static let title = "CrypTen"

    /// The table of configuration keys.
    static let keys: [ConfigurationKey<Self>] = [
        .choice("provider", \.provider, "who makes the correlated randomness", aliases: ["mpc.provider"]),
        .flag("mpc.active_security", \.activeSecurity, "check every multiplication triple against a second one"),
        .number("encoder.precision_bits", \.precisionBits, 1...62, "bits after the binary point"),
        .choice("functions.max_method", \.maximumMethod, "how a maximum is found"),
        .number("functions.exp_iterations", \.expIterations, 0...62, "squarings in exp", cheaper: ["6", "4"]),
        .choice("functions.reciprocal_method", \.reciprocalMethod, "Newton-Raphson or exp(-log x)"),
        .number(
            "functions.reciprocal_nr_iters", \.reciprocalIterations, 1...1000, "Newton steps of reciprocal",
            cheaper: ["7", "5"]),
        .ignored(
            "functions.reciprocal_log_iters", "1", "has no effect: CrypTen 0.4.1 sets a key that log does not read"),
        .flag("functions.reciprocal_all_pos", \.reciprocalAllPositive, "operands of reciprocal are all positive"),
        ConfigurationKey(
            .init(
                "functions.reciprocal_initial", default: "null",
                "public first guess of reciprocal: null (an exponential is computed) or a number"),
            set: { settings, text in
                guard text == "null" || Double(text) != nil else { return nil }
                settings.reciprocalInitial = Double(text)
                return ()
            }, get: { $0.reciprocalInitial.map { "\($0)" } ?? "null" }),
        .number("functions.sqrt_nr_iters", \.sqrtIterations, 0...1000, "Newton steps of inv_sqrt", cheaper: ["2"]),
        ConfigurationKey(
            .init(
                "functions.sqrt_nr_initial", default: "null",
                "first guess of inv_sqrt: null only, because CrypTen 0.4.1 fails on a number"),
            set: { _, text in text == "null" ? () : nil }, get: { _ in "null" }),
        .choice(
            "functions.sigmoid_tanh_method", \.sigmoidMethod, "how sigmoid and tanh are computed", cheaper: [.chebyshev]
        ),
        ConfigurationKey(
            .init(
                "functions.sigmoid_tanh_terms", default: "32",
                "highest degree of the Chebyshev polynomials: an even number from 6 to 1000"),
            set: { settings, text in
                guard let terms = Int(text), terms >= 6, terms <= 1000, terms.isMultiple(of: 2) else { return nil }
                settings.sigmoidTerms = terms
                return ()
            }, get: { "\($0.sigmoidTerms)" }),
        .number("functions.log_iterations", \.logIterations, 0...1000, "Householder steps of log", cheaper: ["1"]),
        .number("functions.log_exp_iterations", \.logExpIterations, 0...62, "squarings of exp inside log"),
        .number("functions.log_order", \.logOrder, 1...1000, "degree of the polynomial in a step of log"),
        .number("functions.trig_iterations", \.trigonometryIterations, 1...62, "squarings in sin and cos"),
        .number(
            "functions.erf_iterations", \.erfIterations, 0...20, "terms of the Taylor series of erf",
            cheaper: ["6", "4"]),
        .flag(
            "nn.skip_forward", \.skipsLossForward, "in training, compute of a loss only what its gradient needs",
            aliases: ["skip_forward"]),
    ]
}
