import Foundation
import IR
import Pricing
import Rewrite

/// What was suggested for a model, in the words of its user's command line.
public struct SuggestionReport: Sendable {
    /// What reports call the model.
    public let model: String
    /// The framework, as configured.
    public let framework: FrameworkInfo
    /// What was made small.
    public let objective: Objective
    /// The network that times are told for.
    public let network: Network
    /// What was found.
    public let suggestions: Suggestions
    /// Other settings of the framework, outside of the front.
    public let settings: [Alternative]
    /// Other frameworks, outside of the front.
    public let frameworks: [Alternative]
    /// The command that makes a variant again, given the file that it writes; nil where there is no command line.
    public let command: (@Sendable (Suggestion, _ file: String) -> String)?

    /// A report of the given parts.
    public init(
        model: String, framework: FrameworkInfo, objective: Objective, network: Network, suggestions: Suggestions,
        settings: [Alternative], frameworks: [Alternative],
        command: (@Sendable (Suggestion, _ file: String) -> String)? = nil
    ) {
        self.model = model
        self.framework = framework
        self.objective = objective
        self.network = network
        self.suggestions = suggestions
        self.settings = settings
        self.frameworks = frameworks
        self.command = command
    }

    /// What a variant's file is called.
    public func fileName(of variant: Suggestion) -> String { "\(variant.name).onnx" }

    /// What the file is called that a variant can be trained from.
    public func trainableFileName(of variant: Suggestion) -> String { "\(variant.name)-trainable.onnx" }

    /// The report as JSON.
    ///
    /// - Parameter folder: the folder that the variants are written to; nil if they are not.
    public func json(folder: String?) throws -> Data { try JSONOutput.encode(document(folder: folder)) }

    private func document(folder: String?) -> SuggestionDocument {
        let original = suggestions.original
        return SuggestionDocument(
            model: model, framework: framework.name, parties: framework.parties, config: framework.configuration,
            objective: objective.name,
            original: .init(totals: CostDocument(original), time: TimeDocument(original.online, on: network)),
            samples: .init(
                count: suggestions.samples?.inputs.count ?? 0, synthetic: suggestions.samples?.isSynthetic ?? false,
                origin: suggestions.samples?.origin ?? "none"),
            variants: suggestions.variants.map { variant(of: $0, folder: folder) },
            sites: suggestions.ranking.enumerated().map { position, ranked in
                .init(rank: position + 1, change: change(ranked.change), savingPerDivergence: ranked.ratio)
            },
            search: .init(
                grouping: suggestions.grouping.rawValue, choices: suggestions.choices, measured: suggestions.measured,
                exhaustive: suggestions.isExhaustive, front: suggestions.frontSize, seconds: suggestions.seconds),
            settings: settings.map(alternative), frameworks: frameworks.map(alternative), notes: suggestions.notes)
    }

    private func variant(of suggestion: Suggestion, folder: String?) -> SuggestionDocument.Variant {
        let file = folder.map { _ in fileName(of: suggestion) }
        return SuggestionDocument.Variant(
            name: suggestion.name, totals: CostDocument(suggestion.totals),
            time: TimeDocument(suggestion.totals.online, on: network), saving: saving(suggestion.totals),
            divergence: divergence(suggestion.divergence), exact: suggestion.effect == .exact,
            effect: suggestion.effect.rawValue, places: suggestion.places, changes: suggestion.changes.map(change),
            rewrites: Dictionary(suggestion.rewrites.map { ($0.rule, 1) }, uniquingKeysWith: +),
            warnings: suggestion.changes.flatMap(\.warnings), notes: suggestion.notes, file: .init(text: file),
            trainable: .init(
                text: file != nil && suggestion.trainable != nil ? trainableFileName(of: suggestion) : nil),
            command: command?(suggestion, fileName(of: suggestion)))
    }

    private func saving(_ totals: Cost) -> SuggestionDocument.Saving {
        let (before, after) = (suggestions.original, totals)
        let saved = (before.online + before.offline) - (after.online + after.offline)
        let whole = objective.figure(before)
        return .init(
            bytes: saved.bytes, rounds: saved.rounds,
            seconds: network.seconds(before.online) - network.seconds(after.online),
            share: whole > 0 ? 1 - objective.figure(after) / whole : 0)
    }

    private func divergence(_ divergence: Divergence?) -> SuggestionDocument.DivergenceDocument {
        guard let divergence else {
            return .init(
                status: "unknown", why: suggestions.whyUnknown, relativeL2: nil, top1Agreement: nil, kl: nil,
                samples: nil,
                synthetic: nil)
        }
        return .init(
            status: "measured", why: nil, relativeL2: divergence.relativeL2, top1Agreement: divergence.top1Agreement,
            kl: divergence.kl, samples: divergence.samples, synthetic: suggestions.samples?.isSynthetic)
    }

    private func change(_ change: Suggestion.Change) -> SuggestionDocument.Change {
        SuggestionDocument.Change(
            place: change.place, rule: change.rule?.name ?? "rounding rules",
            at: change.substitutions.map(\.description), nodes: change.nodes, effect: change.effect.rawValue,
            saving: change.saving, divergence: change.divergence,
            summary: change.rule?.summary ?? "Every rule whose sides differ by less than fixed-point numbers resolve.",
            published: change.rule?.accuracy, source: change.rule?.source, saves: change.rule?.saves,
            warnings: change.warnings)
    }

    private func alternative(_ alternative: Alternative) -> SuggestionDocument.Alternative {
        SuggestionDocument.Alternative(
            name: alternative.name, setting: alternative.setting, threatModel: alternative.threatModel,
            totals: CostDocument(alternative.totals), time: TimeDocument(alternative.totals.online, on: network),
            unpriced: alternative.unpriced,
            divergence: .init(
                status: "unknown", why: alternative.whyUnknown, relativeL2: nil, top1Agreement: nil, kl: nil,
                samples: nil,
                synthetic: nil))
    }
}
