import IR
import Pricing
import Render

/// What the scripts know of a drawing: what each box stands for. The drawing itself is in the page.
struct PictureDocument: Encodable {
    struct Level: Encodable {
        var title: String
        /// The id of the element that holds the drawing.
        var element: String
        var boxes: [Box]
        var notes: [String]
        /// The most bytes that still have the colour of each step of the scale.
        var scale: [Int]
    }

    struct Box: Encodable {
        /// The id of the box in the drawing.
        var id: String
        var kind: String
        var title: String
        var name: String
        var shape: String
        /// The operators that it stands for, as positions in the graph.
        var members: [Int]
        /// Operators of the run that lost them.
        var lost: [Int]
        var cost: [Int]?
        var copies: Int
        var change: String
        /// The boxes that it reads from.
        var from: [String]
    }

    var title: String
    var run: Int?
    var lostRun: Int?
    var levels: [Level]

    /// - Parameter prefix: what makes ids unique in the page.
    init(_ picture: Picture, prefix: String) {
        title = picture.title
        (run, lostRun) = (picture.run, picture.lostRun)
        levels = picture.levels.enumerated().map { position, level in
            let element = "\(prefix)-\(position)"
            return Level(
                title: level.title, element: element,
                boxes: level.drawing.panels.flatMap { Self.boxes($0, prefix: element) }, notes: level.drawing.notes,
                scale: (1...HeatScale.stepCount).map { level.drawing.scale.upperBound(ofStep: $0) })
        }
    }

    /// Inputs, outputs, operators and modules. Junctions are passed through.
    private static func boxes(_ panel: Drawing.Panel, prefix: String) -> [Box] {
        var sources = [[Int]](repeating: [], count: panel.nodes.count)
        for edge in panel.edges { sources[edge.to].append(edge.from) }
        func origins(_ position: Int) -> [Int] {
            sources[position].flatMap { panel.nodes[$0].kind == .junction ? origins($0) : [$0] }
        }
        return panel.nodes.enumerated().compactMap { position, node in
            guard let kind = node.kind.word else { return nil }
            return Box(
                id: "\(prefix)-\(node.id)", kind: kind, title: node.title, name: node.name, shape: node.shape,
                members: node.members, lost: node.lostMembers, cost: node.cost?.figures, copies: node.copies,
                change: node.change.phrase,
                from: origins(position).map { "\(prefix)-\(panel.nodes[$0].id)" })
        }
    }
}

extension Drawing.Node.Kind {
    /// A word for scripts; nil for what is no box.
    fileprivate var word: String? {
        switch self {
        case .operator: "operator"
        case .module: "module"
        case .input: "input"
        case .output: "output"
        case .junction: nil
        }
    }
}

extension Drawing.Change {
    /// What happened, for people; empty if nothing did.
    fileprivate var phrase: String {
        switch self {
        case .none: return ""
        case .added(let rule): return rule.map { "new, made by \($0)" } ?? "new"
        case .changed(let rule): return rule.map { "changed by \($0)" } ?? "changed"
        case .removed: return "lost"
        case .inside(let added, let changed, let removed):
            return [(added, "new"), (changed, "changed"), (removed, "lost")].filter { $0.0 > 0 }
                .map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        }
    }
}
