import Foundation
import Harrier
import IR
import TestSupport
import Testing

/// A parameter stays secret whatever its rank.
@Suite struct ScalarParameterTests {
    private static func model() throws -> Model {
        try Model(contentsOf: Fixtures.path("soundness/trained_scalar.onnx"))
    }

    /// Measured in CrypTen.
    @Test func aTrainedScalarIsPricedAsASecret() throws {
        let profile = try Self.model().profile(under: FrameworkCatalog.make("crypten"))
        #expect(profile.total.online == Traffic(bytes: 36_896, rounds: 12))
    }

    @Test func aTrainedScalarStaysAnInitializer() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("out.onnx").path
        // A layer before it can take it in; that is computed by its owner.
        var options = OptimizationOptions()
        options.disabled = ["gemm-scale-into-weight"]
        let result = try Self.model().optimize(under: FrameworkCatalog.make("crypten"), options: options)
        try result.write(to: path)
        let written = try Model(contentsOf: path).graph
        let scalar = try #require(written.values.first { $0.name == "k" }?.constant)
        #expect(scalar.form == .initializer && scalar.isParameter)
    }
}
