import Foundation
import Pricing
import TestSupport
import Testing

/// The texts that the program and the scripts of reports write; `Tests/JavaScript/formats.test.mjs` reads the same table.
private struct FormatTable: Decodable {
    /// A quantity and its text.
    struct Row<Quantity: Decodable>: Decodable {
        let quantity: Quantity
        let text: String

        init(from decoder: any Decoder) throws {
            var row = try decoder.unkeyedContainer()
            quantity = try row.decode(Quantity.self)
            text = try row.decode(String.self)
        }
    }

    let bytes: [Row<Int>]
    let count: [Row<Int>]
    let rounds: [Row<Int>]
    let share: [Row<[Int]>]
    let seconds: [Row<Double>]

    static func read() throws -> FormatTable {
        let file = URL(fileURLWithPath: try Fixtures.path("formats.json"))
        return try JSONDecoder().decode(FormatTable.self, from: Data(contentsOf: file))
    }
}

@Suite("quantities as people read them")
struct ByteFormatTests {
    @Test("as the table that is shared with reports has them")
    func sharedTable() throws {
        let table = try FormatTable.read()
        #expect(table.bytes.count > 20 && table.seconds.count > 30)
        for row in table.bytes { #expect(ByteFormat.bytes(row.quantity) == row.text) }
        for row in table.count { #expect(ByteFormat.count(row.quantity) == row.text) }
        for row in table.rounds { #expect(ByteFormat.rounds(row.quantity) == row.text) }
        for row in table.share {
            #expect(ByteFormat.share(row.quantity[0], of: row.quantity[1]) ?? "" == row.text, "\(row.quantity)")
        }
        for row in table.seconds { #expect(DurationFormat.seconds(row.quantity) == row.text, "\(row.quantity)") }
    }

    @Test("numbers that JavaScript does not have")
    func extremes() {
        #expect(ByteFormat.bytes(.max) == "9.22 EB")
        #expect(ByteFormat.bytes(.min) == "-9.22 EB")
        #expect(ByteFormat.count(.min) == "-9,223,372,036,854,775,808")
    }

    @Test("a share of nothing is not a number, and what does not end has no duration")
    func undefined() {
        #expect(ByteFormat.share(1, of: 0) == nil)
        #expect(DurationFormat.seconds(.infinity) == "for ever")
        #expect(DurationFormat.seconds(.nan) == "for ever")
    }
}
