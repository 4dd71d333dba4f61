import Foundation
import Harrier

/// What was suggested, for people.
struct SuggestionTable {
    let report: SuggestionReport
    /// Where the variants were written; nil if they were not.
    let folder: String?

    /// The tables and what stands around them.
    func text(_ style: Style) -> String {
        let found = report.suggestions
        var text = style.bold("\(report.model.printable) under \(report.framework.title) \(report.framework.version)")
        text += "\n\(report.summary.printable)\n\n" + variants.render(style) + "\n"
        if !found.ranking.isEmpty { text += "Single changes, the best first:\n" + ranking.render(style) + "\n" }
        let warnings = Set(found.variants.flatMap { $0.changes.flatMap(\.warnings) }).sorted()
        for warning in warnings { text += style.yellow("Warning") + ": \(warning.printable)\n" }
        text += alternatives(style)
        text += "\(found.choices) choices, \(found.measured) sets of decisions measured"
        text += found.isExhaustive ? " (all of them)" : ""
        text += ", \(found.frontSize) on the front, in \(DurationFormat.seconds(found.seconds))."
        if let folder { text += " Written to \(folder.printable)." }
        return text + "\n"
    }

    private var variants: TextTable {
        var table = TextTable([
            .left("variant"), .right("online"), .right("rounds"), .right("time"), .right("saved"), .right("rel. L2"),
            .right("top-1"), .right("KL"), .left("class"), .left("changes"),
        ])
        let original = report.suggestions.original
        table.add(["original"] + costs(original) + ["", "", "", "", "", ""])
        let whole = report.objective.figure(original)
        for variant in report.suggestions.variants {
            let share =
                whole > 0 ? String(format: "%.1f %%", (1 - report.objective.figure(variant.totals) / whole) * 100) : ""
            table.add(
                [variant.name] + costs(variant.totals) + [share] + DivergenceFormat.cells(variant.divergence)
                    + [variant.effect.phrase, changes(variant)])
        }
        return table
    }

    private func costs(_ cost: Cost) -> [String] {
        [
            ByteFormat.bytes(cost.online.bytes), ByteFormat.count(cost.online.rounds),
            DurationFormat.seconds(report.network.seconds(cost.online)),
        ]
    }

    /// The rules of a variant with the number of places of each.
    private func changes(_ variant: Suggestion) -> String {
        var order: [String] = []
        var counts: [String: Int] = [:]
        for change in variant.changes {
            let name = change.rule?.name ?? "rounding rules"
            if counts[name] == nil { order.append(name) }
            counts[name, default: 0] += max(1, change.substitutions.count)
        }
        return order.map { "\($0) × \(counts[$0] ?? 0)" }.joined(separator: ", ")
    }

    /// Rows of the ranking that are shown; the JSON has all.
    private static let shownChanges = 10

    private var ranking: TextTable {
        var table = TextTable([.right("saves"), .right("rel. L2"), .left("class"), .left("rule"), .left("place")])
        for ranked in report.suggestions.ranking.prefix(Self.shownChanges) {
            let change = ranked.change
            table.add([
                report.figure(change.saving), change.divergence.map(DivergenceFormat.number) ?? "unknown",
                change.effect.phrase, change.rule?.name ?? "rounding rules", change.place,
            ])
        }
        return table
    }

    private func alternatives(_ style: Style) -> String {
        guard !report.settings.isEmpty || !report.frameworks.isEmpty else { return "" }
        var table = TextTable([
            .right("time"), .right("online"), .right("rounds"), .right("offline"), .right("unpriced"),
            .left("exact variant under"),
        ])
        for alternative in report.settings + report.frameworks.prefix(Self.shownChanges) {
            let online = alternative.totals.online
            let setting = (alternative.setting ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            table.add([
                DurationFormat.seconds(report.network.seconds(online)), ByteFormat.bytes(online.bytes),
                ByteFormat.count(online.rounds), ByteFormat.bytes(alternative.totals.offline.bytes),
                alternative.unpriced == 0 ? "" : "\(alternative.unpriced)",
                setting.isEmpty
                    ? "\(alternative.name) (\(alternative.threatModel ?? ""))" : setting.joined(separator: " "),
            ])
        }
        return
            "Outside of the front, divergences unknown: other settings, and other frameworks with other threat models, the cheapest online\n"
            + "and offline together first:\n"
            + table.render(style) + "\n"
    }
}
