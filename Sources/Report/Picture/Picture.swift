import IR
import Render

/// Drawings of one graph at several levels of detail, from whole modules down to operators.
package struct Picture: Sendable {
    /// One level.
    package struct Level: Sendable {
        /// What the page calls it: "modules", "depth 2", "operators".
        package var title: String
        /// What is drawn.
        package var drawing: Drawing

        /// A level of the given drawing.
        package init(title: String, drawing: Drawing) {
            self.title = title
            self.drawing = drawing
        }
    }

    /// What the page calls it: "before", "after", a variant's name.
    package var title: String
    /// The run whose operators are drawn, by position; nil if none of the page's runs is.
    package var run: Int?
    /// The run whose operators a drawing of a difference shows as lost, by position.
    package var lostRun: Int?
    /// The levels, the coarsest first.
    package var levels: [Level]

    /// A picture with the given parts.
    package init(title: String, run: Int?, lostRun: Int? = nil, levels: [Level]) {
        self.title = title
        self.run = run
        self.lostRun = lostRun
        self.levels = levels
    }

    /// The picture of one graph.
    package init(_ model: Drawing.Model, title: String, run: Int?) {
        let levels = Self.levels([model]) { [Drawing(graph: model.graph, profile: model.profile, options: $0)] }
        self.init(title: title, run: run, levels: levels[0])
    }

    /// The pictures of two graphs on one scale of colours, with what is new, changed and gone outlined, and of their difference. The
    /// graphs are runs 0 and 1.
    ///
    /// - Parameter partners: as in ``Drawing/comparison(before:after:partners:options:)``.
    package static func comparison(
        before: Drawing.Model, after: Drawing.Model, partners: [Int?]? = nil
    ) -> [Picture] {
        let sides = levels([before, after]) {
            Drawing.comparison(before: before, after: after, partners: partners, options: $0).separated
        }
        let difference = levels([before, after]) {
            [Drawing.difference(before: before, after: after, partners: partners, options: $0)]
        }
        return [
            Picture(title: "before", run: 0, levels: sides[0]), Picture(title: "after", run: 1, levels: sides[1]),
            Picture(title: "difference", run: 1, lostRun: 0, levels: difference[0]),
        ]
    }

    /// A picture of what a change made of a graph, at one level: the finest that can be taken in at a glance. Colours are on the
    /// scale of both graphs, and what is new or changed is outlined.
    package static func change(from original: Drawing.Model, to changed: Drawing.Model, title: String) -> Picture {
        let levels = levels([original, changed]) {
            [Drawing.comparison(before: original, after: changed, options: $0).separated[1]]
        }[0]
        let level = levels.last { $0.drawing.panels[0].nodes.count <= glanceLimit } ?? levels[0]
        return Picture(title: title, run: nil, levels: [level])
    }

    /// The drawings at each level, for each drawing that is made. Levels that draw the same as the one before are left out.
    private static func levels(
        _ models: [Drawing.Model], _ draw: (Drawing.Options) -> [Drawing]
    ) -> [[Level]] {
        let deepest = models.flatMap { $0.graph.nodes.map(\.scope.path.count) }.max() ?? 0
        let depths: [Int?] = deepest == 0 ? [nil] : (1...min(deepest, deepestLevel)).map { $0 } + [nil]
        var result: [[Level]] = []
        var previous: [[Drawing.Node]] = []
        for depth in depths {
            let drawings = draw(Drawing.Options(depth: depth))
            let boxes = drawings.flatMap { $0.panels.map(\.nodes) }
            guard result.isEmpty || boxes != previous && boxes.allSatisfy({ $0.count <= boxLimit }) else { continue }
            previous = boxes
            let title = depth.map { $0 == 1 ? "modules" : "\($0) levels" } ?? "operators"
            let levels = drawings.map { Level(title: title, drawing: $0) }
            result = result.isEmpty ? levels.map { [$0] } : zip(result, levels).map { $0 + [$1] }
        }
        return result
    }

    /// Boxes that can be taken in at a glance.
    private static let glanceLimit = 60
    /// Deeper levels than this are left to the drawing of all operators.
    private static let deepestLevel = 3
    /// Levels with more boxes than this are left out: nobody finds anything in them, and they make the page heavy.
    private static let boxLimit = 1200
}
