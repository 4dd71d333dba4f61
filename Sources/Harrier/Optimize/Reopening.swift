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

    /// The lengths of the search, of the dimensions that stay open.
    let lengths: [String: Int]
    /// The lengths that are kept, because the model takes no others.
    let fixed: [String: Int]
    private let symbolic: Graph
    /// The model as it was searched, and at other lengths.
    private let instances: [Instance]
    /// The model at lengths that nothing was found from.
    private let untried: Instance

    /// As many others as are needed to tell lengths from constants.
    private static let others = 3

    /// The ways of a model; nil if none of its dimensions is open.
    ///
    /// - Throws: an error if the model cannot be read at enough lengths.
    init?(of model: Model) throws {
        guard let open = model.open else { return nil }
        let names = open.lengths.keys.sorted()
        for fixed in [[]] + (names.count > 1 ? names.map { [$0] } : []) {
            if let found = try Self(of: open, at: model.graph, fixing: Set(fixed)) {
                self = found
                return
            }
        }
        throw HarrierError("it does not take enough other lengths")
    }

    /// The ways of a model some of whose dimensions keep their lengths; nil if it does not take enough other ones.
    private init?(of open: OpenModel, at searched: Graph, fixing names: Set<String>) throws {
        let fixed = open.lengths.filter { names.contains($0.key) }
        lengths = open.lengths.filter { !names.contains($0.key) }
        self.fixed = fixed
        symbolic = try open.graph(at: fixed)
        func instance(_ lengths: [String: Int]) -> Instance? {
            let graph = try? open.graph(at: lengths.merging(fixed) { own, _ in own })
            return graph.map { Instance(lengths: lengths, graph: $0) }
        }
        let variations = LengthVariations(of: lengths)
        var instances = [Instance(lengths: lengths, graph: searched)]
        for lengths in variations.choices where instances.count <= Self.others {
            if !instances.contains(where: { $0.lengths == lengths }) {
                instances += [instance(lengths)].compactMap { $0 }
            }
        }
        guard instances.count > Self.others else { return nil }
        self.instances = instances
        let known = instances.map(\.lengths)
        untried = variations.untried.lazy.filter { !known.contains($0) }.compactMap(instance).first ?? instances[1]
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
            return unchanged(result, substitutions, optimizer, check)
                ?? (dependence.rule == nil ? .fixed(why: dependence.why) : .dependent(dependence))
        } catch { return unchanged(result, substitutions, optimizer, check) ?? .fixed(why: "\(error)") }
    }

    /// The outcome where nothing was rewritten: the model as it came. Nil if something was, or if the result is a better one even so.
    private func unchanged(
        _ result: LevelOptimizer.Result, _ substitutions: Int, _ optimizer: LevelOptimizer,
        _ check: (_ model: Graph, _ result: Graph) -> NumericCheck
    ) -> Outcome? {
        guard result.portable.rewrites.isEmpty, substitutions == 0,
            case .open(let graph)? = try? checked(symbolic, result, optimizer, check)
        else { return nil }
        return .open(graph)
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
    var text: String { Self.words(lengths.merging(fixed) { own, _ in own }) }

    /// The lengths that are kept, in words.
    var fixedText: String { Self.words(fixed) }

    private static func words(_ lengths: [String: Int]) -> String {
        lengths.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
    }
}

extension CheckedSearch.Attempt {
    /// The result for every length; nil if it is one for certain lengths.
    var openGraph: Graph? {
        if case .open(let graph)? = opening { graph } else { nil }
    }

    /// What became of the dimensions that the model leaves open, a phrase; nil if there are none.
    func openNote(_ reopening: Result<Reopening, any Error>?) -> String? {
        let found = try? reopening?.get()
        let lengths = (found?.text).map { " at \($0)" } ?? ""
        let kept = found.flatMap { $0.fixed.isEmpty ? nil : " but \($0.fixedText), of which the model takes no other" }
        return switch opening {
        case nil: nil
        case .open:
            "priced\(lengths); the result holds for every length\(kept ?? "") ('--freeze' makes one for these)"
        case .fixed(let why): "the result is one for certain lengths only\(lengths): \(why)"
        case .dependent(let dependence): "the result is one for certain lengths only\(lengths): \(dependence.why)"
        }
    }
}
