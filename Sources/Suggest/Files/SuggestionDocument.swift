import Pricing
import Rewrite

/// The JSON of `harrier suggest` and of a folder's `index.json`, as the command line's contract gives it, with more beside.
struct SuggestionDocument: Encodable {
    let model: String
    let framework: String
    let parties: Int
    let config: [String: String]
    let objective: String
    let original: Original
    let samples: SamplesDocument
    let variants: [Variant]
    let sites: [Site]
    let search: Search
    let settings: [Alternative]
    let frameworks: [Alternative]
    let notes: [String]

    struct Original: Encodable {
        let totals: CostDocument
        let time: TimeDocument
    }

    struct SamplesDocument: Encodable {
        let count: Int
        let synthetic: Bool
        let origin: String
    }

    struct Saving: Encodable {
        let bytes: Int
        let rounds: Int
        let seconds: Double
        /// Of the objective, from 0 to 1.
        let share: Double
    }

    struct DivergenceDocument: Encodable {
        let status: String
        let why: String?
        let relativeL2: Double?
        let top1Agreement: Double?
        let kl: Double?
        let samples: Int?
        let synthetic: Bool?

        private enum CodingKeys: String, CodingKey {
            case status, why, kl, samples, synthetic
            case relativeL2 = "relative_l2"
            case top1Agreement = "top1_agreement"
        }
    }

    struct Change: Encodable {
        let place: String
        let rule: String
        let at: [String]
        let nodes: [String]
        let effect: String
        let saving: Double
        let divergence: Double?
        let summary: String
        let published: String?
        let source: String?
        let saves: String?
        let warnings: [String]

        private enum CodingKeys: String, CodingKey {
            case place, rule, at, nodes, saving, divergence, summary, published, source, saves, warnings
            case effect = "class"
        }
    }

    /// A text that is written as null where there is none, so that scripts find its key in any case.
    struct Nullable: Encodable {
        let text: String?

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            if let text { try container.encode(text) } else { try container.encodeNil() }
        }
    }

    struct Variant: Encodable {
        let name: String
        let totals: CostDocument
        let time: TimeDocument
        let saving: Saving
        let divergence: DivergenceDocument
        let exact: Bool
        let effect: String
        let places: Int
        let changes: [Change]
        let rewrites: [String: Int]
        let warnings: [String]
        let notes: [String]
        let file: Nullable
        let trainable: Nullable
        let command: String?

        private enum CodingKeys: String, CodingKey {
            case name, totals, time, saving, divergence, exact, places, changes, rewrites, warnings, notes, file,
                trainable,
                command
            case effect = "class"
        }
    }

    struct Site: Encodable {
        let rank: Int
        let change: Change
        let savingPerDivergence: Double?

        private enum CodingKeys: String, CodingKey {
            case rank, change
            case savingPerDivergence = "saving_per_divergence"
        }
    }

    struct Search: Encodable {
        let grouping: String
        let choices: Int
        let measured: Int
        let exhaustive: Bool
        let front: Int
        let seconds: Double
    }

    struct Alternative: Encodable {
        let name: String
        let setting: [String: String]?
        let threatModel: String?
        let totals: CostDocument
        let time: TimeDocument
        let unpriced: Int
        let divergence: DivergenceDocument

        private enum CodingKeys: String, CodingKey {
            case name, setting, totals, time, unpriced, divergence
            case threatModel = "threat_model"
        }
    }
}
