import Foundation
import IR
import Pricing

/// What the template shows without any script: the names of its members are the template's.
struct PageContext {
    /// A figure at the top of the page.
    struct Figure {
        var label: String
        var value: Sentence.Part
        /// The figure of the model before it was rewritten.
        var before: Sentence.Part?
        var note: String?
        /// The part of the time that is saved, which depends on the network.
        var saving: TimeSaving?
    }

    /// How much less time one traffic takes than another.
    struct TimeSaving {
        var text: String
        var before: Sentence.TrafficFigures
        var after: Sentence.TrafficFigures

        /// Nil if there is nothing to save.
        init?(from before: Traffic, to after: Traffic, on network: Network) {
            let (old, new) = (network.seconds(before), network.seconds(after))
            guard old > 0 else { return nil }
            text = String(format: "%.1f %% saved", (1 - new / old) * 100)
            (self.before, self.after) = (Sentence.TrafficFigures(before), Sentence.TrafficFigures(after))
        }
    }

    /// A drawing that scripts can show.
    struct Drawing {
        var element: String
        /// An `<svg>` element.
        var svg: String
    }

    let title: String
    let kind: String
    let framework: String
    let sentences: [Sentence]
    let figures: [Figure]
    let notes: [String]
    let command: String
    let hasCommand: Bool
    let hasRuns: Bool
    let hasPictures: Bool
    let hasRewrites: Bool
    let hasVariants: Bool
    let hasPhases: Bool
    let isComparison: Bool
    let drawings: [Drawing]
    let settings: [Settings]
    let policy: String
    let style: String
    let script: String
    let data: String

    /// The settings of a framework, for the end of the page.
    struct Settings {
        var title: String
        var lines: [String]
    }

    init(_ page: ReportPage) throws {
        title = page.model
        kind = page.subject.title
        framework = Self.framework(page)
        sentences = Sentence.about(page)
        figures = Self.figures(page)
        notes = Self.besides(page) + page.notes
        (command, hasCommand) = (page.command, !page.command.isEmpty)
        hasRuns = !page.runs.isEmpty
        hasPictures = page.pictures.contains { !$0.levels.isEmpty }
        hasRewrites = !page.rewrites.isEmpty
        hasVariants = !page.variants.isEmpty
        hasPhases = page.runs.contains { $0.items.contains { $0.phase != nil } }
        isComparison = page.runs.count > 1 && page.subject.isAboutFrameworks
        drawings = try page.allPictures.enumerated().flatMap { position, picture in
            try picture.levels.enumerated().map { number, level in
                let element = "\(ReportPage.prefix(position))-\(number)"
                return Drawing(
                    element: element,
                    svg: try SVGSanitizer.svg(dot: level.drawing.dot(hasLegend: false), prefix: element))
            }
        }
        settings = Self.settings(page.runs)
        style = PageTemplate.style
        script = PageTemplate.script
        data = try PageDocument(page).scriptText()
        policy =
            "default-src 'none'; script-src 'sha256-\(SHA256.base64(script.utf8))'; "
            + "style-src 'sha256-\(SHA256.base64(style.utf8))'; img-src data:; base-uri 'none'; form-action 'none'"
    }

    private static func framework(_ page: ReportPage) -> String {
        guard let info = page.runs.first?.framework, !page.subject.isAboutFrameworks || page.runs.count == 1 else {
            return "\(page.runs.count) frameworks"
        }
        let defaults = Dictionary(info.configurationKeys.map { ($0.name, $0.defaultValue) }) { first, _ in first }
        let changed = info.configuration.filter { defaults[$0.key] != $0.value }.sorted { $0.key < $1.key }
        return
            (["\(info.title) \(info.version)", "\(info.parties) parties"] + changed.map { "\($0.key) = \($0.value)" })
            .joined(separator: " · ")
    }

    private static func figures(_ page: ReportPage) -> [Figure] {
        guard let last = page.runs.last?.total, !page.subject.isAboutFrameworks || page.runs.count == 1 else {
            return []
        }
        let first = page.runs.count > 1 ? page.runs.first?.total : nil
        func figure(_ label: String, _ part: (Cost) -> Sentence.Part, saving: ((Cost) -> Int)? = nil) -> Figure {
            var note: String?
            if let first, let saving, saving(first) > 0 {
                note = ByteFormat.share(saving(first) - saving(last), of: saving(first)).map { "\($0) saved" }
            }
            return Figure(label: label, value: part(last), before: first.map(part), note: note)
        }
        var result = [
            figure("online bytes", { .text(ByteFormat.bytes($0.online.bytes)) }, saving: \.online.bytes),
            figure("rounds", { .text(ByteFormat.count($0.online.rounds)) }, saving: \.online.rounds),
            figure("time", { .time($0.online, page.network) }),
        ]
        result[2].saving = first.flatMap { TimeSaving(from: $0.online, to: last.online, on: page.network) }
        if last.offline != .zero || (first ?? .zero).offline != .zero {
            result.append(
                figure("offline bytes", { .text(ByteFormat.bytes($0.offline.bytes)) }, saving: \.offline.bytes))
        }
        return result
    }

    /// What is priced besides the computation, if the page is about one framework.
    private static func besides(_ page: ReportPage) -> [String] {
        guard let run = page.runs.last, !page.subject.isAboutFrameworks else { return [] }
        func phrase(_ cost: Cost) -> String {
            let traffic = cost.online + cost.offline
            return "\(ByteFormat.bytes(traffic.bytes)) in \(ByteFormat.rounds(traffic.rounds))"
        }
        var parts: [String] = []
        if let cost = run.inputOutput, cost != .zero {
            parts.append("sharing the inputs and revealing the outputs takes \(phrase(cost))")
        }
        if let cost = run.setup, cost != .zero { parts.append("setting up a session takes \(phrase(cost)) once") }
        var notes = parts.isEmpty ? [] : ["Not in these figures: \(parts.joined(separator: ", and "))."]
        if let rounds = run.criticalPathRounds, rounds < run.total.online.rounds {
            notes.append("If independent operators shared their messages, \(ByteFormat.rounds(rounds)) would do.")
        }
        return notes
    }

    private static func settings(_ runs: [PricedRun]) -> [Settings] {
        var seen: Set<FrameworkInfo> = []
        return runs.filter { seen.insert($0.framework).inserted }.map { run in
            let info = run.framework
            return Settings(
                title: "\(info.title) \(info.version), \(info.parties) parties, \(info.threatModel)",
                lines: info.configuration.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" })
        }
    }
}

extension ReportPage.Subject {
    /// What stands above the model's name.
    fileprivate var title: String {
        switch self {
        case .profile: "Communication profile"
        case .optimization: "Optimization"
        case .training: "Training step"
        case .comparison: "Comparison of frameworks"
        case .suggestion: "Cheaper variants"
        }
    }

    /// Whether runs differ by framework, and not by what the model is.
    var isAboutFrameworks: Bool {
        switch self {
        case .training, .comparison: true
        case .profile, .optimization, .suggestion: false
        }
    }
}
