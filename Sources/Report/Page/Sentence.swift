import Foundation
import Pricing

/// A sentence of the page. Times in it change when the reader chooses another network.
struct Sentence {
    /// A piece of a sentence.
    struct Part {
        /// What it says.
        var text: String
        /// Online traffic whose time it says; nil for what does not change.
        var traffic: TrafficFigures?
        /// Whether it is the name of the network.
        var isNetwork = false
        /// Whether it stands out.
        var isStrong = false

        /// Words.
        static func text(_ text: String) -> Part { Part(text: text) }
        /// Words that stand out.
        static func strong(_ text: String) -> Part { Part(text: text, isStrong: true) }
        /// The time that traffic takes.
        static func time(_ traffic: Traffic, _ network: Network) -> Part {
            Part(
                text: DurationFormat.seconds(network.seconds(traffic)),
                traffic: TrafficFigures(traffic))
        }
        /// The network.
        static func network(_ network: Network) -> Part { Part(text: describe(network), isNetwork: true) }

        private static func describe(_ network: Network) -> String {
            let figures =
                "\(ByteFormat.bytes(Int(min(network.bytesPerSecond, 9e18))))/s, \(DurationFormat.seconds(network.latency)) a round"
            return ["lan", "wan"].contains(network.name) ? "\(network.name.uppercased()) (\(figures))" : figures
        }
    }

    /// Traffic as attributes hold it.
    struct TrafficFigures {
        var bytes: String
        var rounds: String

        init(_ traffic: Traffic) {
            bytes = "\(traffic.bytes)"
            rounds = "\(traffic.rounds)"
        }
    }

    var parts: [Part]

    /// What the page says before anything else.
    static func about(_ page: ReportPage) -> [Sentence] {
        switch page.subject {
        case .profile: page.runs.first.map { profile($0, of: page) } ?? []
        case .optimization(let objective): optimization(page, objective)
        case .training(let loss, let optimizer, let batch): training(page, loss, optimizer, batch)
        case .comparison: comparison(page)
        case .suggestion: suggestion(page)
        }
    }

    private static func profile(_ run: PricedRun, of page: ReportPage) -> [Sentence] {
        guard run.total != .zero || run.missing.isEmpty else { return missing(run) }
        return [
            Sentence(
                parts: [
                    .text("One run under "), .strong(run.framework.title), .text(" sends "),
                    .strong(ByteFormat.bytes(run.total.online.bytes)), .text(" in "),
                    .strong(ByteFormat.rounds(run.total.online.rounds)), .text(", which takes "),
                    .time(run.total.online, page.network), .text(" on "), .network(page.network), .text("."),
                ])
        ] + hottest(run) + offline(run) + missing(run)
    }

    /// What most of it is spent on.
    private static func hottest(_ run: PricedRun) -> [Sentence] {
        var sums: [String: (count: Int, bytes: Int)] = [:]
        for item in run.items {
            let sum = sums[item.op] ?? (0, 0)
            sums[item.op] = (sum.count + 1, sum.bytes + item.cost.online.bytes)
        }
        let total = run.total.online.bytes
        guard let (op, sum) = sums.max(by: { ($0.value.bytes, $1.key) < ($1.value.bytes, $0.key) }), total > 0,
            let share = ByteFormat.share(sum.bytes, of: total)
        else { return [] }
        let noun =
            sum.count == 1 ? "The \(op) operator sends" : "The \(ByteFormat.count(sum.count)) \(op) operators send"
        return [Sentence(parts: [.text("\(noun) "), .strong(share), .text(" of the bytes.")])]
    }

    private static func offline(_ run: PricedRun) -> [Sentence] {
        guard run.total.offline != .zero else { return [] }
        let count = run.total.offline.rounds
        let rounds = count == 0 ? "" : " in \(ByteFormat.rounds(count))"
        return [
            Sentence(parts: [
                .text("Before the inputs are known, "), .strong(ByteFormat.bytes(run.total.offline.bytes)),
                .text(" are sent\(rounds) (offline, not in the time)."),
            ])
        ]
    }

    private static func missing(_ run: PricedRun) -> [Sentence] {
        guard !run.missing.isEmpty else { return [] }
        let count = run.missing.count == 1 ? "1 operator has" : "\(ByteFormat.count(run.missing.count)) operators have"
        return [
            Sentence(parts: [.strong("\(count) no price"), .text(" and are in no total; the reasons stand below.")])
        ]
    }

