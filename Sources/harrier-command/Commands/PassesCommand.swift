import ArgumentParser
import Foundation
import Harrier

struct PassesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passes",
        abstract: "List, show and check the rewrite rules.",
        subcommands: [List.self, Show.self, PassesCheckCommand.self, PassesExportCommand.self],
        defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the rules, by family.")

        @OptionGroup var rules: RuleOptions

        @Option(help: ArgumentHelp("Only the rules of this family.", valueName: "family"), completion: .family)
        var family: String?

        @Option(help: "How the list is written.")
        var format = ReportFormat.table

        func run() throws {
            var catalog = try rules.catalog()
            if let family {
                let families = Set(catalog.rules.map(\.family)).sorted()
                catalog = catalog.filter { $0.family == family }
                guard !catalog.rules.isEmpty else {
                    throw HarrierError(
                        "there is no family '\(family)'", hint: "the families are \(families.joined(separator: ", "))")
                }
            }
            switch format {
            case .json: try Results.write(catalog.json(), to: nil)
            case .table:
                try Results.write(
                    RuleList(catalog: catalog).table(Style(isColored: Console.outputTakesColor)), to: nil)
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one rule: what it does, where, and why.")

        @Argument(help: "The rule's name.", completion: .rule)
        var rule: String

        @OptionGroup var rules: RuleOptions

        func run() throws {
            guard let found = try rules.catalog()[rule] else {
                throw HarrierError("there is no rule '\(rule)'", hint: "'harrier passes' lists them")
            }
            try Results.write(description(of: found, Style(isColored: Console.outputTakesColor)), to: nil)
        }

        private func description(of rule: Rule, _ style: Style) throws -> String {
            var text = style.bold(rule.name) + " (\(rule.family), \(rule.exactness.rawValue), \(rule.level.rawValue))\n"
            text += rule.summary + "\n"
            for (heading, content) in [
                ("Saves", rule.saves), ("Accuracy", rule.accuracy ?? ""), ("The runtime's part", rule.needs ?? ""),
                ("Source", rule.source),
            ]
            where !content.isEmpty {
                text += "\n\(style.dim(heading)): \(content.trimmingCharacters(in: .whitespacesAndNewlines))\n"
            }
            let forms = try rule.forms
            guard let form = forms.first else { return text }
            text += "\n\(body(form.before))\n\(body(form.after))"
            let conditions = form.quantifiedTexts + form.conditionTexts
            if !conditions.isEmpty {
                text += "\n\(style.dim("where"))\n" + conditions.map { "  \($0)\n" }.joined()
            }
            if forms.count > 1 {
                text += "\n\(style.dim("and the same for"))\n"
                text += forms.dropFirst().map { "  \(words($0.variant))\n" }.joined()
            }
            return text
        }

        /// A function's text without the header, which is the same for all of them.
        private func body(_ function: String) -> String {
            guard function.hasPrefix("<"), let end = function.range(of: ">\n") else { return function }
            return String(function[end.upperBound...])
        }

        /// The words of a variant, such as `Sigmoid` or `MINIMUM = Min, ZERO = 0`.
        private func words(_ variant: [String: String]) -> String {
            if variant.count == 1, let only = variant.first { return only.value }
            return variant.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
        }
    }
}
