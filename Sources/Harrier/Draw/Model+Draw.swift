/// What of two models is drawn.
public enum DrawingView: String, CaseIterable, Sendable {
    /// Both, side by side.
    case both
    /// The first one, coloured on the scale of both.
    case before
    /// The second one, coloured on the scale of both.
    case after
    /// Both as one, with lost, new and changed operators.
    case difference
}

extension Model {
    /// Draws the model into a file, coloured by what its operators cost.
    ///
    /// - Parameters:
    ///   - path: the picture; its extension (`.svg`, `.png`, `.pdf`, `.dot`) says the format.
    ///   - framework: who prices the model; nil for a drawing without colours.
    ///   - visibility: as ``profile(under:visibility:)`` takes it.
    ///   - other: a model to be drawn beside it, on one scale of colours.
    ///   - view: what of the two is drawn.
    ///   - options: how deep the drawing goes.
    /// - Throws: an error if a model cannot be priced, or the file cannot be written.
    public func draw(
        to path: String, under framework: (any Framework)? = nil, visibility: [String: Visibility] = [:],
        beside other: Model? = nil, view: DrawingView = .both, options: Drawing.Options = Drawing.Options()
    ) throws(HarrierError) {
        let first = try priced(under: framework, visibility)
        let second: Drawing.Model? = try other?.priced(under: framework, visibility)
        try telling {
            let drawing =
                if let second {
                    Drawing.comparison(of: first, with: second, view, options)
                } else {
                    Drawing(graph: first.graph, profile: first.profile, options: options)
                }
            try drawing.write(to: path)
        }
    }

    private func priced(
        under framework: (any Framework)?, _ visibility: [String: Visibility]
    ) throws(HarrierError) -> Drawing.Model {
        guard let framework else { return Drawing.Model(graph) }
        return Drawing.Model(graph, try profile(under: framework, visibility: visibility))
    }
}

extension Drawing {
    /// A drawing of two models, whose nodes are put beside each other by what they compute.
    fileprivate static func comparison(
        of before: Drawing.Model, with after: Drawing.Model, _ view: DrawingView, _ options: Options
    ) -> Drawing {
        let partners = GraphDifference(before.graph, after.graph).partners
        if view == .difference {
            return .difference(before: before, after: after, partners: partners, options: options)
        }
        let both = comparison(before: before, after: after, partners: partners, options: options)
        return view == .both ? both : both.separated[view == .before ? 0 : 1]
    }
}
