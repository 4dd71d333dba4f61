@testable import Frameworks
import Pricing
import Testing

/// SEMI2K and ABY3 against every measured operator.
@Suite struct SPUOperatorTests {
    private func framework(_ row: SPURow) throws -> SPU? {
        switch row.row.string("protocol") {
        case "SEMI2K": try SPU.semi2k(parties: row.row.parties, configuration: row.configuration)
        case "ABY3": try SPU.aby3(configuration: row.configuration)
        default: nil
        }
    }

    @Test func measuredRows() throws {
        var table = ErrorTable()
        var skipped: [String: Int] = [:]
        var missing: [String] = []
        for row in try Measurement.rows("spu_ops.json").map(SPURow.init) {
            guard let framework = try framework(row) else {
                skipped[row.row.string("protocol"), default: 0] += 1
                continue
            }
            guard let measured = row.traffic else {
                // A run that lost its connection says nothing.
                guard row.row.string("error").hasPrefix("RuntimeError") else { continue }
                #expect(throws: Unpriced.self, "\(row.label)") { _ = try row.cost(framework) }
                continue
            }
            do {
                guard let cost = try row.cost(framework) else {
                    missing.append(row.label)
                    continue
                }
                let expected = Cost(
                    online: Traffic(bytes: measured.bytes, rounds: measured.rounds ?? cost.online.rounds))
                table.add("\(row.row.string("protocol")) \(row.op)", row.label, expected: expected, found: cost)
            } catch let error as Unpriced {
                missing.append("\(row.label): \(error.reason)")
            }
        }
        print(table.description, "\nskipped: \(skipped)")
        #expect(table.rows >= 467)
        #expect(table.mismatches.isEmpty, "\(table.mismatches.joined(separator: "\n"))")
        #expect(missing.isEmpty, "\(missing.joined(separator: "\n"))")
    }
}
