import Evaluate
import IR
import Pricing
import Rewrite

extension SuggestionRun {
    /// The variants of the front: each is searched as far as `optimize` would, priced as a whole, and run again; what turns out to
    /// be dominated then is left out.
    mutating func suggestions(_ progress: @escaping @Sendable (String) -> Void) throws -> Suggestions {
        let none = Selection(repeating: 0, count: choices.count)
        let found = front(fronts + [none])
        let chosen = thinned(found, to: suggester.options.points)
        var variants: [Suggestion] = []
        // The exact variant comes first, so that there is one however little time is left.
        for (index, selection) in ([none] + chosen.filter { $0 != none }).enumerated() {
            guard index == 0 || elapsed < suggester.options.seconds else {
                isCutShort = true
                break
            }
            progress("making variant \(index + 1) of \(chosen.count)")
            if let variant = try suggestion(selection) { variants.append(variant) }
        }
        if isCutShort {
            notes.append("the time was up: this is what was found until then; --budget gives more")
        }
        variants = undominated(variants)
        var number = 0
        for index in variants.indices {
            guard variants[index].effect != .exact else {
                variants[index].name = "exact"
                continue
            }
            number += 1
            variants[index].name = number < 10 ? "v0\(number)" : "v\(number)"
        }
        return Suggestions(
            original: try quick[0].cost(of: model), variants: variants, ranking: ranking(), samples: samples,
            whyUnknown: whyUnknown, grouping: grouping, choices: choices.count, measured: points.count,
            isExhaustive: isExhaustive, frontSize: found.count, seconds: elapsed, notes: notes)
    }

    /// The selections that no other beats by what was measured in the search, from the cheapest to the dearest.
    private func front(_ selections: [Selection]) -> [Selection] {
        var seen: Set<Selection> = []
        let limit = suggester.options.maxDivergence.map { $0 * $0 } ?? .infinity
        let usable = selections.filter { selection in
            guard let point = points[selection], point.cost.isFinite else { return false }
            return point.penalty <= limit && seen.insert(selection).inserted
        }
        let figures = usable.map { selection in
            [points[selection]?.cost ?? .infinity, points[selection]?.penalty ?? .infinity]
                + (meter == nil ? [Double(effect(selection).rank)] : [])
        }
        return ParetoFront.positions(of: figures).sorted { figures[$0].lexicographicallyPrecedes(figures[$1]) }
            .map { usable[$0] }
    }

    /// The variants that no other beats, from the cheapest to the dearest.
    private func undominated(_ variants: [Suggestion]) -> [Suggestion] {
        let figures = variants.map { variant in
            [objective.figure(variant.totals)]
                + (variant.divergence.map { [$0.relativeL2] } ?? [Double(variant.effect.rank), Double(variant.places)])
        }
        return ParetoFront.positions(of: figures).sorted { figures[$0].lexicographicallyPrecedes(figures[$1]) }
            .map { variants[$0] }
    }

    /// The variant of a selection; nil if it cannot be used after all.
    private func suggestion(_ selection: Selection) throws -> Suggestion? {
        let (parts, usesRounding) = decisions(selection)
        let (graph, steps) = try sites.substituting(parts)
        let optimizer = suggester.optimizer(isQuick: false, usesRounding: usesRounding)
        let result = try parts.isEmpty ? optimizer.optimize(model) : optimizer.optimize(graph, from: (model, steps))
        let rules = Set(parts.map { sites.sites[$0.site].rule.name })
        let written = result.graph.withTrainableCoefficients(of: rules)
        let divergence = try meter?.divergence(of: written)
        if let divergence, !divergence.isFinite { return nil }
        if let limit = suggester.options.maxDivergence, let divergence, divergence.relativeL2 > limit { return nil }
        return Suggestion(
            name: "", graph: written,
            trainable: parts.isEmpty ? nil : graph.asSpelled().withTrainableCoefficients(of: rules),
            totals: try optimizer.cost(of: written), divergence: divergence,
            effect: effect(selection), places: places(selection), changes: changes(selection),
            rewrites: result.rewrites, usesRounding: usesRounding, notes: result.notes)
    }

    private func changes(_ selection: Selection) -> [Suggestion.Change] {
        selection.enumerated().compactMap { choice, decision in
            decision == 0 ? nil : change(choice, option: decision)
        }
    }

    /// One decision, with what was measured of it alone.
    private func change(_ choice: Int, option: Int) -> Suggestion.Change {
        let chosen = choices[choice].options[option - 1]
        let places = chosen.parts.map { sites.sites[$0.site] }
        let none = Selection(repeating: 0, count: choices.count)
        var single = none
        single[choice] = option
        let saving = (points[none]?.cost ?? 0) - (points[single]?.cost ?? 0)
        return Suggestion.Change(
            place: choices[choice].name, rule: places.first?.rule,
            substitutions: chosen.parts.map(sites.substitution), nodes: places.flatMap(\.nodes), effect: chosen.effect,
            saving: saving.isFinite ? saving : 0,
            divergence: meter == nil ? nil : points[single].map { $0.penalty.squareRoot() },
            warnings: EscapeWarning.warnings(for: places, facts: sites.facts))
    }

    /// Every decision alone, the best first.
    private func ranking() -> [Suggestions.RankedChange] {
        let all = choices.enumerated().flatMap { choice, value in
            value.options.indices.map { change(choice, option: $0 + 1) }
        }
        let ranked = all.map { change in
            Suggestions.RankedChange(
                change: change,
                ratio: change.divergence.map { $0 > 0 ? change.saving / $0 : change.saving > 0 ? .infinity : 0 })
        }
        return ranked.enumerated().sorted { one, two in
            let (a, b) = (
                one.element.ratio ?? one.element.change.saving, two.element.ratio ?? two.element.change.saving
            )
            return a != b ? a > b : one.offset < two.offset
        }.map(\.element)
    }
}
