@testable import Frameworks
import Foundation
import Pricing
import TestSupport

/// A row of the measured truth, read as loosely as it is written: counters are a number for all parties, or one a party.
struct Measurement {
    let fields: [String: Any]

    /// The rows of a file of measurements.
    static func rows(_ file: String) throws -> [Measurement] {
        let data = try Data(contentsOf: URL(fileURLWithPath: try Fixtures.path("truth/" + file)))
        guard let root = try JSONSerialization.jsonObject(with: data) as? [String: Any],
            let rows = root["rows"] as? [[String: Any]]
        else { throw TestSupportError("\(file) has no rows") }
        return rows.map(Measurement.init)
    }

    func string(_ key: String) -> String { fields[key] as? String ?? "" }

    /// A dictionary within the row.
    func part(_ key: String) -> Measurement { Measurement(fields: fields[key] as? [String: Any] ?? [:]) }

    /// The rows of a list within the row.
    func parts(_ key: String) -> [Measurement] {
        (fields[key] as? [[String: Any]] ?? []).map(Measurement.init)
    }

    func int(_ key: String) -> Int? { (fields[key] as? NSNumber)?.intValue }

    func double(_ key: String) -> Double? { (fields[key] as? NSNumber)?.doubleValue }

    func bool(_ key: String) -> Bool { (fields[key] as? NSNumber)?.boolValue ?? false }

    /// Integers of a list; a single number as a list of one.
    func ints(_ key: String) -> [Int]? {
        if let list = fields[key] as? [NSNumber] { return list.map(\.intValue) }
        return int(key).map { [$0] }
    }

    /// A shape in the row's `shapes`.
    func shape(_ name: String) -> Extent { Extent(part("shapes").ints(name) ?? []) }

    var parties: Int { int("parties") ?? 2 }

    /// What was measured, by Harrier's definitions: bytes over all parties, rounds of the party with most; what was spent
    /// with the provider is offline, its answers included.
    func cost(parties: Int, provider: String) -> Cost {
        // Layers state what was handed to the communicator where that is what was sent.
        func counter(_ key: String, or other: String = "") -> [Int] {
            let values = ints(key) ?? ints(other) ?? [0]
            return values.count == 1 ? Array(repeating: values[0], count: parties) : values
        }
        let (sent, scattered) = (counter("sent", or: "handed"), counter("sent_prov", or: "handed_prov"))
        let (rounds, providerRounds) = (counter("rounds"), counter("rounds_prov"))
        let online = Traffic(
            bytes: sent.reduce(0, +) - scattered.reduce(0, +),
            rounds: zip(rounds, providerRounds).map(-).max() ?? 0)
        // What a scatter sends is received by the other parties; what the third party sends, by party 0 only.
        let answers = counter("recv_prov").reduce(0, +)
        return Cost(
            online: online,
            offline: Traffic(
                bytes: scattered.reduce(0, +) + (provider == "TTP" ? answers : 0), rounds: providerRounds.max() ?? 0))
    }
}

/// A table of errors by group, printed by tests and kept short.
struct ErrorTable {
    private var groups: [String: (rows: Int, exact: Int)] = [:]
    private(set) var mismatches: [String] = []

    mutating func add(_ group: String, _ label: String, expected: Cost, found: Cost) {
        groups[group, default: (0, 0)].rows += 1
        if expected == found {
            groups[group, default: (0, 0)].exact += 1
        } else {
            mismatches.append("\(label): measured \(expected), priced \(found)")
        }
    }

    var rows: Int { groups.values.reduce(0) { $0 + $1.rows } }
    var exact: Int { groups.values.reduce(0) { $0 + $1.exact } }

    var description: String {
        let lines = groups.sorted { $0.key < $1.key }.map { name, counts in
            "\(name.padding(toLength: 44, withPad: " ", startingAt: 0)) rows \(counts.rows), exact \(counts.exact), errors \(counts.rows - counts.exact)"
        }
        return lines.joined(separator: "\n") + "\nall: rows \(rows), exact \(exact), errors \(rows - exact)"
    }
}
