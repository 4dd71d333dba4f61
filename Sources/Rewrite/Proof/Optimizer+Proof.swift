import IR
import Pricing

extension Optimizer {
    /// What a log says of the run beside the steps: names that only the command line knows.
    package struct ProofContext: Sendable {
        /// What the model's file is called.
        package var model: String
        /// Lengths that the user gave to open dimensions.
        package var dimensions: [String: Int]
        /// The framework as the user named it: a name, or a file.
        package var framework: String
        /// Configuration keys that the user set.
        package var configuration: [String: String]

        /// The given names.
        package init(
            model: String, dimensions: [String: Int] = [:], framework: String, configuration: [String: String] = [:]
        ) {
            self.model = model
            self.dimensions = dimensions
            self.framework = framework
            self.configuration = configuration
        }
    }

    /// The log of an optimization.
    ///
    /// - Parameter graph: what was optimized.
    package func proof(of result: Result, on graph: Graph, _ context: ProofContext) -> ProofLog {
        let network: String? = if case .time(let network) = options.objective { network.name } else { nil }
        return ProofLog(
            version: ProofLog.currentVersion,
            model: ProofLog.Model(
                name: context.model, hash: graph.contentHash.hexadecimal, dimensions: context.dimensions),
            framework: ProofLog.Framework(
                name: context.framework, version: framework.info.version, parties: framework.info.parties,
                config: context.configuration),
            visibility: ProofLog.VisibilityNames(
                inputs: "\(policy.inputs)", parameters: "\(policy.parameters)",
                exceptions: policy.exceptions.mapValues { "\($0)" }),
            objective: ProofLog.Objective(name: options.objective.name, network: network),
            options: ProofLog.Options(
                approximate: options.allowsApproximate, rounding: options.allowsRounding,
                anyOperator: options.allowsRefusedOperators,
                ranges: options.ranges.isEmpty ? nil : options.ranges.texts),
            rules: rules.map { ProofLog.RuleReference(name: $0.name, hash: $0.contentHash.hexadecimal) },
            before: ProofLog.CostFigures(result.before), after: ProofLog.CostFigures(result.after),
            changed: result.isRewritten, steps: ProofLog.steps(result.rewrites, startingAt: result.nodeTotal),
            result: ProofLog.ResultGraph(
                hash: result.graph.contentHash.hexadecimal, nodes: result.graph.nodes.count))
    }
}

extension ProofLog {
    /// The steps with running totals.
    ///
    /// - Parameter total: the sum of the nodes' prices before the first step.
    static func steps(_ rewrites: [AppliedRewrite], startingAt total: Cost) -> [Step] {
        var total = total
        var batch = 0
        return rewrites.map { rewrite in
            // What is done before searching comes first and stays together.
            let isTidying = batch == 0 && Optimizer.tidyingSteps.contains(rewrite.rule)
            if !isTidying && rewrite.opensBatch { batch += 1 }
            let after = total - rewrite.saved
            defer { total = after }
            return Step(
                batch: batch, rule: rewrite.rule, variant: rewrite.variant.isEmpty ? nil : rewrite.variant,
                nodes: rewrite.nodes, before: CostFigures(total), after: CostFigures(after),
                saved: CostFigures(rewrite.saved))
        }
    }
}
