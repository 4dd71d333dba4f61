import Foundation
import Harrier
import TestSupport
import Testing

/// Errors that networks had in the frameworks themselves beside those that are simulated (`docs/ACCURACY.md`).
@Suite struct SimulatedErrorTests {
    /// A network that was run in a framework.
    struct Measurement: Decodable, Sendable {
        let framework: String
        /// The file's name, and after a plus sign the rules that rewrote it before it was run.
        let model: String
        /// The largest difference to the result in plaintext.
        let error: Double

        var file: String { "truth/networks/\(model.prefix { $0 != "+" }).onnx" }
        var rules: String { model.split(separator: "+").dropFirst().first.map(String.init) ?? "none" }
    }

    /// A measurement beside the simulation.
    private struct Row {
        let measurement: Measurement
        let simulated: Double

        var ratio: Double { simulated / measurement.error }
        var isClose: Bool { ratio <= 3 && ratio >= 1 / 3 }
    }

    private static let measurements: [Measurement] = {
        do {
            let path = try Fixtures.path("truth/network_errors.json")
            return try JSONDecoder().decode([Measurement].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        } catch { fatalError("the measured errors: \(error)") }
    }()

    private static func simulate(_ measurement: Measurement) throws -> Row {
        let model = try Model(contentsOf: Fixtures.path(measurement.file))
        let framework = try FrameworkCatalog.make(measurement.framework)
        guard measurement.rules == "none" else {
            var options = OptimizationOptions()
            options.search.allowsRounding = measurement.rules == "rounding"
            // The rewrites that were measured knew no bound.
            options.errorLimit = .none
            let found = try model.optimize(under: framework, options: options)
            guard case .compared(let comparison, _)? = found.fixedPoint else {
                throw TestSupportError("\(measurement.model) was not simulated")
            }
            return Row(measurement: measurement, simulated: comparison.after.typicalError)
        }
        let accuracy = try model.accuracy(under: framework, anySize: true)
        guard let error = accuracy?.error else { throw TestSupportError("\(measurement.model) was not simulated") }
        return Row(measurement: measurement, simulated: error.typicalError)
    }

    /// Networks as they were exported: nine of ten are simulated to a factor of three.
    @Test func simulatedErrorsAreTheMeasuredOnes() throws {
        let rows = try Self.measurements.filter { $0.rules == "none" }.map(Self.simulate)
        #expect(rows.count > 20)
        for row in rows where !row.isClose {
            print(
                "\(row.measurement.framework) \(row.measurement.model): \(row.measurement.error), simulated \(row.simulated)"
            )
        }
        #expect(rows.count { $0.isClose } * 10 >= rows.count * 9)
    }

    /// `make accuracy` sets HARRIER_WRITE_ACCURACY and so writes this part of the page.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["HARRIER_WRITE_ACCURACY"] != nil))
    func writePage() throws {
        let page = Fixtures.packageRoot.appendingPathComponent("docs/ACCURACY.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let others = text.range(of: "\n## Errors").map { text[..<$0.lowerBound] } ?? text[...]
        let rows = try Self.measurements.map(Self.simulate)
        try (others + Self.section(rows)).write(to: page, atomically: true, encoding: .utf8)
    }

    private static func section(_ rows: [Row]) -> String {
        let close = rows.count { $0.isClose }
        var text = """

            ## Errors in the framework's arithmetic

            Small networks exported by PyTorch (`Tests/Fixtures/truth/networks`), run in the frameworks as exported and after
            rewriting: the largest error of an output against plaintext, beside the one that is simulated (the middle one of
            the random inputs). The rules that rewrote what was measured were those of November 2026; the simulation takes those of
            today, without a bound on the error. Within a factor of three: \(close) of \(rows.count).

            | framework | network | rules | measured | simulated | simulated / measured |
            |---|---|---|---|---|---|

            """
        for row in rows {
            let name = row.measurement.model.prefix { $0 != "+" }
            let figures = [row.measurement.error, row.simulated].map { String(format: "%.1e", $0) }
            text +=
                "| \(row.measurement.framework) | \(name) | \(row.measurement.rules) | \(figures[0]) | \(figures[1]) | "
                + String(format: "%.2f", row.ratio) + (row.isClose ? " |\n" : " (!) |\n")
        }
        return text
    }
}
