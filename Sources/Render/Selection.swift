import IR
import Pricing

/// Which operators of a graph are drawn.
struct Selection {
    let model: Drawing.Model
    /// For each node of the graph, whether it is drawn.
    let isDrawn: [Bool]
    /// What happened to each node; empty if there is nothing to compare with.
    let changes: [Drawing.Change]
    /// Modules that are drawn once for several.
    let repetition: Repetition

    /// Leaves out what computes from constants alone, sends nothing and is no output of the graph (copies of weights,
    /// chains that compute shapes): its results are drawn as the constants they are.
    init(_ model: Drawing.Model, changes: [Drawing.Change] = [], expanded: [Scope]) {
        let graph = model.graph
        var depends = [Bool](repeating: false, count: graph.values.count)
        for input in graph.inputs + graph.captures { depends[input.index] = true }
        let outputs = Set(graph.outputs)
        let quiet = Selection.quietNodes(model)
        let isDrawn = graph.nodes.enumerated().map { index, node in
            let results = node.outputs.compactMap { $0 }
            let isKnown = results.allSatisfy { graph[$0].known != nil }
            let isConstant =
                !node.inputs.isEmpty && node.subgraphs.isEmpty
                && node.inputs.allSatisfy { $0.map { !depends[$0.index] } ?? true }
            let isLeftOut = (isKnown || isConstant) && quiet[index] && !results.contains(where: outputs.contains)
            if !isLeftOut { for result in results { depends[result.index] = true } }
            return !isLeftOut
        }
        self.isDrawn = isDrawn
        let entries = Dictionary(model.profile?.entries.map { ($0.index, $0) } ?? []) { first, _ in first }
        var placed = model
        for (index, scope) in ModuleInference.scopes(of: graph, isDrawn: isDrawn).enumerated() {
            placed.graph.nodes[index].scope = scope
        }
        self.model = placed
        self.changes = changes
        repetition = Repetition(
            placed.graph, isDrawn: isDrawn, expanded: expanded, entries: entries, changes: changes)
    }

    /// The operators that get a place in the drawing, with their modules.
    var scopes: [Scope] {
        model.graph.nodes.indices.filter { isDrawn[$0] && repetition.representative[$0] == $0 }
            .map { model.graph.nodes[$0].scope }
    }

    /// Number of operators that are left out.
    var leftOutCount: Int { isDrawn.count { !$0 } }

    /// Number of operators that are drawn as others that they are like.
    var leftOutByRepetition: Int { repetition.representative.indices.count { repetition.representative[$0] != $0 } }

    /// Which nodes have no price to show: they send nothing, or there is no profile.
    private static func quietNodes(_ model: Drawing.Model) -> [Bool] {
        var result = [Bool](repeating: true, count: model.graph.nodes.count)
        let entries = model.profile?.entries.filter { $0.cost != .zero }.map(\.index) ?? []
        for index in entries + (model.profile?.unpriced.map(\.index) ?? []) where result.indices.contains(index) {
            result[index] = false
        }
        return result
    }
}
