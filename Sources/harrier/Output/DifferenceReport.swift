import Evaluate
import IR
import Pricing
import Rewrite

/// The difference of two models, for people and for programs.
struct DifferenceReport {
    let first: String
    let second: String
    let comparison: GraphComparison

    private var difference: GraphDifference { comparison.difference }

    /// The report as JSON.
    func json() throws -> String {
        let culprits = Set(comparison.places.flatMap(\.causes))
        let document = Document(
            first: first, second: second, verdict: comparison.verdict.rawValue, why: comparison.check.why,
            maxRelativeError: comparison.check.maxRelativeError, alignedNodes: difference.alignedNodes,
            changes: difference.changes.enumerated().map { index, change in
                Change(
                    kind: change.kind.rawValue, op: "\(change.op)", node: change.node, text: change.text,
                    onConstants: change.isOnConstants, culprit: culprits.contains(index))
            },
            places: comparison.places.map {
                Place(node: $0.node, op: $0.op, maxRelativeError: $0.maxRelativeError, causes: $0.causes)
            },
            morePlaces: comparison.isCutShort,
            operators: difference.operatorCounts.map {
                Operator(
                    op: "\($0.op)", before: $0.before, after: $0.after, elementsBefore: $0.elementsBefore,
                    elementsAfter: $0.elementsAfter)
            })
        return String(decoding: try JSONOutput.encode(document), as: UTF8.self)
    }

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

extension DifferenceReport {
    private struct Document: Encodable {
        let first: String
        let second: String
        let verdict: String
        let why: String?
        let maxRelativeError: Double
        let alignedNodes: Int
        let changes: [Change]
        let places: [Place]
        let morePlaces: Bool
        let operators: [Operator]

        private enum CodingKeys: String, CodingKey {
            case first, second, verdict, why, changes, places, operators
            case maxRelativeError = "max_relative_error"
            case alignedNodes = "aligned_nodes"
            case morePlaces = "more_places"
        }
    }

    private struct Change: Encodable {
        let kind: String
        let op: String
        let node: String
        let text: String
        let onConstants: Bool
        let culprit: Bool

        private enum CodingKeys: String, CodingKey {
            case kind, op, node, text, culprit
            case onConstants = "on_constants"
        }
    }

    private struct Place: Encodable {
        let node: String
        let op: String
        let maxRelativeError: Double
        let causes: [Int]

        private enum CodingKeys: String, CodingKey {
            case node, op, causes
            case maxRelativeError = "max_relative_error"
        }
    }

    private struct Operator: Encodable {
        let op: String
        let before: Int
        let after: Int
        let elementsBefore: Int
        let elementsAfter: Int

        private enum CodingKeys: String, CodingKey {
            case op, before, after
            case elementsBefore = "elements_before"
            case elementsAfter = "elements_after"
        }
    }
}
