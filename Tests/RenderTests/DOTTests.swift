import Foundation
import IR
import Pricing
import Render
import TestSupport
import Testing

@Suite struct DOTTests {
    private static let drawings: [String: @Sendable () -> Drawing] = [
        "residual": { Drawing(graph: Samples.residual().graph, profile: Samples.residual().profile) },
        "residual-without-prices": { Drawing(graph: Samples.residual().graph) },
        "comparison": { .comparison(before: Samples.residual(), after: Samples.rewritten()) },
        "comparison-after": {
            Drawing.comparison(before: Samples.residual(), after: Samples.rewritten()).separated[1]
        },
        "folded": {
            let model = Samples.chain(modules: 4, length: 8)
            return Drawing(graph: model.graph, profile: model.profile, options: .init(depth: 2))
        },
        "hostile": {
            let model = Hostile.model(names: Array(Hostile.names.prefix(6)))
            return Drawing(graph: model.graph, profile: model.profile)
        },
    ]

    private func dot(_ name: String) throws -> String {
        let make = try #require(Self.drawings[name])
        return make().dot()
    }

    /// Files in `Tests/RenderTests/Goldens` are the expected text; `HARRIER_UPDATE_GOLDENS=1` writes them anew.
    @Test(arguments: drawings.keys.sorted())
    func textIsTheGoldenFile(name: String) throws {
        let text = try dot(name)
        let file = Fixtures.packageRoot.appendingPathComponent("Tests/RenderTests/Goldens/\(name).dot")
        if ProcessInfo.processInfo.environment["HARRIER_UPDATE_GOLDENS"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOf: file, encoding: .utf8)))
    }

    @Test func coloursAndWidthsFollowTheBytes() {
        let drawing = Drawing(graph: Samples.residual().graph, profile: Samples.residual().profile)
        let lines = drawing.dot().split(separator: "\n")
        let stem = lines.first { $0.contains("n1 -> n6") }
        // 59,392 of 70,592 bytes: width 1 + 7·√0.841, and the last colour since nothing is dearer.
        #expect(stem?.contains("color=\"#6c051c\"") == true)
        #expect(stem?.contains("penwidth=7.42") == true)
        #expect(stem?.contains("label=\"    59.4 kB    \"") == true)
        let local = lines.first { $0.contains("n6 -> n3") }
        #expect(local?.contains("color=\"#a8a8a8\"") == true)
        #expect(local?.contains("penwidth=1.00") == true)
        #expect(local?.contains(" label=") == false)
    }
}
