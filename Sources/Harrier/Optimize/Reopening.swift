import Evaluate
import IR
import ONNXFormat
import Rewrite

/// Gives the results of searches, which go on at some lengths, the open dimensions of the model back.
///
/// The steps of a search are done again at other lengths, and what comes of it becomes one graph for all of them
/// (``GraphGeneralization``), which is run against the model at lengths that the search did not have.
struct Reopening {
    /// What became of a result.
    enum Outcome {
        /// The result for every length.
        case open(Graph)
        /// It is one for the lengths of the search only, for a reason that no rule can help.
        case fixed(why: String)
        /// A rewrite holds for the lengths of the search only.
        case dependent(LengthDependence)
    }

    /// The model at some lengths.
    struct Instance {
        let lengths: [String: Int]
        let graph: Graph
    }

    /// The lengths of the search.
    let lengths: [String: Int]
    private let symbolic: Graph
    /// The model as it was searched, and at other lengths.
    private let instances: [Instance]
    /// The model at lengths that nothing was found from.
    private let untried: Instance

    /// As many others as are needed to tell lengths from constants.
    private static let others = 3
    private static let factors = [3, 5, 7, 11, 13]
    /// Longer dimensions grow less, as what is computed from lengths may be as large as their square.
    private static let (long, smallFactors) = (64, [2, 3, 5])

    /// The ways of a model; nil if none of its dimensions is open.
    ///
    /// - Throws: an error if the model cannot be read at enough lengths.
    init?(of model: Model) throws {
        guard let open = model.open else { return nil }
        lengths = open.lengths
        symbolic = try open.graph(at: [:])
        var instances = [Instance(lengths: open.lengths, graph: model.graph)]
        for lengths in Self.choices(beside: open.lengths) where instances.count <= Self.others {
            if let graph = try? open.graph(at: lengths) { instances.append(Instance(lengths: lengths, graph: graph)) }
        }
        guard instances.count > Self.others else { throw HarrierError("it does not take enough other lengths") }
        self.instances = instances
        let further = Self.choice(beside: open.lengths) { $1 + 2 + 2 * $0 }
        untried = (try? open.graph(at: further)).map { Instance(lengths: further, graph: $0) } ?? instances[1]
    }

    /// Other lengths, first those that are one more: operators that divide a length do not always take these.
    private static func choices(beside lengths: [String: Int]) -> [[String: Int]] {
        [choice(beside: lengths) { $1 + 1 + $0 }]
            + factors.indices.map { round in
                choice(beside: lengths) { position, length in
                    let factors = length > long ? smallFactors : factors
                    return length *| factors[(round + position) % factors.count]
                }
            }
    }

    /// Lengths made of those of the search.
    ///
    /// - Parameter length: takes the position of a dimension among all, and its length.
    private static func choice(beside lengths: [String: Int], _ length: (Int, Int) -> Int) -> [String: Int] {
        Dictionary(
            uniqueKeysWithValues: lengths.keys.sorted().enumerated().map { ($1, length($0, lengths[$1] ?? 1)) })
    }

    /// The outcome of a result.
    ///
    /// - Parameters:
    ///   - optimizer: who found it.
    ///   - substituting: what was done before the search.
    ///   - check: how it is run against the model at the given lengths.
    func outcome(
        of result: LevelOptimizer.Result, by optimizer: LevelOptimizer, substitutions: Int,
        substituting: (Graph) throws -> Graph, check: (_ model: Graph, _ result: Graph) -> NumericCheck
    ) -> Outcome {
        if result.protocolLevel != nil { return .fixed(why: "graphs at the protocol's level are for one length") }
        do {
            let graphs = try instances.map { try substituting($0.graph) }
            let graph: Graph
            do {
                graph = try general(result.portable, optimizer.portable, substitutions, graphs, isFolded: true)
            } catch let dependence as LengthDependence {
                // What rules make of constants may depend on lengths; the nodes that compute them do not.
                guard
                    let unfolded = try? general(
                        result.portable, optimizer.portable, substitutions, graphs, isFolded: false)
                else { throw dependence }
                graph = unfolded
            }
            return try checked(graph, result, optimizer, check)
        } catch let dependence as LengthDependence {
            return dependence.rule == nil ? .fixed(why: dependence.why) : .dependent(dependence)
        } catch { return .fixed(why: "\(error)") }
    }

    /// One graph for all lengths.
    private func general(
        _ result: Optimizer.Result, _ optimizer: Optimizer, _ substitutions: Int, _ graphs: [Graph], isFolded: Bool
    ) throws -> Graph {
        let models = isFolded ? Array(graphs.dropFirst()) : graphs
        let repeated = try optimizer.repeated(
            result, of: graphs[0], on: models, substitutions: substitutions, isFolded: isFolded)
        let results = isFolded ? [result.graph] + repeated : repeated
        let found = try GraphGeneralization.graph(
            of: instances.indices.map {
                OpenModelInstance(lengths: instances[$0].lengths, model: graphs[$0], result: results[$0])
            }, model: symbolic, evaluator: Interpreter())
        return isFolded ? found : try optimizer.finishedOpen(found)
    }

    /// The outcome of a graph for all lengths: it must compute the same at other lengths, and cost what the result does at those of the search.
    private func checked(
        _ graph: Graph, _ result: LevelOptimizer.Result, _ optimizer: LevelOptimizer,
        _ check: (_ model: Graph, _ result: Graph) -> NumericCheck
    ) throws -> Outcome {
        let verdict = check(untried.graph, try graph.withLengths(untried.lengths, evaluator: Interpreter()))
        guard verdict.status != .failed else {
            return .fixed(why: "at other lengths it computes something else: \(verdict.why ?? "")")
        }
        let cost = try optimizer.portable.cost(of: graph.withLengths(lengths, evaluator: Interpreter()))
        guard cost.online.bytes <= result.after.online.bytes, cost.online.rounds <= result.after.online.rounds else {
            return .fixed(
                why:
                    "for every length it would cost \(ByteFormat.bytes(cost.online.bytes)) and \(cost.online.rounds) rounds"
            )
        }
        return .open(graph)
    }

    /// The lengths, in words.
    var text: String { lengths.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ") }
}

extension CheckedSearch.Attempt {
    /// The result for every length; nil if it is one for certain lengths.
    var openGraph: Graph? {
        if case .open(let graph)? = opening { graph } else { nil }
    }

    /// What became of the dimensions that the model leaves open, a phrase; nil if there are none.
    func openNote(_ reopening: Result<Reopening, any Error>?) -> String? {
        let lengths = (try? reopening?.get().text).map { " at \($0)" } ?? ""
        return switch opening {
        case nil: nil
        case .open: "priced\(lengths); the result holds for every length ('--freeze' makes one for these)"
        case .fixed(let why): "the result is one for certain lengths only\(lengths): \(why)"
        case .dependent(let dependence): "the result is one for certain lengths only\(lengths): \(dependence.why)"
        }
    }
}
