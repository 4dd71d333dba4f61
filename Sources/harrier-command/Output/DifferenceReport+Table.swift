import Harrier

extension DifferenceReport {
    private var difference: GraphDifference { comparison.difference }

    /// The report as text.
    func table(_ style: Style) -> String {
        var text = operators(style) + "\n" + changes(style)
        if !comparison.places.isEmpty { text += "\n" + places(style) }
        return text + "\n" + verdict(style)
    }

    /// Where the models part, and why: what `harrier verify` adds to a failure.
    func places(_ style: Style) -> String {
        var text = style.bold("Where the values part") + "\n"
        for place in comparison.places {
            let error =
                place.maxRelativeError.isFinite
                ? "differs by \(shortScientific(place.maxRelativeError))" : "has another shape"
            text += "  \(place.op) '\(place.node.printable)' \(error)\n"
            for cause in place.causes { text += "    \(style.red(difference.changes[cause].text.printable))\n" }
            if place.causes.isEmpty { text += "    the structure is the same here: other numbers\n" }
        }
        if comparison.isCutShort { text += "  There may be more places.\n" }
        return text
    }

    private func operators(_ style: Style) -> String {
        var table = TextTable([
            .left("operator"), .right("before"), .right("after"), .right("elements before"), .right("elements after"),
        ])
        for count in difference.operatorCounts {
            table.add([
                "\(count.op)", "\(count.before)", "\(count.after)", ByteFormat.count(count.elementsBefore),
                ByteFormat.count(count.elementsAfter),
            ])
        }
        return table.render(style)
    }

    private func changes(_ style: Style) -> String {
        let shown = difference.changes.filter { !$0.isOnConstants }
        let hidden = difference.changes.count - shown.count
        if shown.isEmpty && hidden == 0 { return "All \(difference.alignedNodes) nodes are the same.\n" }
        var text = "\(difference.alignedNodes) nodes are the same or changed; \(shown.count) differences\n"
        for change in shown { text += "  \(change.text.printable)\n" }
        if hidden > 0 { text += "  and \(hidden) of nodes that compute on constants only\n" }
        return text
    }

    private func verdict(_ style: Style) -> String {
        let check = comparison.check
        let samples = "\(check.samples) random \(check.samples == 1 ? "input" : "inputs")"
        switch comparison.verdict {
        case .equalStructure:
            return style.green("Equal structure") + ": and the outputs agree on \(samples).\n"
        case .equalNumerically:
            return style.green("Equal numerically")
                + ": the outputs agree to \(shortScientific(check.maxRelativeError)) on \(samples).\n"
        case .differsNumerically:
            return style.red("Differs numerically") + ": \(check.why?.printable ?? "the outputs differ").\n"
        case .notCompared:
            return style.yellow("Not compared") + ": \(check.why?.printable ?? "the models cannot run").\n"
        }
    }
}
