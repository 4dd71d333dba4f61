import Harrier

/// Rows of text in aligned columns.
struct TextTable {
    /// Which side of its column a text keeps to.
    enum Alignment {
        case left
        case right
    }

    /// A column: its heading and alignment.
    struct Column {
        let heading: String
        let alignment: Alignment

        static func left(_ heading: String) -> Column { Column(heading: heading, alignment: .left) }
        static func right(_ heading: String) -> Column { Column(heading: heading, alignment: .right) }
    }

    /// Rows of a long table unless all are asked for.
    static let usualRows = 10

    private let columns: [Column]
    private var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row. Control characters in it are escaped, and texts that no terminal has room for are cut in the middle.
    mutating func add(_ cells: [String]) { rows.append(cells.map(\.printable.shortened)) }

    /// The table with a heading, two blanks between columns, and no blanks at line ends.
    func render(_ style: Style) -> String {
        let headings = columns.map(\.heading)
        let widths = columns.indices.map { column in
            ([headings] + rows).map { $0[column].terminalWidth }.max() ?? 0
        }
        func line(_ cells: [String]) -> String {
            let text = zip(zip(cells, columns), widths).map { pair, width in
                let padding = String(repeating: " ", count: width - pair.0.terminalWidth)
                return pair.1.alignment == .left ? pair.0 + padding : padding + pair.0
            }.joined(separator: "  ")
            return String(text.reversed().drop { $0 == " " }.reversed())
        }
        return ([style.dim(line(headings))] + rows.map(line)).map { $0 + "\n" }.joined()
    }
}
