import Foundation
import Pricing
import Render

/// The page's data as its scripts read it.
struct PageDocument: Encodable {
    struct NetworkDocument: Encodable {
        var name: String
        var bytesPerSecond: Double
        var latency: Double

        init(_ network: Network) {
            name = network.name
            bytesPerSecond = network.bytesPerSecond
            latency = network.latency
        }
    }

    struct RewriteDocument: Encodable {
        var rule: String
        var summary: String
        var exactness: String
        var nodes: [String]
        var saved: [Int]
    }

    struct SiteDocument: Encodable {
        var place: String
        var rule: String
        var category: String
        var saving: Double
        var divergence: Double?
    }

    struct AlternativeDocument: Encodable {
        var name: String
        var remark: String
        var total: [Int]
        var unpriced: Int
    }

    struct VariantDocument: Encodable {
        struct Divergence: Encodable {
            var relativeL2: Double
            var top1Agreement: Double?
            var klDivergence: Double?
            var samples: Int
            var isSynthetic: Bool
        }

        var name: String
        var total: [Int]
        var divergence: Divergence?
        var whyUnknown: String
        var category: String
        var changes: [String]
        var published: [String]
        var warnings: [String]
        var file: String?
        var command: String
        /// The variant's drawing, by position among ``PageDocument/pictures``.
        var picture: Int?
    }

    /// Says what shape the rest has.
    var version = 1
    var subject: String
    var model: String
    /// What is shown until the reader chooses something else: `bytes`, `rounds` or `time`.
    var measure: String
    var network: NetworkDocument
    var networks: [NetworkDocument]
    var strings: [String]
    var scopes: [[String]]
    var calls: CallTable
    var runs: [RunDocument]
    var pictures: [PictureDocument]
    var rewrites: [RewriteDocument]
    var variants: [VariantDocument]
    var sites: [SiteDocument]
    var alternatives: [AlternativeDocument]
    var colours = HeatScale.colours

    init(_ page: ReportPage) {
        var tables = PageTables()
        subject = page.subject.word
        model = page.model
        measure = page.subject.measure
        network = NetworkDocument(page.network)
        networks = [NetworkDocument(.lan), NetworkDocument(.wan)]
        runs = page.runs.map { RunDocument($0, &tables) }
        (strings, scopes, calls) = (tables.strings.elements, tables.scopes.elements, tables.calls)
        pictures = page.allPictures.enumerated().map { PictureDocument($1, prefix: ReportPage.prefix($0)) }
        rewrites = page.rewrites.map {
            RewriteDocument(
                rule: $0.rule, summary: $0.summary, exactness: $0.exactness, nodes: $0.nodes, saved: $0.saved.figures)
        }
        sites = page.sites.map {
            SiteDocument(
                place: $0.place, rule: $0.rule, category: $0.category, saving: $0.saving, divergence: $0.divergence)
        }
        alternatives = page.alternatives.map {
            AlternativeDocument(name: $0.name, remark: $0.remark, total: $0.total.figures, unpriced: $0.unpriced)
        }
        var drawn = page.pictures.count
        variants = page.variants.map { variant in
            defer { drawn += variant.picture == nil ? 0 : 1 }
            return VariantDocument(variant, picture: variant.picture == nil ? nil : drawn)
        }
    }

    /// The document as text for a `<script>` element of JSON: nothing in it can end the element or begin another.
    func scriptText() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        let json = String(decoding: try encoder.encode(self), as: UTF8.self)
        var result = ""
        result.reserveCapacity(json.utf8.count)
        for scalar in json.unicodeScalars {
            // These stand in strings only, where JSON has another spelling of them.
            switch scalar {
            case "<": result += "\\u003c"
            case ">": result += "\\u003e"
            case "&": result += "\\u0026"
            case "\u{2028}": result += "\\u2028"
            case "\u{2029}": result += "\\u2029"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension PageDocument.VariantDocument {
    fileprivate init(_ variant: Variant, picture: Int?) {
        name = variant.name
        total = variant.total.figures
        divergence = variant.divergence.map {
            Divergence(
                relativeL2: $0.relativeL2, top1Agreement: $0.top1Agreement, klDivergence: $0.klDivergence,
                samples: $0.samples, isSynthetic: $0.isSynthetic)
        }
        whyUnknown = variant.whyUnknown
        category = variant.category
        changes = variant.changes
        published = variant.published
        warnings = variant.warnings
        file = variant.file
        command = variant.command
        self.picture = picture
    }
}

extension ReportPage {
    /// The page's own pictures and then those of the variants.
    var allPictures: [Picture] { pictures + variants.compactMap(\.picture) }

    /// What the ids of a picture begin with.
    static func prefix(_ picture: Int) -> String { "picture-\(picture)" }
}

extension ReportPage.Subject {
    /// The measure that matters most.
    fileprivate var measure: String {
        switch self {
        case .profile, .training: "bytes"
        case .comparison: "time"
        case .optimization(let objective), .suggestion(let objective):
            ["bytes", "rounds"].contains(objective) ? objective : "time"
        }
    }

    /// A word for scripts.
    var word: String {
        switch self {
        case .profile: "profile"
        case .optimization: "optimization"
        case .training: "training"
        case .comparison: "comparison"
        case .suggestion: "suggestion"
        }
    }
}
