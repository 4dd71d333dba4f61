import IR

extension Profile {
    /// A line an operator: name, operator, module, costs, basis of the price; unpriced ones with the reason.
    ///
    /// Fields are quoted as RFC 4180 says. Control characters in names are escaped, and a name that a spreadsheet would take
    /// for a formula stands behind an apostrophe. (JSON has names as they are.)
    public var csv: String {
        var lines = ["name,op,scope,online_bytes,online_rounds,offline_bytes,offline_rounds,basis,reason"]
        for entry in entries {
            let (online, offline) = (entry.cost.online, entry.cost.offline)
            let figures = [online.bytes, online.rounds, offline.bytes, offline.rounds].map(\.description)
            lines.append(
                Self.line(
                    [entry.name, "\(entry.op)", "\(entry.scope)"].map(Self.text) + figures
                        + [entry.price.basis.rawValue, ""]))
        }
        for entry in unpriced {
            lines.append(
                Self.line(
                    [Self.text(entry.name), Self.text("\(entry.op)")] + Array(repeating: "", count: 6)
                        + [Self.text(entry.reason)]))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A text from a file as a field.
    private static func text(_ text: String) -> String {
        let isFormula = text.unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } ?? false
        return (isFormula ? "'" : "") + text.printable
    }

    private static func line(_ fields: [String]) -> String {
        fields.map { field in
            field.unicodeScalars.contains { $0 == "," || $0 == "\"" }
                ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
        }.joined(separator: ",")
    }
}
