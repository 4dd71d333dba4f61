import Harrier

/// A training profile as people read it on a terminal.
struct TrainingTable {
    let profile: TrainingProfile
    let subject: TrainingDocument.Subject
    /// Whose gradients these are, in a phrase.
    let gradients: String
    let network: Network
    /// The most rows; nil for all of them.
    let limit: Int?
    let style: Style

    /// The whole report.
    func render() -> String {
        heading + "\n" + phases + "\n" + layers + unpriced
    }

    private var heading: String {
        let info = profile.framework
        let what = "\(subject.model.printable) trained under \(info.title) \(info.version)"
        return style.bold(what)
            + ", \(info.parties) parties: \(subject.loss), \(subject.optimizer), batch of \(subject.batch)\n"
            + style.dim("Gradients: \(gradients).") + "\n"
    }

    private var phases: String {
        let total = profile.total
        let showsOffline = total.offline != .zero
        var columns: [TextTable.Column] = [
            .left(""), .right("bytes"), .right("share"), .right("rounds"), .right("time on \(network)"),
        ]
        if showsOffline { columns += [.right("offline bytes"), .right("offline rounds")] }
        var table = TextTable(columns)
        func add(_ name: String, _ cost: Cost) {
            var cells = [
                name, ByteFormat.bytes(cost.online.bytes),
                ByteFormat.share(cost.online.bytes, of: total.online.bytes) ?? "",
                ByteFormat.count(cost.online.rounds), DurationFormat.seconds(network.seconds(cost.online)),
            ]
            if showsOffline {
                cells += [ByteFormat.bytes(cost.offline.bytes), ByteFormat.count(cost.offline.rounds)]
            }
            table.add(cells)
        }
        for phase in Phase.allCases { add(phase.rawValue, profile.cost(of: phase)) }
        add("total", total)
        return table.render(style)
    }

    private var layers: String {
        let total = profile.total.online.bytes
        let all = profile.layers.filter { $0.total != .zero }.enumerated().sorted { left, right in
            let times = (network.seconds(left.element.total.online), network.seconds(right.element.total.online))
            return times.0 == times.1 ? left.offset < right.offset : times.0 > times.1
        }.map(\.element)
        let shown = all.prefix(limit ?? all.count)
        let phases = Phase.allCases
        var table = TextTable(
            phases.map { .right($0.rawValue) } + [.right("share"), .right("rounds"), .left("operator"), .left("layer")])
        for layer in shown {
            table.add(
                phases.map { layer.costs[$0].map { ByteFormat.bytes($0.online.bytes) } ?? "" } + [
                    ByteFormat.share(layer.total.online.bytes, of: total) ?? "",
                    ByteFormat.count(layer.total.online.rounds), "\(layer.op)", layer.name,
                ])
        }
        var text = table.render(style)
        if shown.count < all.count {
            text += style.dim("The \(shown.count) dearest of \(all.count) layers; --all shows them all.") + "\n"
        }
        return text
    }

    private var unpriced: String {
        UnpricedList(
            entries: profile.unpriced.map { ("\($0.phase.rawValue) of \($0.op): \($0.reason)", $0.name) },
            showsAll: limit == nil, style: style
        ).render()
    }
}
