import Evaluate
import IR
import Frameworks
import Pricing
import Rewrite

/// The exact variant under another setting of the framework, or under another framework. These are no points of the front: what a
/// framework's own approximations do to the outputs is not measured, and another framework protects against somebody else.
public struct Alternative: Sendable {
    /// The framework's name.
    public let name: String
    /// What is set otherwise; nil for another framework.
    public let setting: [String: String]?
    /// Against whom the framework protects; nil for another setting of the same one.
    public let threatModel: String?
    /// What the exact variant costs.
    public let totals: Cost
    /// Nodes without a price, which count as nothing.
    public let unpriced: Int
    /// Why the divergence is not known.
    public let whyUnknown: String

    /// Cheaper settings of a framework that cost less for a graph.
    ///
    /// - Parameters:
    ///   - graph: the exact variant.
    ///   - configuration: what the user has set.
    /// - Throws: ``HarrierError`` if the graph cannot be priced.
    package static func settings(
        for graph: Graph, framework: FrameworkInfo, configuration: [String: String], policy: VisibilityPolicy,
        totals: Cost, objective: Objective
    ) throws -> [Alternative] {
        var result: [Alternative] = []
        for key in framework.configurationKeys where configuration[key.name] == nil {
            for value in key.cheaperValues {
                let changed = configuration.merging([key.name: value]) { $1 }
                guard
                    let other = try? FrameworkCatalog.make(
                        framework.reference, parties: framework.parties, configuration: changed),
                    let profile = try? Profiler(other, evaluator: Interpreter()).profile(graph, policy: policy),
                    objective.figure(profile.total) < objective.figure(totals)
                else { continue }
                result.append(
                    Alternative(
                        name: framework.name, setting: [key.name: value], threatModel: nil, totals: profile.total,
                        unpriced: profile.unpriced.count,
                        whyUnknown: "the framework's own approximations are not run here"))
            }
        }
        return result
    }

    /// Other frameworks of the program in their own default settings, each with its own exact variant, found by taking improving
    /// rewrites.
    ///
    /// - Parameter hasTime: whether another one can be begun.
    package static func frameworks(
        for graph: Graph, except name: String, rules: [Rule], search: Optimizer.Options, hasTime: () -> Bool
    ) -> [Alternative] {
        var search = search
        search.strategy = .greedy
        search.allowsApproximate = false
        var result: [Alternative] = []
        for other in FrameworkCatalog.names where other != name && hasTime() {
            guard let framework = try? FrameworkCatalog.make(other) else { continue }
            let optimizer = Optimizer(rules: rules, framework: framework, evaluator: Interpreter(), options: search)
            guard let found = try? optimizer.optimize(graph),
                let profile = try? Profiler(framework, evaluator: Interpreter()).profile(found.graph)
            else { continue }
            result.append(
                Alternative(
                    name: other, setting: nil, threatModel: framework.info.threatModel, totals: profile.total,
                    unpriced: profile.unpriced.count, whyUnknown: "another framework computes with errors of its own"))
        }
        return result.sorted { search.objective.figure($0.totals) < search.objective.figure($1.totals) }
    }
}
