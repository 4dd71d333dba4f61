import Foundation
import Pricing

extension SuggestionReport {
    /// The report for people: what each variant costs, how far it is from the model, what was changed, and the command that makes it.
    public var markdown: String {
        var text = "# Cheaper variants of \(escaped(model)) under \(framework.title) \(framework.version)\n\n"
        text += summary + "\n\n" + table + "\n"
        for variant in suggestions.variants { text += section(variant) + "\n" }
        text += ruleSection + rankingTable
        text += alternativesTable("Other settings of the framework", settings) { alternative in
            (alternative.setting ?? [:]).sorted { $0.key < $1.key }.map { "`\($0.key)=\($0.value)`" }.joined(
                separator: ", ")
        }
        text += alternativesTable("Other frameworks (other threat models)", frameworks) { alternative in
            "`\(alternative.name)`: \(alternative.threatModel ?? "")"
        }
        if !suggestions.notes.isEmpty {
            text += "## Notes\n\n" + suggestions.notes.map { "* \(escaped($0))\n" }.joined()
        }
        return text
    }

    /// How the divergences came about, in a sentence or two.
    public var summary: String {
        var text = "\(framework.parties) parties, objective \(objective.name), times on \(network). "
        if let samples = suggestions.samples {
            text += "Divergences were measured in 64-bit floating point on \(escaped(samples.origin))"
            text += samples.isSynthetic ? "; they are no data, so the figures say little of accuracy." : "."
        } else {
            text += "Divergences are unknown: \(escaped(suggestions.whyUnknown ?? "nothing was run"))."
        }
        return text
    }

    private var table: String {
        var text = "| variant | online bytes | rounds | time | saved | rel. L2 | top-1 | KL | class | places |\n"
        text += "|---|---:|---:|---:|---:|---:|---:|---:|---|---:|\n"
        text += row("original", suggestions.original, nil, "", "", isVariant: false)
        for variant in suggestions.variants {
            text += row(
                variant.name, variant.totals, variant.divergence, variant.effect.phrase, "\(variant.places)",
                isVariant: true)
        }
        return text
    }

    private func row(
        _ name: String, _ totals: Cost, _ divergence: Divergence?, _ effect: String, _ places: String, isVariant: Bool
    ) -> String {
        let whole = objective.figure(suggestions.original)
        let saved = whole > 0 ? String(format: "%.1f %%", (1 - objective.figure(totals) / whole) * 100) : ""
        let cells =
            [
                name, ByteFormat.bytes(totals.online.bytes), ByteFormat.count(totals.online.rounds),
                DurationFormat.seconds(network.seconds(totals.online)), isVariant ? saved : "",
            ] + DivergenceFormat.cells(divergence, isVariant: isVariant) + [effect, places]
        return "| " + cells.joined(separator: " | ") + " |\n"
    }

    private func section(_ variant: Suggestion) -> String {
        var text = "## \(variant.name)\n\n"
        text += variant.changes.isEmpty ? "Exact rules only.\n" : ""
        for change in variant.changes {
            text += "* `\(change.rule?.name ?? "rounding rules")` at \(escaped(change.place))\n"
        }
        for warning in Set(variant.changes.flatMap(\.warnings)).sorted() { text += "* Warning: \(escaped(warning))\n" }
        for note in variant.notes { text += "* \(escaped(note))\n" }
        guard let command else { return text }
        return text + "\n```\n\(command(variant, fileName(of: variant)))\n```\n"
    }

    /// What is known of the rules that variants use.
    private var ruleSection: String {
        var rules: [String: Suggestion.Change] = [:]
        for change in suggestions.variants.flatMap(\.changes) { rules[change.rule?.name ?? ""] = change }
        guard !rules.isEmpty else { return "" }
        var text = "## The rules\n\n"
        for (_, change) in rules.sorted(by: { $0.key < $1.key }) {
            guard let rule = change.rule else {
                text += "* Rounding rules: sides differ by less than fixed-point numbers resolve.\n"
                continue
            }
            text += "* `\(rule.name)` (\(change.effect.phrase)). \(escaped(rule.summary))"
            if let accuracy = rule.accuracy { text += " Published: \(escaped(accuracy))" }
            text += " Source: \(escaped(rule.source))\n"
        }
        return text + "\n"
    }

    private var rankingTable: String {
        guard !suggestions.ranking.isEmpty else { return "" }
        var text = "## Single changes, by saving per divergence\n\n| rank | place | rule | saves | rel. L2 | class |\n"
        text += "|---:|---|---|---:|---:|---|\n"
        for (position, ranked) in suggestions.ranking.enumerated() {
            let change = ranked.change
            let cells = [
                "\(position + 1)", escaped(change.place), change.rule?.name ?? "rounding rules", figure(change.saving),
                change.divergence.map(DivergenceFormat.number) ?? "unknown", change.effect.phrase,
            ]
            text += "| " + cells.joined(separator: " | ") + " |\n"
        }
        return text + "\n"
    }

    private func alternativesTable(
        _ title: String, _ alternatives: [Alternative], _ name: (Alternative) -> String
    ) -> String {
        guard !alternatives.isEmpty else { return "" }
        var text = "## \(title)\n\nThese are no points of the front: \(alternatives[0].whyUnknown).\n\n"
        text += "| | online bytes | rounds | time | offline bytes | unpriced nodes |\n|---|---:|---:|---:|---:|---:|\n"
        for alternative in alternatives {
            let online = alternative.totals.online
            let cells = [
                name(alternative), ByteFormat.bytes(online.bytes), ByteFormat.count(online.rounds),
                DurationFormat.seconds(network.seconds(online)), ByteFormat.bytes(alternative.totals.offline.bytes),
                "\(alternative.unpriced)",
            ]
            text += "| " + cells.joined(separator: " | ") + " |\n"
        }
        return text + "\n"
    }

    /// A figure of the objective with its unit.
    public func figure(_ amount: Double) -> String {
        switch objective {
        case .time: DurationFormat.seconds(amount)
        case .bytes: ByteFormat.bytes(Int(amount))
        case .rounds: ByteFormat.count(Int(amount))
        }
    }

    /// A text in which nothing means anything to Markdown or HTML.
    private func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "\\", "`", "*", "_", "[", "]", "|", "#": result += "\\\(character)"
            default: result += character.isNewline ? " " : String(character)
            }
        }
        return result
    }
}
