import Foundation
import Harrier
import TestSupport
import Testing

/// Whether a result may be used: what the check says of exact, rounding and approximate rules.
@Suite("The check of a result")
struct ResultCheckTests {
    /// A small model, optimized by one rule that replaces a Relu by a factor.
    private func optimization(
        exactness: String, factor: Double, _ change: (inout OptimizationOptions) -> Void = { _ in }
    ) throws -> Optimization {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let kind = exactness == "approximate" ? "class: fine-tuning\naccuracy: None is promised.\n" : ""
        let bound = exactness == "rounding" ? "error: 1e-3\n" : ""
        try """
        summary: A Relu goes.
        exactness: \(exactness)
        \(kind)\(bound)level: portable
        saves: The comparison.
        source: Made up for this test.
        before: |
          before (x) => (y) { y = Relu (x) }
        after: |
          after (x) => (y) { c = Constant <value = float {\(factor)}> ()  y = Mul (x, c) }
        examples:
          - graph: |
              relu (float[N,5] x) => (float[N,5] y) { y = Relu (x) }
            sizes: [{N: 1}, {N: 3}]
        counterexamples:
          - graph: |
              leaky (float[3,5] x) => (float[3,5] y) { y = LeakyRelu (x) }
        """.write(to: folder.appendingPathComponent("no-relu.yaml"), atomically: true, encoding: .utf8)
        var options = OptimizationOptions()
        var catalog = RuleCatalog()
        try catalog.load(folder: folder.path)
        options.catalog = catalog
        options.search.allowsApproximate = exactness == "approximate"
        options.search.allowsRounding = exactness == "rounding"
        change(&options)
        let model = folder.appendingPathComponent("model.onnxtxt").path
        try """
        <ir_version: 8, opset_import: ["" : 17]>
        model (float[2,8] x) => (float[2,8] y) { a = Relu (x)  y = Neg (a) }
        """.write(toFile: model, atomically: true, encoding: .utf8)
        return try Model(contentsOf: model).optimize(under: FrameworkCatalog.make("crypten"), options: options)
    }

    @Test("a wrong exact rule is left out, and that is said")
    func exact() throws {
        let found = try optimization(exactness: "exact", factor: 2)
        #expect(found.check.status == .passed && found.leftOut.map(\.rule) == ["no-relu"])
        #expect(found.notes.contains { $0.contains("'no-relu' was left out") })
        #expect(try found.model.graph.nodes.map(\.op) == ["Relu", "Neg"])
        #expect(found.before == found.after && found.rewrites.isEmpty)
    }

    @Test("sides that differ by a thousandth are equal up to a bound, and not exactly", arguments: [true, false])
    func rounding(isRounding: Bool) throws {
        let found = try optimization(
            exactness: isRounding ? "rounding" : "exact",
            factor: 1.001
        ) { $0.search.ranges = RangeAssumptions(inputs: Interval(1, 2)) }
        #expect(found.rewrites.map(\.rule) == (isRounding ? ["no-relu"] : []))
        #expect(found.leftOut.map(\.rule) == (isRounding ? [] : ["no-relu"]))
        #expect(found.check.status == .passed)
    }

    @Test("an approximate rule's difference is told and no failure")
    func approximate() throws {
        let found = try optimization(exactness: "approximate", factor: 2)
        #expect(found.check.status == .skipped && found.check.why?.contains("no-relu") == true)
        #expect(try found.model.graph.nodes.allSatisfy { $0.op != "Relu" })
    }

    @Test("without a check nothing is compared, and that is said")
    func unchecked() throws {
        let found = try optimization(exactness: "exact", factor: 2) { $0.checks = false }
        #expect(found.check.status == .skipped && found.check.samples == 0 && found.fixedPoint == nil)
    }
}
