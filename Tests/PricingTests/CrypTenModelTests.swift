import Evaluate
import IR
import ONNXFormat
@testable import Frameworks
import Pricing
import TestSupport
import Testing

/// Whole networks as CrypTen ran them, layer by layer.
@Suite struct CrypTenModelTests {
    /// The graph that a row ran.
    private func graph(of model: String) throws -> Graph {
        let name = model.replacing("+folded_bn", with: ".folded")
        return try loadModel(at: Fixtures.path("truth/crypten_models/\(name).onnx"), evaluator: Interpreter()).graph
    }

    @Test func inferenceRows() throws {
        var (totals, layers) = (ErrorTable(), ErrorTable())
        var unmatched: [String] = []
        for row in try Measurement.rows("crypten_models.json")
        where row.string("kind") == "inference" {
            let (parties, provider) = (row.parties, row.string("provider"))
            let crypten = try CrypTen(parties: parties, configuration: ["provider": provider])
            let graph = try graph(of: row.string("model"))
            let profile = try Profiler(crypten).profile(graph)
            let group = "\(parties) parties, \(provider)"
            let label = "\(row.string("model")) \(group)"
            let forward = row.part("phases").part("forward")
            totals.add(group, label, expected: forward.cost(parties: parties, provider: provider), found: profile.total)
            #expect(profile.unpriced.isEmpty, "\(label): \(profile.unpriced)")
            let reveal = row.part("phases").part("reveal_output")
            #expect(profile.inputOutput == reveal.cost(parties: parties, provider: provider), "\(label)")

            var entries: [String: Cost] = [:]
            for entry in profile.entries {
                for case let output? in graph.nodes[entry.index].outputs { entries[graph[output].name] = entry.cost }
            }
            for layer in row.parts("per_layer") {
                guard let found = entries[layer.string("name")] else {
                    // CrypTen's exporter keeps dropouts, which are free; the files at hand are without.
                    if layer.string("op") == "Dropout" { continue }
                    unmatched.append("\(label): \(layer.string("name"))")
                    continue
                }
                layers.add(
                    group, "\(label) \(layer.string("name"))",
                    expected: layer.cost(parties: parties, provider: provider), found: found)
            }
        }
        print("networks\n\(totals.description)\nlayers\n\(layers.description)")
        #expect(totals.rows >= 22 && layers.rows > 900)
        #expect(unmatched.isEmpty, "\(unmatched.joined(separator: "\n"))")
        #expect(totals.mismatches.isEmpty, "\(totals.mismatches.joined(separator: "\n"))")
        #expect(layers.mismatches.isEmpty, "\(layers.mismatches.prefix(30).joined(separator: "\n"))")
    }
}