    private static func optimization(_ page: ReportPage, _ objective: String) -> [Sentence] {
        guard page.runs.count == 2, let before = page.runs.first, let after = page.runs.last else { return [] }
        guard !page.rewrites.isEmpty else {
            return [Sentence(parts: [.text("No rule makes it cheaper.")])] + profile(after, of: page)
        }
        let count =
            page.rewrites.count == 1 ? "One rewrite brings" : "\(ByteFormat.count(page.rewrites.count)) rewrites bring"
        let (old, new) = (before.total.online, after.total.online)
        return [
            Sentence(parts: [
                .text("\(count) a run under "), .strong(after.framework.title), .text(" from "),
                .text("\(ByteFormat.bytes(old.bytes)) and \(ByteFormat.rounds(old.rounds))"), .text(" to "),
                .strong(ByteFormat.bytes(new.bytes)), .text(" and "), .strong(ByteFormat.rounds(new.rounds)),
                .text(", from "), .time(old, page.network), .text(" to "), .time(new, page.network), .text(" on "),
                .network(page.network), .text(". The search made \(objective) small."),
            ])
        ] + missing(after)
    }

    private static func training(_ page: ReportPage, _ loss: String, _ optimizer: String, _ batch: Int) -> [Sentence] {
        let what = "One training step (\(loss), \(optimizer), \(batch == 1 ? "1 sample" : "\(batch) samples"))"
        guard let run = page.runs.first, page.runs.count == 1 else {
            return [Sentence(parts: [.text("\(what) under each of \(page.runs.count) frameworks.")])] + extremes(page)
        }
        let backward = ByteFormat.share(run.cost(of: .backward).online.bytes, of: run.total.online.bytes)
        return [
            Sentence(parts: [
                .text("\(what) under "), .strong(run.framework.title), .text(" sends "),
                .strong(ByteFormat.bytes(run.total.online.bytes)), .text(" in "),
                .strong(ByteFormat.rounds(run.total.online.rounds)), .text(", which takes "),
                .time(run.total.online, page.network), .text(" on "), .network(page.network),
                .text(backward.map { "; the backward pass sends \($0) of the bytes." } ?? "."),
            ])
        ] + offline(run) + missing(run)
    }

    private static func comparison(_ page: ReportPage) -> [Sentence] {
        let incomplete = page.runs.filter { !$0.missing.isEmpty }.count
        let rest = incomplete == 1 ? "One cannot run all of it." : "\(incomplete) cannot run all of it."
        return [
            Sentence(parts: [.text("One run under each of \(page.runs.count) frameworks, in its default setting.")])
        ]
            + extremes(page) + (incomplete == 0 ? [] : [Sentence(parts: [.text(rest)])])
    }

    /// The fastest and the slowest of the frameworks that price everything.
    private static func extremes(_ page: ReportPage) -> [Sentence] {
        let complete = page.runs.filter(\.missing.isEmpty).sorted {
            page.network.seconds($0.total.online) < page.network.seconds($1.total.online)
        }
        guard let first = complete.first, let last = complete.last, complete.count > 1 else { return [] }
        return [
            Sentence(parts: [
                .text("On "), .network(page.network), .text(" they take from "),
                .time(first.total.online, page.network),
                .text(" ("), .strong(first.title), .text(") to "), .time(last.total.online, page.network),
                .text(" (\(last.title))."),
            ])
        ]
    }

    private static func suggestion(_ page: ReportPage) -> [Sentence] {
        guard let run = page.runs.first else { return [] }
        func cheapest(_ variants: [Variant]) -> Variant? {
            variants.min { page.network.seconds($0.total.online) < page.network.seconds($1.total.online) }
        }
        let count = page.variants.count == 1 ? "One variant" : "\(ByteFormat.count(page.variants.count)) variants"
        var sentences = [
            Sentence(parts: [
                .text("\(count) of a model that takes "),
                .time(run.total.online, page.network), .text(" under "), .strong(run.framework.title), .text(" on "),
                .network(page.network), .text("."),
            ])
        ]
        let exact = cheapest(page.variants.filter { $0.category == "exact" })
        let others = cheapest(page.variants.filter { $0.category != "exact" })
        for (title, variant) in [("The one that computes the same", exact), ("The cheapest of the others", others)] {
            guard let variant else { continue }
            sentences.append(
                Sentence(parts: [
                    .text("\(title), "), .strong(variant.name), .text(", takes "),
                    .time(variant.total.online, page.network),
                    .text("."),
                ]))
        }
        return sentences
    }
}
