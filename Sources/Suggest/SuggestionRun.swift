import Evaluate
import IR
import Pricing
import Rewrite

/// One run of a suggester on a model.
struct SuggestionRun {
    let suggester: Suggester
    let model: Graph
    let sites: SubstitutionSites
    let grouping: Grouping
    /// The decisions; the last one can be to use rounding rules.
    let choices: [Choice]
    let hasRoundingChoice: Bool
    /// Who measures divergences; nil if they cannot be known.
    let meter: DivergenceMeter?
    let samples: Samples?
    let whyUnknown: String?
    /// What sets of decisions are compared by.
    let quick: [Optimizer]
    /// The squared divergence that rounding rules alone make.
    let roundingPenalty: Double
    let start = ContinuousClock.now
    /// All that was measured, by selection.
    var points: [Selection: FrontSearch.Point] = [:]
    var fronts: [Selection] = []
    var isCutShort = false
    var isExhaustive = false
    var notes: [String] = []

    private var options: Suggester.Options { suggester.options }
    var objective: Objective { options.search.objective }

    init(_ suggester: Suggester, _ graph: Graph, samples: Samples?) throws {
        self.suggester = suggester
        model = graph
        quick = [false, true].map { suggester.optimizer(isQuick: true, usesRounding: $0) }
        sites = try SubstitutionSites(
            in: graph, rules: suggester.substitutions, optimizer: quick[0], prefixes: suggester.options.places)
        let each = ChoiceFinder.choices(sites.sites, .each)
        grouping = suggester.options.grouping ?? (each.count <= Suggester.fewPlaces ? .each : .block)
        var choices = grouping == .each ? each : ChoiceFinder.choices(sites.sites, .block)
        let measuring = try Self.measuring(sites.graph, samples, suggester.options)
        (meter, self.samples, whyUnknown) = (measuring.meter, measuring.samples, measuring.whyUnknown)
        if suggester.options.dividesChannels, let meter {
            choices = try ChannelOptions(sites: sites, meter: meter).adding(to: choices)
        }
        let exact = try quick[0].optimize(graph)
        let rounded = try quick[1].optimize(graph)
        let objective = suggester.options.search.objective
        hasRoundingChoice = objective.figure(rounded.after) < objective.figure(exact.after)
        if hasRoundingChoice {
            choices.append(Choice(name: "rounding rules", options: [.init(rule: "", parts: [], effect: .rounding)]))
        }
        let rounding = hasRoundingChoice ? try meter?.divergence(of: rounded.graph).relativeL2 : nil
        roundingPenalty = (rounding ?? 0) * (rounding ?? 0)
        self.choices = choices
    }

    /// Who measures divergences, on which samples, or why nobody does.
    private typealias Measuring = (meter: DivergenceMeter?, samples: Samples?, whyUnknown: String?)

    /// How a model's divergences are measured: on the given samples, or on drawn ones. Where the model makes no finite numbers of those
    /// (a training step takes roots of its state) they are drawn without negative numbers.
    private static func measuring(_ graph: Graph, _ samples: Samples?, _ options: Suggester.Options) throws -> Measuring
    {
        if let missing = missingData(of: graph) { return (nil, nil, missing) }
        func drawn(_ sign: Samples.Sign) throws -> Samples {
            try .synthetic(for: graph, count: options.draws, assumptions: options.search.ranges, sign: sign)
        }
        for samples in try samples.map({ [$0] }) ?? [drawn(.any), drawn(.nonnegative)] {
            let meter = try DivergenceMeter(graph, samples: samples)
            if meter.isFinite { return (meter, samples, nil) }
        }
        return (nil, nil, "the model's own outputs on the samples are not all finite numbers")
    }

    /// Which data of a model is not there; nil if all of it is.
    private static func missingData(of graph: Graph) -> String? {
        let missing = graph.values.filter { $0.constant.map { !$0.tensor.isAvailable } ?? false }
        guard let first = missing.first else { return nil }
        return missing.count == 1
            ? "the data of '\(first.name)' is not in the file"
            : "the data of \(missing.count) weights is not in the file ('\(first.name)', …)"
    }

