@testable import Frameworks
import Pricing
import Testing

@Suite struct CrypTenTests {
    /// CrypTen as a row ran it.
    static func framework(of row: Measurement) throws -> CrypTen {
        var configuration = ["provider": row.string("provider")]
        for (key, value) in row.part("attrs").part("config").fields { configuration[key] = "\(value)" }
        if configuration["mpc.active_security"] != nil { configuration["mpc.active_security"] = "true" }
        let method = row.part("attrs").string("method")
        if ["sigmoid", "tanh"].contains(row.string("op")), !method.isEmpty {
            configuration["functions.sigmoid_tanh_method"] = method
        } else if !method.isEmpty {
            configuration["functions.max_method"] = method
        }
        return try CrypTen(parties: row.parties, configuration: configuration)
    }

    /// Every measured operator, with two parties (both providers) and three: online and offline bytes and rounds.
    @Test func operatorRows() throws {
        var table = ErrorTable()
        var unpriced: [String] = []
        for row in try Measurement.rows("crypten_ops.json") {
            let crypten = try Self.framework(of: row)
            let label =
                "\(row.string("op")) \(row.part("shapes").fields) \(row.part("attrs").fields)"
                + " parties \(row.parties) \(row.string("provider"))"
            guard let call = CrypTenRow(row: row, f: crypten.functions).call() else {
                unpriced.append(label)
                continue
            }
            table.add(
                "\(row.parties) parties, \(row.string("provider"))", label,
                expected: row.cost(parties: row.parties, provider: row.string("provider")),
                found: call.total)
        }
        print(table.description)
        #expect(table.rows > 900)
        #expect(unpriced.isEmpty, "\(unpriced.joined(separator: "\n"))")
        #expect(table.mismatches.isEmpty, "\(table.mismatches.joined(separator: "\n"))")
    }
}
