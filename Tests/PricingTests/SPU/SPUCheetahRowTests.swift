import Foundation
@testable import Frameworks
import Pricing
import Testing

/// CHEETAH against every measured operator. What goes by oblivious transfer is compared exactly. Ciphertexts vary in size,
/// because SEAL compresses them: what holds some is compared within 0.1 %.
@Suite struct SPUCheetahRowTests {
    @Test func operatorRows() throws {
        var (exact, close) = (0, 0)
        var misses: [String] = []
        var lines: [String] = []
        for row in try Measurement.rows("spu_ops.json").map(SPURow.init) where row.row.string("protocol") == "CHEETAH" {
            // In rows marked so, all runs but the first made triples that the first left over.
            let isRefilled = row.row.string("notes").contains("refill")
            guard let measured = isRefilled ? row.row.int("bytes_min_run") : row.traffic?.bytes else { continue }
            guard let cost = try row.cost(SPU.cheetah(configuration: row.configuration)) else {
                misses.append("\(row.label): no price")
                continue
            }
            let error = Double(cost.online.bytes - measured) / Double(max(1, measured))
            let isExact = cost.online.bytes == measured
            lines.append("\(row.label): measured \(measured), priced \(cost.online.bytes), \(percent(error))")
            if isExact { exact += 1 } else { close += 1 }
            if !isExact, !row.sendsCiphertexts || abs(error) > 0.001 { misses.append(lines[lines.count - 1]) }
        }
        print(lines.joined(separator: "\n"), "\n\(exact) exact, \(close) others")
        #expect(exact + close >= 86 && exact >= 58)
        #expect(misses.isEmpty, "\(misses.joined(separator: "\n"))")
    }

    private func percent(_ share: Double) -> String { String(format: "%+.4f %%", 100 * share) }
}

extension SPURow {
    /// Whether homomorphic encryption took part in the measured run: in kernels that always use it, and in products that
    /// sent more than one message each.
    fileprivate var sendsCiphertexts: Bool {
        row.part("mpc").fields.contains { name, value in
            guard name == "mul_aa" else { return ["mmul_aa", "square_s", "square_a"].contains(name) }
            let entry = value as? [Any] ?? []
            let (calls, messages) = (entry.first as? Int ?? 0, (entry.last as? [Int])?.first ?? 0)
            return messages > calls
        }
    }
}
