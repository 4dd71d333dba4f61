import Harrier

/// A profile as people read it on a terminal.
struct ProfileTable {
    let profile: Profile
    /// The graph that was priced, for what nodes without a name are called.
    let graph: Graph
    let network: Network
    /// Group rows by modules this deep; nil for a row an operator.
    let depth: Int?
    /// The most rows; nil for all of them.
    let limit: Int?
    let style: Style

    /// One line of the table: an operator, or what a module costs.
    private struct Row {
        var label: String
        var kind: String
        var cost: Cost
        var count = 1
    }

    /// The whole report.
    func render() -> String {
        var text = heading + "\n" + totals + "\n" + hottest
        text += legend
        return text + unpriced
    }

    private var heading: String {
        let info = profile.framework
        let configuration = info.configuration.sorted { $0.key < $1.key }
            .filter { setting in
                !info.configurationKeys.contains { $0.name == setting.key && $0.defaultValue == setting.value }
            }
            .map { ", \($0.key)=\($0.value)" }.joined()
        return style.bold("\(profile.model.printable) under \(info.title) \(info.version)")
            + ", \(info.parties) parties\(configuration)\n"
    }

    private var totals: String {
        var table = TextTable([.left(""), .right("bytes"), .right("rounds"), .right("time on \(network)")])
        func add(_ name: String, _ traffic: Traffic) {
            table.add([
                name, ByteFormat.bytes(traffic.bytes), ByteFormat.count(traffic.rounds),
                DurationFormat.seconds(network.seconds(traffic)),
            ])
        }
        let total = profile.total
        let least = graph.openDimensionNames().isEmpty ? "" : ", at least"
        add("online\(least)", total.online)
        add("offline\(least)", total.offline)
        let ends = profile.inputOutput.online + profile.inputOutput.offline
        if ends != .zero { add("inputs and outputs (not in the totals)", ends) }
        let setup = profile.setup.online + profile.setup.offline
        if setup != .zero { add("set-up, once a session (not in the totals)", setup) }
        var text = table.render(style)
        if profile.criticalPathRounds < total.online.rounds {
            text += "With independent operators batched, \(ByteFormat.rounds(profile.criticalPathRounds)) would do.\n"
        }
        return text
    }

    private var rows: [Row] {
        guard let depth else {
            return profile.entries.filter { $0.cost != .zero }.map { entry in
                let mark = marks.first { $0.key == entry.price.basis }?.value.sign ?? ""
                let label = entry.name.isEmpty ? graph.label(ofNode: entry.index) : entry.name
                return Row(label: label, kind: "\(entry.op)\(mark)", cost: entry.cost)
            }
        }
        var order: [Scope] = []
        var modules: [Scope: Row] = [:]
        for entry in profile.entries {
            let scope = entry.scope.prefix(depth)
            if modules[scope] == nil { order.append(scope) }
            let label = scope.path.isEmpty ? "(in no module)" : scope.description
            var row = modules[scope] ?? Row(label: label, kind: "", cost: .zero, count: 0)
            row.cost = row.cost + entry.cost
            row.count += 1
            modules[scope] = row
        }
        return order.compactMap { modules[$0] }.map { row in
            Row(label: row.label, kind: "\(row.count)", cost: row.cost, count: row.count)
        }
    }

    private var hottest: String {
        let total = profile.total
        let all = rows.enumerated().sorted { left, right in
            let times = (network.seconds(left.element.cost.online), network.seconds(right.element.cost.online))
            return times.0 == times.1 ? left.offset < right.offset : times.0 > times.1
        }.map(\.element)
        let shown = all.prefix(limit ?? all.count)
        let showsOffline = total.offline != .zero
        var columns: [TextTable.Column] = [.right("online"), .right("share"), .right("rounds"), .right("time")]
        if showsOffline { columns.append(.right("offline")) }
        columns.append(depth == nil ? .left("operator") : .right("operators"))
        columns.append(.left(depth == nil ? "node" : "module"))
        var table = TextTable(columns)
        for row in shown {
            var cells = [
                ByteFormat.bytes(row.cost.online.bytes),
                ByteFormat.share(row.cost.online.bytes, of: total.online.bytes) ?? "",
                ByteFormat.count(row.cost.online.rounds), DurationFormat.seconds(network.seconds(row.cost.online)),
            ]
            if showsOffline { cells.append(ByteFormat.bytes(row.cost.offline.bytes)) }
            table.add(cells + [row.kind, row.label])
        }
        var text = table.render(style)
        if shown.count < all.count {
            let what = depth == nil ? "operators" : "modules"
            text += style.dim("The \(shown.count) dearest of \(all.count) \(what); --all shows them all.") + "\n"
        }
        return text
    }

    /// Signs behind operators that the framework has not, and what their prices are.
    private var marks: KeyValuePairs<OperatorPrice.Basis, (sign: String, meaning: String)> {
        [
            .functionBody: ("*", "the price of its ONNX function body"),
            .composed: ("+", "the price of protocols that it has, put together"),
        ]
    }

    /// The signs that stand in the table, with what they mean.
    private var legend: String {
        guard depth == nil else { return "" }
        return marks.filter { mark in profile.entries.contains { $0.price.basis == mark.key } }.map {
            "\($0.value.sign) not an operator of \(profile.framework.title): \($0.value.meaning)\n"
        }.joined()
    }

    private var unpriced: String {
        UnpricedList(
            entries: profile.unpriced.map { ("\($0.op): \($0.reason)", $0.name) }, showsAll: limit == nil, style: style
        ).render()
    }
}
