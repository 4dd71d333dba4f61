import Foundation
import IR
import Pricing

extension CalibrationResult {
    /// The JSON of `harrier calibrate`. What is not known is left out.
    public func json() throws -> Data { try JSONOutput.encode(CalibrationDocument(self)) }
}

private struct CalibrationDocument: Encodable {
    struct Counters: Encodable {
        var bytes: Int?
        var rounds: Int?
    }

    struct Row: Encodable {
        var name: String
        var op: String?
        var nodes: Int
        var predicted: Counters?
        var measured: Counters?
        var ratio: Double?
        var reason: String?

        init(_ row: CalibrationResult.Row) {
            name = row.name
            op = row.op.isEmpty ? nil : row.op
            nodes = row.nodes
            predicted = row.predicted.map { Counters(bytes: $0.bytes, rounds: $0.rounds) }
            measured =
                row.measured.isEmpty ? nil : Counters(bytes: row.measured.bytes, rounds: row.measured.rounds)
            ratio = row.ratio
            reason = row.reason
        }
    }

    var model: String
    var framework: String
    var parties: Int
    var config: [String: String]
    var totals: Row
    var operators: [Row]
    var nodes: [Row]
    var kernels: [Row]
    var unknown: [Row]
    var unmeasured: [Row]

    init(_ calibration: CalibrationResult) {
        model = calibration.model
        framework = calibration.framework.name
        parties = calibration.framework.parties
        config = calibration.framework.configuration
        totals = Row(calibration.total)
        operators = calibration.operators.map(Row.init)
        nodes = calibration.nodes.map(Row.init)
        kernels = calibration.kernels.map(Row.init)
        unknown = calibration.unknown.map(Row.init)
        unmeasured = calibration.unmeasured.map(Row.init)
    }
}
