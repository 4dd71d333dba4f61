import Evaluate
import IR
import ONNXFormat
@testable import Frameworks
import Pricing
import TestSupport
import Testing

/// Whole networks as SPU ran them, layer by layer. Training steps are in SPUTrainingTests.
@Suite struct SPUModelTests {
    @Test(arguments: ["SEMI2K", "ABY3"])
    func inferenceRows(protocolName: String) throws {
        var (totals, layers) = (ErrorTable(), ErrorTable())
        for row in try Measurement.rows("spu_models.json") where row.string("protocol") == protocolName {
            let (name, measuredLayers) = (row.string("model"), row.parts("layers"))
            if measuredLayers.isEmpty {
                print("skipped: \(protocolName) \(name)")
                continue
            }
            let graph = try loadModel(at: Fixtures.path("truth/spu_models/\(name).onnx"), evaluator: Interpreter())
                .graph
            let framework =
                protocolName == "ABY3" ? try SPU.aby3() : try SPU.semi2k(configuration: ["field": row.string("field")])
            // Floating-point initializers are the parameters of the measured programs, whatever their rank.
            let profile = try Profiler(framework, evaluator: Interpreter()).profile(graph)
            #expect(profile.unpriced.isEmpty, "\(name): \(profile.unpriced)")

            var found: [String: Cost] = [:]
            for entry in profile.entries {
                let layer = graph.nodes[entry.index].name.split(separator: "/").first.map(String.init) ?? ""
                found[layer, default: .zero] = found[layer, default: .zero] + entry.cost
            }
            var shared = 0
            for layer in measuredLayers {
                let priced = found[layer.string("name"), default: .zero]
                let label = "\(protocolName) \(name) \(layer.string("name"))"
                let bytes = (layer.int("bytes") ?? 0) + Self.sharedZeros[label, default: 0]
                shared += Self.sharedZeros[label, default: 0]
                layers.add(
                    protocolName, label, expected: cost(bytes: bytes, of: layer, protocolName, priced), found: priced)
            }
            // A whole program shares repeated public zeros once; layers run one by one each for themselves.
            totals.add(
                protocolName, "\(name)",
                expected: cost(
                    bytes: (row.int("layers_sum_bytes") ?? 0) + shared, of: row, protocolName, profile.total),
                found: profile.total)
            let whole = Double(row.int("bytes_total_all_parties") ?? 0)
            #expect(abs(Double(profile.total.online.bytes) - whole) <= 0.001 * whole, "\(name)")
            if protocolName == "SEMI2K" { #expect(profile.total.online.bytes == Int(whole), "\(name)") }
        }
        print("networks\n\(totals.description)\nlayers\n\(layers.description)")
        #expect(totals.rows >= 3 && layers.rows > 20)
        #expect(totals.mismatches.isEmpty, "\(totals.mismatches.joined(separator: "\n"))")
        #expect(layers.mismatches.isEmpty, "\(layers.mismatches.prefix(30).joined(separator: "\n"))")
    }

    /// Bytes of a measured layer that two of its nodes share: the sums of a softmax and of a layer normalisation start from
    /// the same public zero, which ABY3 makes a secret once.
    private static let sharedZeros = ["ABY3 bert_layer_32_128 attention+ln": 24]

    /// Rounds are one party's messages under SEMI2K; ABY3's were not measured.
    private func cost(bytes: Int, of row: Measurement, _ protocolName: String, _ priced: Cost) -> Cost {
        let rounds = protocolName == "SEMI2K" ? row.ints("send_actions")?.first : priced.online.rounds
        return Cost(online: Traffic(bytes: bytes, rounds: rounds ?? 0))
    }
}
