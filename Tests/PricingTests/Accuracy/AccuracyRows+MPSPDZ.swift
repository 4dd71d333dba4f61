import Evaluate
@testable import Frameworks
import Pricing

/// MP-SPDZ's replicated ring; HawkEye has it as ABY3. Measured totals include the daBits that a run makes, in whole batches.
extension AccuracyRows {
    private static let title = "MP-SPDZ replicated ring (HawkEye's fork, d737722)"

    static func mpSPDZOperators() throws -> [AccuracyRow] {
        let framework = try hawkEye(.aby3, fraction: 16)
        return try Measurement.rows("cpp_ops.json").compactMap { row in
            guard row.string("framework") == "MP-SPDZ-replicated-ring", let program = MPSPDZProgram(row),
                let measured = row.int("bytes_total_all_parties"), let offline = row.int("offline_bytes")
            else { return nil }
            return AccuracyRow(
                subject: .operators, framework: title, name: row.string("op"),
                label: "\(row.fields["shapes"] ?? "") \(row.part("attrs").string("mode"))",
                measured: Traffic(bytes: measured - offline), predicted: try program.profile().total.online,
                hasRounds: false, hawkEye: try hawkEye(try program.graph(), framework))
        }
    }

    static func mpSPDZModels() throws -> [AccuracyRow] {
        try Measurement.rows("cpp_models.json").compactMap { row in
            guard row.string("model") == "resnet18_base.onnx", let measured = row.int("online_bytes") else {
                return nil
            }
            let graph = try MPSPDZModelTests.network()
            let mpSPDZ = try MPSPDZ(configuration: MPSPDZModelTests.configuration)
            return AccuracyRow(
                subject: .models, framework: title, name: row.string("model"), label: "",
                measured: Traffic(bytes: measured), predicted: try Profiler(mpSPDZ).profile(graph).total.online,
                hasRounds: false, hawkEye: try hawkEye(graph, hawkEye(.aby3, fraction: 23)))
        }
    }
}
