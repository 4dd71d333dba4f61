import Harrier

/// What has no price, by what it is and why, with the names of the first few.
struct UnpricedList {
    /// What something is and why it has no price, and its name.
    let entries: [(what: String, name: String)]
    /// Whether every name is shown.
    let showsAll: Bool
    let style: Style

    /// The list; nothing if everything has a price.
    func render() -> String {
        guard !entries.isEmpty else { return "" }
        let title = "\(entries.count) \(entries.count == 1 ? "operator has" : "operators have") no price:"
        var text = "\n" + style.yellow(title) + "\n"
        for (what, names) in grouped {
            let shown = showsAll ? names[...] : names.prefix(Self.namesShown)
            text += "  \(names.count) × \(what.printable.shortened)\n"
            text += shown.map { "      \($0.printable.shortened)\n" }.joined()
            if shown.count < names.count {
                text += "      and \(names.count - shown.count) more; --all names them all\n"
            }
        }
        return text
    }

    /// Names by what they are, in order of appearance.
    private var grouped: [(String, [String])] {
        var order: [String] = []
        var groups: [String: [String]] = [:]
        for entry in entries {
            if groups[entry.what] == nil { order.append(entry.what) }
            groups[entry.what, default: []].append(entry.name)
        }
        return order.map { ($0, groups[$0] ?? []) }
    }

    private static let namesShown = 3
}
