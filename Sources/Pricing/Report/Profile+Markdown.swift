import IR

extension Profile {
    /// The profile as a table in Markdown, for papers and issues: the totals, then the dearest operators.
    ///
    /// - Parameters:
    ///   - network: what times are for.
    ///   - limit: the most operators; nil for all of them.
    public func markdown(network: Network, limit: Int?) -> String {
        var text = "## \(Self.cell(model)) under \(Self.cell("\(framework.title) \(framework.version)"))\n\n"
        text += "| | bytes | rounds | time on \(network) |\n|---|---:|---:|---:|\n"
        for (name, traffic) in [("online", total.online), ("offline", total.offline)] {
            text += "| \(name) | \(ByteFormat.bytes(traffic.bytes)) | \(ByteFormat.count(traffic.rounds)) |"
            text += " \(DurationFormat.seconds(network.seconds(traffic))) |\n"
        }
        let priced = entries.filter { $0.cost != .zero }.enumerated().sorted { left, right in
            let bytes = (left.element.cost.online.bytes, right.element.cost.online.bytes)
            return bytes.0 == bytes.1 ? left.offset < right.offset : bytes.0 > bytes.1
        }.map(\.element)
        text += "\n| node | operator | online bytes | share | rounds |\n|---|---|---:|---:|---:|\n"
        for entry in priced.prefix(limit ?? priced.count) {
            let share = ByteFormat.share(entry.cost.online.bytes, of: total.online.bytes) ?? ""
            text +=
                "| \(Self.cell(entry.name)) | \(Self.cell(entry.op.description)) | \(ByteFormat.bytes(entry.cost.online.bytes)) | \(share) |"
            text += " \(ByteFormat.count(entry.cost.online.rounds)) |\n"
        }
        if let limit, priced.count > limit { text += "\nThe \(limit) dearest of \(priced.count) operators.\n" }
        for (reason, count) in unpricedReasons { text += "\nWithout a price: \(count) × \(Self.cell(reason)).\n" }
        return text
    }

    /// A text that a cell of a table shows as it is.
    private static func cell(_ text: String) -> String {
        var result = ""
        for character in text.printable {
            switch character {
            case "\\", "`", "*", "_", "[", "]", "|", "~", "$": result += "\\\(character)"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            default: result.append(character)
            }
        }
        return result
    }
}
