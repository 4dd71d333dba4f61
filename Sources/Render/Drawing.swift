import IR
import Pricing

/// A picture of one graph, or of two side by side, as plain values: what is drawn, where it belongs and what it says.
/// ``dot()`` writes it down for Graphviz, which finds the places.
public struct Drawing: Hashable, Sendable {
    /// A graph with what it costs.
    package struct Model: Sendable {
        /// The graph.
        package var graph: Graph
        /// Its price; nil for a drawing without heat.
        package var profile: Profile?

        /// A graph with its price, if there is one.
        package init(_ graph: Graph, _ profile: Profile? = nil) {
            self.graph = graph
            self.profile = profile
        }
    }

    /// How much is drawn.
    public struct Options: Hashable, Sendable {
        /// Modules this deep become one node each: 1 for the outermost, 0 for the whole graph. Nil draws every operator
        /// if the graphs have no more than ``nodeLimit``, and else folds as little as brings the drawing under it.
        public var depth: Int?
        /// The most operators that are drawn one by one, and boxes that are drawn in all, unless ``depth`` says
        /// otherwise.
        public var nodeLimit: Int
        /// Modules alike that meet one of these paths are drawn one by one; the empty path stands for all of them.
        public var expanded: [Scope]

        /// The given options.
        public init(depth: Int? = nil, nodeLimit: Int = 400, expanded: [Scope] = []) {
            self.depth = depth
            self.nodeLimit = nodeLimit
            self.expanded = expanded
        }
    }

    /// What stands above the drawing.
    package var title: String
    /// The framework whose prices these are, with the settings that are not its defaults; nil for a drawing without heat.
    package var framework: String?
    /// All settings of the framework, one a line.
    package var configuration: String
    /// One graph, or first the one before and then the one after.
    package var panels: [Panel]
    /// What the graph costs, or the graphs before and after.
    package var summaries: [Summary]
    /// Colours and widths.
    package var scale: HeatScale
    /// What the reader should know: what is folded, what has no price.
    package var notes: [String]

    /// A drawing of a graph, with heat if there is a price.
    ///
    /// - Complexity: O(nodes + edges), times the depth of the modules if it must be folded.
    public init(graph: Graph, profile: Profile? = nil, options: Options = Options()) {
        let selection = Selection(Model(graph, profile), expanded: options.expanded)
        let folding = Folding([selection], options)
        let panel = PanelBuilder(selection, folding: folding, heading: nil, idPrefix: "n").build()
        self.init(models: [selection.model], panels: [panel], folding: folding)
    }

    /// A drawing of two graphs side by side on one scale. In the second, nodes that the first has not, or has
    /// otherwise, are outlined; in the first, nodes that the second has not.
    ///
    /// - Parameter partners: for each node of the graph after, the node of the graph before that it is; nil for those of one
    ///   operator and name.
    package static func comparison(
        before: Model, after: Model, partners: [Int?]? = nil, options: Options = Options()
    ) -> Drawing {
        let partners = partners ?? Changes.namesakes(before: before.graph, after: after.graph)
        let changes = Changes(before: before.graph, after: after.graph, partners: partners)
        let former = Selection(before, changes: changes.before, expanded: options.expanded)
        let latter = Selection(after, changes: changes.after, expanded: options.expanded)
        let folding = Folding([former, latter], options)
        let panels = [
            PanelBuilder(former, folding: folding, heading: "before", idPrefix: "b").build(),
            PanelBuilder(latter, folding: folding, heading: "after", idPrefix: "a").build(),
        ]
        return Drawing(models: [before, after], panels: panels, folding: folding)
    }

    /// A drawing of what is different between two graphs: both as one, with lost, new and changed operators outlined and
    /// lines that only one of them has. Modules in which nothing changed are one box each, unless the options expand them.
    ///
    /// - Parameter partners: as in ``comparison(before:after:partners:options:)``.
    package static func difference(
        before: Model, after: Model, partners: [Int?]? = nil, options: Options = Options()
    ) -> Drawing {
        let partners = partners ?? Changes.namesakes(before: before.graph, after: after.graph)
        let changes = Changes(before: before.graph, after: after.graph, partners: partners)
        let both = DifferenceGraph(before: before, after: after, partners: partners, changes: changes)
        let selection = Selection(both.model, changes: both.changes, expanded: options.expanded)
        let folding = Folding([selection], options, foldsUnchanged: true)
        var panel = PanelBuilder(selection, folding: folding, difference: both, heading: nil, idPrefix: "n").build()
        panel.total = before.profile?.total
        for index in panel.nodes.indices { both.placeMembers(of: &panel.nodes[index]) }
        var drawing = Drawing(models: [before, after], panels: [panel], folding: folding)
        if both.changes.allSatisfy({ $0 == .none }) {
            drawing.notes.insert("Both graphs have the same operators.", at: 0)
        }
        drawing.summaries = [("before", before), ("after", after)].map { heading, model in
            Summary(heading: heading, operatorCount: model.graph.nodes.count, total: model.profile?.total)
        }
        return drawing
    }

    /// The graphs of a comparison each in a drawing of its own, still on the common scale and with changes outlined.
    package var separated: [Drawing] {
        panels.map { panel in
            var drawing = self
            drawing.panels = [panel]
            return drawing
        }
    }

    private init(models: [Model], panels: [Panel], folding: Folding) {
        let profiles = models.compactMap(\.profile)
        let names = [profiles.first?.model ?? "", models.first?.graph.name ?? "", "graph"]
        title = names.first { !$0.isEmpty } ?? ""
        framework = profiles.first.map { Drawing.phrase($0.framework) }
        configuration = profiles.first.map { Drawing.lines($0.framework.configuration) }?.joined(separator: "\n") ?? ""
        self.panels = panels
        summaries = panels.map { Summary(heading: $0.heading, operatorCount: $0.operatorCount, total: $0.total) }
        scale = HeatScale(
            maximum: panels.flatMap(\.nodes).compactMap { $0.cost?.online.bytes }.max() ?? 0,
            whole: profiles.map { $0.total.online.bytes }.max() ?? 0)
        notes = folding.notes
        for panel in panels where panel.unpricedCount > 0 {
            let place = panel.heading.map { " (\($0))" } ?? ""
            let count = panel.unpricedCount
            let (has, counts) = count == 1 ? ("operator has", "counts") : ("operators have", "count")
            notes.append("\(ByteFormat.count(count)) \(has) no price and \(counts) as nothing in the sums\(place).")
        }
        for panel in panels { notes += panel.notes }
    }

    /// The framework with the settings that are not its defaults.
    private static func phrase(_ info: FrameworkInfo) -> String {
        let defaults = Dictionary(info.configurationKeys.map { ($0.name, $0.defaultValue) }) { first, _ in first }
        let settings = info.configuration.filter { defaults[$0.key] != $0.value }
        return (["\(info.title) \(info.version), \(info.parties) parties"] + lines(settings)).joined(separator: ", ")
    }

    private static func lines(_ settings: [String: String]) -> [String] {
        settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }
}
