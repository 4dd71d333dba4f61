import Foundation
import TestSupport
import Testing

@Suite("harrier verify")
struct VerifyTests {
    @Test("weights that are missing are told")
    func missingWeights() throws {
        let model = try Fixtures.path("models/minionn.onnx")
        let outcome = try Command.run(["verify", model, model, "--samples", "1"])
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("8 tensors"))
        #expect(outcome.output.contains("output"))
    }
}
