import Frameworks
import Foundation
import TestSupport
import Testing

/// The tables of `docs/TRAINING.md` that compare training steps with HawkEye's prices.
@Suite struct TrainingComparisonTests {
    private static let page = "docs/TRAINING.md"
    private static let marks = ("<!-- compared with HawkEye -->\n", "\n<!-- end -->")

    /// `make accuracy` sets HARRIER_WRITE_ACCURACY and so writes the tables; otherwise those in the repository have to be the ones
    /// that would be written.
    @Test func pageIsUpToDate() throws {
        let comparison = try TrainingComparison()
        print(comparison.markdown)
        for row in comparison.rows {
            #expect(row.step.unpriced.isEmpty, "\(row.network) \(row.framework)")
            let known = row.parts.keys.filter(TrainingPart.all.contains)
            #expect(known.count == row.parts.count, "\(row.parts.keys.filter { !known.contains($0) })")
            #expect(row.parts.values.reduce(0, +) == row.step.totals.online.bytes)
        }
        for run in comparison.rows.compactMap(\.hawkEye) {
            #expect(TrainingPart.all.reduce(0) { $0 + (run.parts[$1] ?? 0) } == run.bits)
        }
        let path = Fixtures.packageRoot.appendingPathComponent(Self.page).path
        var text = try String(contentsOfFile: path, encoding: .utf8)
        let start = try #require(text.range(of: Self.marks.0)).upperBound
        let end = try #require(text.range(of: Self.marks.1, range: start..<text.endIndex)).lowerBound
        if ProcessInfo.processInfo.environment["HARRIER_WRITE_ACCURACY"] != nil {
            text.replaceSubrange(start..<end, with: comparison.markdown)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return
        }
        #expect(text[start..<end] == comparison.markdown, "\(Self.page) is out of date: run 'make accuracy'")
    }
}
