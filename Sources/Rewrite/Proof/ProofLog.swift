import Evaluate
import Foundation
import IR
import Pricing

/// The log of an optimization: every step with its place and its price, so that somebody else can go through them again without
/// searching. `docs/PROOFS.md` describes the file.
public struct ProofLog: Codable, Sendable, Hashable {
    /// The version of the format; this program writes and reads 1.
    public var version: Int
    /// The model that the steps start from.
    public var model: Model
    /// Who charged the prices.
    public var framework: Framework
    /// Who knows inputs and parameters, in words.
    public var visibility: VisibilityNames
    /// What was made small.
    public var objective: Objective
    /// What the user allowed.
    public var options: Options
    /// The rules that were switched on.
    public var rules: [RuleReference]
    /// What the whole model cost before, as `harrier profile` tells it.
    public var before: CostFigures
    /// What the result costs.
    public var after: CostFigures
    /// Whether the steps were kept. They are not if the framework's own compiler saves as much; the result is then the model as
    /// it was.
    public var changed: Bool
    /// The steps in order.
    public var steps: [Step]
    /// What came out.
    public var result: ResultGraph

    /// A model, as it was read.
    public struct Model: Codable, Sendable, Hashable {
        /// The file's name.
        public var name: String
        /// ``Graph/Graph/contentHash`` in hexadecimal digits.
        public var hash: String
        /// Lengths that the user gave to open dimensions.
        public var dimensions: [String: Int]
    }

    /// A framework and how it was set.
    public struct Framework: Codable, Sendable, Hashable {
        /// Its name on the command line, or its file.
        public var name: String
        /// The version that its prices come from.
        public var version: String
        /// Number of parties.
        public var parties: Int
        /// Configuration keys that the user set.
        public var config: [String: String]
    }

    /// Who knows what: `public`, `private` or `owned(PARTY)`.
    public struct VisibilityNames: Codable, Sendable, Hashable {
        /// Inputs.
        public var inputs: String
        /// Parameters.
        public var parameters: String
        /// Single inputs and parameters by name.
        public var exceptions: [String: String]
    }

    /// What was made small, and on which network times are told.
    public struct Objective: Codable, Sendable, Hashable {
        /// `time`, `bytes` or `rounds`.
        public var name: String
        /// The network's name; nil where it does not matter.
        public var network: String?

        /// What was made small.
        ///
        /// - Throws: ``HarrierError`` if there is no objective or network of the name.
        var value: Rewrite.Objective {
            get throws {
                switch name {
                case "bytes": return .bytes
                case "rounds": return .rounds
                case "time": return .time(try Network(parsing: network ?? Network.wan.name))
                default: throw HarrierError("'\(name)' is no objective", hint: "time, bytes or rounds")
                }
            }
        }
    }

    /// What the user allowed.
    public struct Options: Codable, Sendable, Hashable {
        /// Approximate rules.
        public var approximate: Bool
        /// Rules with a stated bound.
        public var rounding: Bool
        /// Operators that the framework's importer refuses.
        public var anyOperator: Bool
        /// What the user said of the ranges of values, as ``RangeAssumptions/texts``; nil if nothing.
        public var ranges: [String]?

        /// What the user said of the ranges of values.
        ///
        /// - Throws: ``HarrierError`` if a text is no range.
        public func assumptions() throws -> RangeAssumptions { try RangeAssumptions(texts: ranges ?? []) }
    }

    /// A rule, with a hash of its file's text.
    public struct RuleReference: Codable, Sendable, Hashable {
        /// The rule's name.
        public var name: String
        /// ``Rule/contentHash`` in hexadecimal digits.
        public var hash: String
    }

    /// One step.
    public struct Step: Codable, Sendable, Hashable {
        /// Steps of one batch were done together, on the same graph. Batch 0 is what is done before searching.
        public var batch: Int
        /// The rule, or a built-in step.
        public var rule: String
        /// Which of the rule's variants, if it has some.
        public var variant: [String: String]?
        /// Names of the matched nodes in the graph that the batch is done on.
        public var nodes: [String]
        /// The sum of the nodes' prices before the step.
        public var before: CostFigures
        /// The sum of the nodes' prices after it.
        public var after: CostFigures
        /// The difference; negative for a dearer step that a later one pays back.
        public var saved: CostFigures
    }

    /// The graph that the steps end with.
    public struct ResultGraph: Codable, Sendable, Hashable {
        /// ``Graph/Graph/contentHash`` in hexadecimal digits.
        public var hash: String
        /// Number of nodes.
        public var nodes: Int
    }

    /// A cost in the shape of the command line's contract.
    public struct CostFigures: Codable, Sendable, Hashable {
        /// Bytes and rounds.
        public struct Figures: Codable, Sendable, Hashable {
            /// Bytes sent, summed over the parties.
            public var bytes: Int
            /// Rounds.
            public var rounds: Int
        }

        /// After the inputs are known.
        public var online: Figures
        /// Before.
        public var offline: Figures

        /// The figures of a cost.
        public init(_ cost: Cost) {
            online = Figures(bytes: cost.online.bytes, rounds: cost.online.rounds)
            offline = Figures(bytes: cost.offline.bytes, rounds: cost.offline.rounds)
        }
    }
}

extension ProofLog {
    /// The version that this program writes.
    static let currentVersion = 1

    /// The log in a file's bytes.
    ///
    /// - Throws: ``HarrierError`` if it is no log, or one of another version.
    public init(json: Data, file: String) throws {
        do {
            self = try JSONDecoder().decode(ProofLog.self, from: json)
        } catch DecodingError.keyNotFound(let key, _) {
            throw HarrierError("is no proof log: it lacks '\(key.stringValue)'", file: file)
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw HarrierError("is no proof log: '\(path)' is not what it should be", file: file)
        } catch {
            throw HarrierError(
                "is no proof log: it is not JSON", file: file, hint: "'harrier optimize --proof FILE' writes one")
        }
        guard version == Self.currentVersion else {
            throw HarrierError(
                "is a proof log of version \(version); this program reads version \(Self.currentVersion)", file: file)
        }
    }

    /// The log as a file: JSON, keys in alphabetical order.
    public func json() throws -> Data { try JSONOutput.encode(self) }

    /// Who knows inputs and parameters.
    ///
    /// - Parameter policy: the framework's, which says the rest.
    ///
    /// - Throws: ``HarrierError`` if the log says something that means nothing.
    public func policy(changing policy: VisibilityPolicy) throws -> VisibilityPolicy {
        var policy = policy
        policy.inputs = try Visibility(named: visibility.inputs)
        policy.parameters = try Visibility(named: visibility.parameters)
        policy.exceptions = try visibility.exceptions.mapValues { try Visibility(named: $0) }
        return policy
    }
}

extension Visibility {
    /// The visibility with that ``description``.
    ///
    /// - Throws: ``HarrierError`` if there is none.
    fileprivate init(named text: String) throws {
        switch text {
        case "public": self = .public
        case "private": self = .private
        default:
            guard text.hasPrefix("owned("), text.hasSuffix(")"),
                let party = Int(text.dropFirst("owned(".count).dropLast()), party >= 0
            else {
                throw HarrierError("'\(text)' is no visibility", hint: "public, private, or owned(PARTY)")
            }
            self = .owned(party: party)
        }
    }
}

extension UInt64 {
    /// Sixteen hexadecimal digits.
    var hexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
