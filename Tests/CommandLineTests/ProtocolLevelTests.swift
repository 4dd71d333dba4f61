import Foundation
import TestSupport
import Testing

@Suite("harrier optimize --level protocol")
struct ProtocolLevelCommandTests {
    private struct Report: Decodable {
        struct Rewrite: Decodable {
            let rule: String
            let needs: String
        }

        let level: String
        let before: TotalsJSON
        let afterPortable: TotalsJSON
        let after: TotalsJSON
        let protocolRewrites: [Rewrite]
        let session: TotalsJSON?

        private enum CodingKeys: String, CodingKey {
            case level, before, after, session
            case afterPortable = "after_portable"
            case protocolRewrites = "protocol_rewrites"
        }
    }

    private func arguments(_ more: [String] = []) throws -> [String] {
        ["optimize", try Fixtures.path("models/minionn.onnx"), "--framework", "semi2k", "--format", "json"] + more
    }

    @Test("three totals, protocol-level rewrites apart with what they need, and a file that costs the last total")
    func report() throws {
        try withTemporaryFolder { folder in
            let output = folder.appendingPathComponent("out.onnx").path
            let report = try Command.json(
                Report.self, arguments(["--level", "protocol", "--objective", "bytes", "--output", output]))
            #expect(report.level == "protocol")
            #expect(report.after.online.bytes < report.afterPortable.online.bytes)
            #expect(report.afterPortable.online.bytes <= report.before.online.bytes)
            #expect(!report.protocolRewrites.isEmpty && report.protocolRewrites.allSatisfy { !$0.needs.isEmpty })
            #expect((report.session?.offline.bytes ?? 0) > 0, "weights are opened once")
            let profile = try Command.json(
                ProfileJSON.self, ["profile", output, "--framework", "semi2k", "--format", "json"])
            #expect(profile.totals == report.after)
        }
    }

    @Test("without the option nothing of the kind happens")
    func portable() throws {
        let report = try Command.json(Report.self, arguments())
        #expect(report.level == "portable" && report.protocolRewrites.isEmpty && report.session == nil)
        #expect(report.after == report.afterPortable)
    }

    @Test("a framework that does not tell truncations apart says so, and the result is portable")
    func unavailable() throws {
        let result = try Command.run([
            "optimize", try Fixtures.path("models/minionn.onnx"), "--framework", "delphi", "--level", "protocol",
        ])
        #expect(result.status == 0)
        #expect(result.errors.contains("There is no protocol-level graph of this model"), "\(result.errors)")
    }
}
