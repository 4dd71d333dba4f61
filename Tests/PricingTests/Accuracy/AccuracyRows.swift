import Evaluate
import IR
@testable import Frameworks
import Pricing

/// Every measurement that Harrier ships, with the prediction and HawkEye's price.
enum AccuracyRows {
    static func all() throws -> [AccuracyRow] {
        try crypTenOperators() + spuOperators() + sciOperators() + mpSPDZOperators() + crypTenModels() + spuModels()
            + mpSPDZModels()
    }

    /// HawkEye's online bytes for a graph; nil if it has no price for a part of it.
    static func hawkEye(_ graph: Graph, _ framework: HawkEyeFramework) throws -> Int? {
        let profile = try Profiler(framework, evaluator: Interpreter()).profile(graph)
        return profile.unpriced.isEmpty ? profile.total.online.bytes : nil
    }

    /// HawkEye's online bytes for an expression over tensors of the given shapes.
    static func hawkEye(
        _ expression: String, _ operands: [(name: String, shape: Extent)], _ framework: HawkEyeFramework
    ) throws -> Int? {
        let inputs = operands.map { "float\($0.shape.rank == 0 ? "" : $0.shape.description) \($0.name)" }
        let text = "g (\(inputs.joined(separator: ", "))) => (z) { z = \(expression) }"
        return try hawkEye(try model(text), framework)
    }

    /// HawkEye's protocol with the fraction bits of the measured framework.
    static func hawkEye(
        _ name: HawkEyePrices.ProtocolName, ring: Int = 64, fraction: Int, parties: Int = 2,
        modulus: [Int]? = nil
    ) throws -> HawkEyeFramework {
        var parameters = HawkEyePrices.Parameters()
        parameters.ring = ring
        parameters.fraction = fraction
        parameters.parties = parties
        if let modulus { parameters.modulus = modulus }
        return try HawkEyeFramework(name, parameters: parameters)
    }
}
