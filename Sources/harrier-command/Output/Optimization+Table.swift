import Foundation
import Harrier

extension Optimization {
    /// The report as text, which also says where the model was written.
    func table(_ style: Style, output: String?) -> String {
        let (info, found) = (framework.info, result.portable)
        var text = style.bold("\(original.name.printable) under \(info.title) \(info.version)")
        text += ", \(info.parties) parties, objective \(options.search.objective.name)\n\n"
        text += incompleteness(style) + totals(style) + "\n"
        text += found.rewrites.isEmpty ? "No rule makes it cheaper.\n" : ruleTable(style)
        text += protocolLevelTable(style)
        text += "\n" + verdict(style) + (fixedPoint?.text(style) ?? "")
        text += "Searched \(found.states) graphs in \(DurationFormat.seconds(found.seconds))."
        if let output, check.status != .failed { text += " Written to \(output)." }
        return text + "\n" + ExplanationTable(explanations: explanations).render(style)
    }

    /// What the totals lack; empty if nothing.
    private func incompleteness(_ style: Style) -> String {
        if unpriced.isEmpty && unpricedAfter.isEmpty { return "" }
        func count(_ nodes: [Profile.UnpricedEntry]) -> String { nodes.count == 1 ? "1 node" : "\(nodes.count) nodes" }
        let operators = Set((unpriced + unpricedAfter).map { $0.op.description }).sorted().joined(separator: ", ")
        let both = isComparable ? "" : " before, \(unpricedAfter.count) after"
        return style.yellow("At least") + ": \(count(unpriced)) without a price\(both) (\(operators.printable))\n"
    }

    /// Whether the same is left out of the costs before and after.
    private var isComparable: Bool {
        unpriced.map(\.op.description).sorted() == unpricedAfter.map(\.op.description).sorted()
    }

    /// What a figure became less: a share of a whole, the difference beside nodes without a price, or nothing where different nodes have none.
    private func saved(_ before: Int, _ after: Int, _ format: (Int) -> String) -> String {
        guard before != 0, isComparable else { return "" }
        guard unpriced.isEmpty else { return before > after ? format(before - after) : "" }
        return ByteFormat.share(before - after, of: before) ?? ""
    }

    private func totals(_ style: Style) -> String {
        let hasProtocolLevel = result.protocolLevel != nil
        var columns: [TextTable.Column] = [.left(""), .right("before")]
        if hasProtocolLevel { columns.append(.right("after portable rewrites")) }
        columns += [.right(hasProtocolLevel ? "with the runtime's help" : "after"), .right("saved")]
        var table = TextTable(columns)
        let (before, portable, after) = (before, result.portable.after, after)
        func row(_ name: String, _ cells: [String], _ saved: String) {
            table.add([name, cells[0]] + (hasProtocolLevel ? [cells[1]] : []) + [cells[2], saved])
        }
        func add(_ name: String, _ figure: (Cost) -> Int, _ format: (Int) -> String) {
            row(
                name, [before, portable, after].map { format(figure($0)) },
                saved(figure(before), figure(after), format))
        }
        add("online bytes", \.online.bytes, ByteFormat.bytes)
        add("online rounds", \.online.rounds, ByteFormat.count)
        if before.offline != .zero || after.offline != .zero {
            add("offline bytes", \.offline.bytes, ByteFormat.bytes)
            add("offline rounds", \.offline.rounds, ByteFormat.count)
        }
        let network = options.network
        let times = [before, portable, after].map { network.seconds($0.online) }
        row(
            "online time on \(network)", times.map(DurationFormat.seconds),
            times[0] == 0 || !unpriced.isEmpty || !isComparable
                ? "" : String(format: "%.1f %%", (1 - times[2] / times[0]) * 100))
        return table.render(style)
    }

    private func ruleTable(_ style: Style) -> String {
        var table = TextTable([.right("times"), .right("bytes saved"), .right("rounds saved"), .left("rule")])
        for use in result.portable.rewrites.uses {
            table.add([
                "\(use.times)", ByteFormat.bytes(use.saved.bytes), ByteFormat.count(use.saved.rounds), use.rule,
            ])
        }
        return table.render(style)
    }

    private func verdict(_ style: Style) -> String {
        let samples = "\(check.samples) random \(check.samples == 1 ? "input" : "inputs")"
        let weights = check.randomParameters == 0 ? "" : ", \(check.randomParameters) missing weights drawn at random"
        switch check.status {
        case .passed:
            return style.green("Checked") + ": the outputs agree to \(shortScientific(check.maxRelativeError))"
                + " on \(samples)\(weights).\n"
        case .failed: return style.red("Failed") + ": \((check.why ?? "the outputs differ").printable).\n"
        case .skipped: return style.yellow("Not checked") + ": \((check.why ?? "").printable).\n"
        }
    }
}

extension [AppliedRewrite] {
    /// What each rule did, in the order of first use: how often it was used, and what that saved online and offline.
    var uses: [(rule: String, times: Int, saved: Traffic)] {
        var order: [String] = []
        var sums: [String: (times: Int, saved: Cost)] = [:]
        for rewrite in self {
            if sums[rewrite.rule] == nil { order.append(rewrite.rule) }
            let sum = sums[rewrite.rule] ?? (0, .zero)
            sums[rewrite.rule] = (sum.times + 1, sum.saved + rewrite.saved)
        }
        return order.compactMap { rule in
            sums[rule].map { (rule, $0.times, $0.saved.online + $0.saved.offline) }
        }
    }
}
