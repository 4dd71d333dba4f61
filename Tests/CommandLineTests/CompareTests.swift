import Foundation
import Frameworks
import Pricing
import TestSupport
import Testing

@Suite("harrier compare")
struct CompareTests {
    @Test("the JSON has a row a framework with the totals that profile gives, complete ones first, the fastest first")
    func json() throws {
        let model = try Fixtures.path("models/lenet.onnx")
        let comparison = try Command.json(
            ComparisonJSON.self, ["compare", model, "--network", "lan", "--format", "json"])
        #expect(comparison.frameworks.map(\.name).sorted() == FrameworkCatalog.names.sorted())
        for row in comparison.frameworks {
            let profile = try Command.json(
                ProfileJSON.self,
                ["profile", model, "--framework", row.name, "--network", "lan", "--format", "json"])
            #expect(profile.totals == row.totals, "\(row.name)")
            #expect(profile.unpriced.count == row.unpriced, "\(row.name)")
            #expect(profile.time.seconds == row.time.seconds, "\(row.name)")
        }
        let order = comparison.frameworks.map { ($0.unpriced == 0 ? 0 : 1, $0.time.seconds) }
        #expect(zip(order, order.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test("the table names every framework, with times on both networks and on the user's own")
    func table() throws {
        let outcome = try Command.run([
            "compare", try Fixtures.path("models/minionn.onnx"), "--network", "100Mbps,5ms",
        ])
        #expect(outcome.status == 0)
        for name in FrameworkCatalog.names + ["on lan", "on wan", "on 100Mbps,5ms"] {
            #expect(outcome.output.contains(name), "\(name)")
        }
    }

    @Test("frameworks can be chosen")
    func chosen() throws {
        let comparison = try Command.json(
            ComparisonJSON.self,
            ["compare", try Fixtures.path("models/lenet.onnx"), "--framework", "crypten", "--format", "json"])
        #expect(comparison.frameworks.map(\.name) == ["crypten"])
    }

    @Test("a price that is nothing because nothing is secret is said to be so")
    func nothingIsSecret() throws {
        let folder = try Fixtures.temporaryFolder()
        let model = folder.appendingPathComponent("inputs.onnxtxt")
        let text = """
            <ir_version: 10, opset_import: ["": 21]>
            g (float[1,4] x, float[4,2] w) => (float[1,2] z) { z = MatMul(x, w) }
            """
        try text.write(to: model, atomically: true, encoding: .utf8)
        let outcome = try Command.run(["compare", model.path, "--framework", "delphi,crypten"])
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("under delphi one party knows everything"))
        #expect(!outcome.errors.contains("under crypten"))
    }

    @Test("an unknown framework is bad input")
    func unknown() throws {
        let outcome = try Command.run(["compare", try Fixtures.path("models/lenet.onnx"), "--framework", "nobody"])
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("nobody") && outcome.errors.contains("crypten"))
    }
}
