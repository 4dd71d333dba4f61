import Foundation
@testable import Frameworks
import Pricing

/// `docs/ACCURACY.md`: a row an operator and a row a model, predictions beside measurements and HawkEye's prices.
struct AccuracyReport {
    let rows: [AccuracyRow]

    /// Rows of one operator or model under one framework, added up.
    struct Group {
        let name: String
        let rows: [AccuracyRow]

        var measured: Int { rows.reduce(0) { $0 + $1.measured.bytes } }
        var predicted: Int { rows.reduce(0) { $0 + $1.predicted.bytes } }

        /// Rows that HawkEye prices, with what was measured and predicted for them.
        var priced: [AccuracyRow] { rows.filter { $0.hawkEye != nil } }
        var hawkEye: Int { priced.reduce(0) { $0 + ($1.hawkEye ?? 0) } }

        var worst: Double { rows.map(\.error.magnitude).max() ?? 0 }
        var worstHawkEye: Double? { priced.compactMap { $0.hawkEyeError?.magnitude }.max() }

        var rounds: String {
            let counted = rows.filter(\.hasRounds)
            guard !counted.isEmpty else { return "–" }
            return "\(counted.filter(\.isRoundsExact).count) of \(counted.count)"
        }
    }

    /// The groups of one subject, by framework, in order of appearance.
    func groups(_ subject: AccuracyRow.Subject) -> [(framework: String, groups: [Group])] {
        grouped(rows.filter { $0.subject == subject }, by: \.framework).map { framework, rows in
            (framework, grouped(rows, by: \.name).map { Group(name: $0, rows: $1) }.sorted { $0.name < $1.name })
        }
    }

    private func grouped(
        _ rows: [AccuracyRow], by key: (AccuracyRow) -> String
    ) -> [(String, [AccuracyRow])] {
        var order: [String] = []
        var members: [String: [AccuracyRow]] = [:]
        for row in rows {
            if members[key(row)] == nil { order.append(key(row)) }
            members[key(row), default: []].append(row)
        }
        return order.map { ($0, members[$0] ?? []) }
    }

    /// The page.
    var markdown: String {
        var text = Self.introduction + overview
        for subject in [AccuracyRow.Subject.operators, .models] {
            text += "\n## \(subject.rawValue)\n"
            for (framework, groups) in groups(subject) {
                text += "\n### \(framework)\n\n" + summary(groups) + "\n\n" + table(groups)
            }
        }
        return text
    }

    private static let introduction = """
        # How well prices match

        Made by `make accuracy` from the measurements in `Tests/Fixtures/truth`; a test compares this page with what the
        program says. Online bytes are summed over all parties and, in the operator tables, over all measured shapes and
        settings. *Largest error* is that of the worst single measurement. *Rounds exact* counts measurements in which rounds
        were counted by the framework itself; where only bytes were counted there is a dash. *HawkEye* is the price by
        HawkEye's formulas and lowering (USENIX Security 2025, commit d737722 of its artifact) with its fraction bits set
        right, over the measurements that it has a price for; a dash where it has none. Refills of Ferret's buffers, which
        fall into whichever operator runs when they are used up, are offline and set apart; how many fell into a run was not
        counted, but is taken from what is left over beside the price, as whole refills.

        """

    private func summary(_ groups: [Group]) -> String {
        let (rows, exact, close) = counts(groups)
        return "\(rows) measurements: bytes exact in \(exact), within 1 % in \(close)."
    }

    private func counts(_ groups: [Group]) -> (rows: Int, exact: Int, close: Int) {
        let rows = groups.flatMap(\.rows)
        return (
            rows.count, rows.filter { $0.error == 0 }.count, rows.filter { $0.error.magnitude <= 0.01 }.count
        )
    }

    /// A row a framework.
    private var overview: String {
        var text = "\n| | measurements | exact | within 1 % | largest error | HawkEye within 1 % of those it prices |\n"
        text += "|---|---|---|---|---|---|\n"
        for subject in [AccuracyRow.Subject.operators, .models] {
            for (framework, groups) in groups(subject) {
                let (rows, exact, close) = counts(groups)
                let priced = groups.flatMap(\.priced)
                let hawkEye = priced.filter { ($0.hawkEyeError ?? .infinity).magnitude <= 0.01 }.count
                let cells = [
                    "\(framework): \(subject.rawValue.lowercased())", "\(rows)", "\(exact)", "\(close)",
                    Self.percent(groups.map(\.worst).max() ?? 0),
                    priced.isEmpty ? "–" : "\(hawkEye) of \(priced.count)",
                ]
                text += "| " + cells.joined(separator: " | ") + " |\n"
            }
        }
        return text
    }

    private func table(_ groups: [Group]) -> String {
        var text =
            "| | rows | measured bytes | Harrier | largest error | rounds exact | HawkEye: rows | measured | HawkEye | largest error |\n"
        text += "|---|---|---|---|---|---|---|---|---|---|\n"
        for group in groups {
            let priced = group.priced
            let hawkEye =
                priced.isEmpty
                ? ["–", "–", "–", "–"]
                : [
                    "\(priced.count)", ByteFormat.count(priced.reduce(0) { $0 + $1.measured.bytes }),
                    ByteFormat.count(group.hawkEye), Self.percent(group.worstHawkEye ?? 0),
                ]
            let cells =
                [
                    group.name, "\(group.rows.count)", ByteFormat.count(group.measured),
                    ByteFormat.count(group.predicted), Self.percent(group.worst), group.rounds,
                ] + hawkEye
            text += "| " + cells.joined(separator: " | ") + " |\n"
        }
        return text
    }

    /// An error as people read it; exactness is told from what rounds to nothing.
    static func percent(_ error: Double) -> String {
        switch error {
        case 0: "0"
        case .infinity: "∞"
        case ..<0.0001: "<0.01 %"
        case ..<0.1: String(format: "%.2f %%", error * 100)
        default: String(format: "%.0f %%", error * 100)
        }
    }
}