    /// Seconds since the start.
    var elapsed: Double { (ContinuousClock.now - start) / .seconds(1) }

    // MARK: Searching

    /// Looks for the front. Where divergences are unknown, once for each class that changes may at most have.
    mutating func search(_ progress: @escaping @Sendable (String) -> Void) throws {
        let limits = meter == nil ? EffectClass.allCases.filter { hasOption(of: $0) } : [.distillation]
        for limit in limits { try search(upTo: limit, progress) }
        if limits.isEmpty { try search(upTo: .exact, progress) }
    }

    private func hasOption(of effect: EffectClass) -> Bool {
        choices.contains { $0.options.contains { $0.effect == effect } }
    }

    private mutating func search(upTo limit: EffectClass, _ progress: @escaping @Sendable (String) -> Void) throws {
        // For each choice the options of that class at most, as numbers of all of its options.
        let allowed = choices.map { choice in
            choice.options.indices.filter { choice.options[$0].effect <= limit }.map { $0 + 1 }
        }
        func whole(_ selection: Selection) -> Selection {
            zip(selection, allowed).map { $0 == 0 ? 0 : $1[$0 - 1] }
        }
        var limits = FrontSearch.Limits()
        limits.exhaustive = options.exhaustive
        limits.measurements = options.measurements
        let deadline = options.seconds * Self.searchingShare
        var known = points
        let begin = start
        var search = FrontSearch(
            optionCounts: allowed.map(\.count), limits: limits,
            hasTime: { (ContinuousClock.now - begin) / .seconds(1) < deadline },
            measure: { [self] selections in
                progress("measuring variants: \(known.count)")
                let wanted = selections.map(whole)
                let missing = wanted.filter { known[$0] == nil }
                for (selection, point) in zip(missing, missing.parallelMap { point($0) }) {
                    known[selection] = point
                }
                return wanted.compactMap { known[$0] }
            })
        fronts += try search.run().map(whole)
        points = known
        isCutShort = isCutShort || search.isCutShort
        isExhaustive = !search.isCutShort && search.isExhaustive
    }

    /// The part of the time that searching takes; the rest is for making the variants.
    private static let searchingShare = 0.6

    /// What a selection comes to.
    func point(_ selection: Selection) -> FrontSearch.Point {
        let unusable = FrontSearch.Point(cost: .infinity, penalty: .infinity)
        let (parts, usesRounding) = decisions(selection)
        do {
            let graph = try sites.substituting(parts).graph
            let cost = objective.figure(try quick[usesRounding ? 1 : 0].optimize(graph).after)
            guard let meter else { return .init(cost: cost, penalty: Double(places(selection))) }
            let divergence = parts.isEmpty ? 0 : try meter.divergence(ofSubstituted: graph).relativeL2
            let penalty = divergence * divergence + (usesRounding ? roundingPenalty : 0)
            guard penalty.isFinite, divergence <= options.maxDivergence ?? .infinity else {
                // Alone a decision is told even where it goes too far; together with others it is of no use.
                return .init(cost: cost, penalty: penalty.isFinite && isSingle(selection) ? penalty : .infinity)
            }
            return .init(cost: cost, penalty: penalty)
        } catch {
            return unusable
        }
    }

    private func isSingle(_ selection: Selection) -> Bool { selection.filter { $0 > 0 }.count == 1 }

    /// The sites that a selection substitutes, and whether it has rounding rules.
    func decisions(_ selection: Selection) -> (parts: [SitePart], usesRounding: Bool) {
        let usesRounding = hasRoundingChoice && selection.last == 1
        return (zip(choices, selection).flatMap { $1 == 0 ? [] : $0.options[$1 - 1].parts }, usesRounding)
    }

    /// How many places of the model a selection changes; rounding rules count as one.
    func places(_ selection: Selection) -> Int {
        zip(choices, selection).reduce(0) { $0 + ($1.1 == 0 ? 0 : max(1, $1.0.options[$1.1 - 1].parts.count)) }
    }

    /// The worst class among a selection's options.
    func effect(_ selection: Selection) -> EffectClass {
        zip(choices, selection).compactMap { $1 == 0 ? nil : $0.options[$1 - 1].effect }.max() ?? .exact
    }
}
