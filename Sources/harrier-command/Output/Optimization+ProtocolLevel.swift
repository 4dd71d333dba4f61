import Harrier

extension Optimization {
    /// The rewrites as a table, with what each needs of a runtime; empty if there are none.
    func protocolLevelTable(_ style: Style) -> String {
        guard let result = result.protocolLevel else { return "" }
        var table = TextTable([
            .right("times"), .right("bytes saved"), .right("rounds saved"), .left("rule"), .left("the runtime's part"),
        ])
        for use in result.rewrites.uses {
            table.add([
                "\(use.times)", ByteFormat.bytes(use.saved.bytes), ByteFormat.count(use.saved.rounds), use.rule,
                needs(ofRule: use.rule),
            ])
        }
        var text = "\nThe following needs the runtime's help (docs/PROTOCOL-LEVEL.md):\n" + table.render(style)
        if result.session != .zero {
            text += "A session opens weights once, outside the totals: "
            text += "\(ByteFormat.bytes(result.session.offline.bytes)).\n"
        }
        return text
    }
}
