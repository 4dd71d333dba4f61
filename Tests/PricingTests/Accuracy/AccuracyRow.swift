@testable import Frameworks
import Pricing

/// One measured run beside its prediction and HawkEye's price.
struct AccuracyRow {
    /// Whether a row is about one operator or about a whole model.
    enum Subject: String {
        case operators = "Operators"
        case models = "Models"
    }

    var subject: Subject
    /// The framework that was measured, with its version.
    var framework: String
    /// The operator's or model's name in the file of measurements.
    var name: String
    /// Shapes and settings, for messages.
    var label: String
    var measured: Traffic
    var predicted: Traffic
    /// Whether rounds were measured in the framework's own count.
    var hasRounds = true
    /// Online bytes by HawkEye's formulas; nil where HawkEye has no price for it.
    var hawkEye: Int?

    /// Relative difference of a figure from a measured one; 0 where both are nothing, infinite where only the measurement
    /// is.
    static func error(_ found: Int, _ measured: Int) -> Double {
        if found == measured { return 0 }
        return measured == 0 ? .infinity : Double(found - measured) / Double(measured)
    }

    var error: Double { Self.error(predicted.bytes, measured.bytes) }
    var hawkEyeError: Double? { hawkEye.map { Self.error($0, measured.bytes) } }
    var isRoundsExact: Bool { !hasRounds || predicted.rounds == measured.rounds }
}
