@testable import Frameworks
import Foundation
import TestSupport
import Testing

/// The page that says how well prices match, and that they match.
@Suite struct AccuracyTests {
    private static let page = "docs/ACCURACY.md"
    /// Where the part begins that `SimulatedErrorTests` writes.
    private static let errors = "\n## Errors"

    /// `make accuracy` sets HARRIER_WRITE_ACCURACY and so writes the page; otherwise the page in the repository has to be the
    /// one that would be written.
    @Test func pageIsUpToDate() throws {
        let path = Fixtures.packageRoot.appendingPathComponent(Self.page).path
        let text = AccuracyReport(rows: try AccuracyRows.all()).markdown
        let written = try String(contentsOfFile: path, encoding: .utf8)
        let errors = written.range(of: Self.errors).map { written[$0.lowerBound...] } ?? ""
        if ProcessInfo.processInfo.environment["HARRIER_WRITE_ACCURACY"] != nil {
            try (text + errors).write(toFile: path, atomically: true, encoding: .utf8)
            return
        }
        #expect(text + errors == written, "\(Self.page) is out of date: run 'make accuracy'")
    }

    /// No operator and no model is priced worse than HawkEye prices it.
    @Test func neverWorseThanHawkEye() throws {
        let report = AccuracyReport(rows: try AccuracyRows.all())
        var compared = 0
        for subject in [AccuracyRow.Subject.operators, .models] {
            for (framework, groups) in report.groups(subject) {
                for group in groups {
                    guard let hawkEye = group.worstHawkEye else { continue }
                    compared += 1
                    let ours = group.priced.map(\.error.magnitude).max() ?? 0
                    #expect(ours <= hawkEye, "\(framework), \(group.name): ours \(ours), HawkEye's \(hawkEye)")
                }
            }
        }
        #expect(compared > 100)
    }
}
