import Foundation
import IR
import Pricing

/// The prices of a framework file with its parameters filled in: expressions that are compiled, and have been tried.
struct PriceTable: Sendable {
    /// Whose prices of the file.
    enum Column: String, Sendable, CaseIterable {
        /// What the protocol sends.
        case own
        /// What HawkEye charges for it.
        case hawkEye = "hawkeye"
    }

    /// What is sent, exactly: fractions of bits and of rounds are rounded up only where a price is made of it.
    struct Amount: Hashable, Sendable {
        var bits = 0.0
        var rounds = 0.0

        /// Whole bytes and rounds.
        var traffic: Traffic { Traffic(bytes: PriceTable.roundedUp(bits / 8), rounds: PriceTable.roundedUp(rounds)) }
    }

    private struct Entry: Sendable {
        var online: Phase
        var offline: Phase
        var place: FrameworkFile.Place
    }

    private struct Phase: Sendable {
        var size: PriceExpression?
        var bitsPerUnit: Double
        var rounds: PriceExpression?
    }

    /// Name of the framework, for messages.
    let title: String
    private let entries: [String: Entry]
    private let unsupported: [String: String]

    /// The prices of a file.
    ///
    /// - Parameters:
    ///   - column: whose prices.
    ///   - values: parameters with other values than their defaults.
    ///   - parties: how many parties there are: `N` in expressions.
    /// - Throws: ``HarrierError`` with file and line for a name that does not exist, and for a price that cannot be
    ///   calculated or is negative for ordinary sizes.
    init(_ file: FrameworkFile, column: Column = .own, values: [String: Double] = [:], parties: Int) throws {
        var constants = ["N": Double(parties)]
        for parameter in file.parameters {
            constants[parameter.name] = values[parameter.name] ?? parameter.defaultValue
        }
        for (name, definition) in file.definitions {
            constants[name] = try at(definition.place, of: name) {
                try PriceExpression(definition.expression) { constants[$0].map { .constant($0) } }.evaluate(Sizes())
            }
        }
        let lookup: @Sendable (String) -> PriceExpression.Name? = { [constants] name in
            constants[name].map { .constant($0) } ?? PriceExpression.sizes[name].map { .size($0) }
        }
        title = file.texts["title"] ?? file.name
        var entries: [String: Entry] = [:]
        for (name, primitive) in file.primitives {
            guard let price = column == .own ? primitive.price : primitive.hawkEye else { continue }
            let entry = Entry(
                online: try Self.phase(price.online, name, lookup),
                offline: try Self.phase(price.offline, name, lookup),
                place: primitive.place)
            try Self.tryOut(entry, name)
            entries[name] = entry
        }
        self.entries = entries
        unsupported = column == .own ? file.primitives.compactMapValues(\.unsupported) : [:]
    }

    /// Names of the primitives that have a price or a reason for having none.
    var names: Set<String> { Set(entries.keys).union(unsupported.keys) }

    /// Why a primitive has no price, if the file says so.
    func reason(_ name: String) -> String? { unsupported[name] }

    /// What a primitive sends, exactly; nil if the file has no price for it.
    ///
    /// - Throws: ``Unpriced`` if it cannot be calculated for these sizes or is negative.
    func amounts(_ name: String, _ sizes: Sizes) throws -> (online: Amount, offline: Amount)? {
        guard let entry = entries[name] else { return nil }
        do {
            return (try Self.amount(entry.online, sizes), try Self.amount(entry.offline, sizes))
        } catch let error as HarrierError {
            throw Unpriced("the price of '\(name)' cannot be calculated for it: \(error.message)")
        }
    }

    /// What a primitive costs; nil if the file has no price for it.
    ///
    /// - Throws: ``Unpriced`` if the framework has it not, and as ``amounts(_:_:)`` does.
    func cost(_ name: String, _ sizes: Sizes) throws -> Cost? {
        if let reason = unsupported[name] { throw Unpriced("\(title) has no \(name): \(reason)") }
        guard let (online, offline) = try amounts(name, sizes) else { return nil }
        return Cost(online: online.traffic, offline: offline.traffic)
    }

    // MARK: Compilation

    private static func phase(
        _ phase: FrameworkFile.Phase, _ name: String, _ lookup: (String) -> PriceExpression.Name?
    ) throws -> Phase {
        func compiled(_ part: FrameworkFile.Located?) throws -> PriceExpression? {
            try part.map { part in
                try at(part.place, of: name) { try PriceExpression(part.expression, lookup: lookup) }
            }
        }
        return Phase(
            size: try compiled(phase.size), bitsPerUnit: phase.bitsPerUnit, rounds: try compiled(phase.rounds))
    }

    private static func amount(_ phase: Phase, _ sizes: Sizes) throws -> Amount {
        let amount = Amount(
            bits: (try phase.size?.evaluate(sizes) ?? 0) * phase.bitsPerUnit,
            rounds: try phase.rounds?.evaluate(sizes) ?? 0)
        guard amount.bits >= 0, amount.rounds >= 0 else { throw HarrierError("it is negative") }
        return amount
    }

    /// Sizes that every price must be good for.
    private static let samples: [Sizes] = [1, 2, 3, 64, 1000, 1 << 20].flatMap { n in
        [1, 12, 31].map { bits in Sizes(n: n, p: n, q: 2 * n, r: max(1, n / 2), bits: bits) }
    }

    private static func tryOut(_ entry: Entry, _ name: String) throws {
        for sizes in samples {
            try at(entry.place, of: name) {
                _ = try amount(entry.online, sizes)
                _ = try amount(entry.offline, sizes)
            }
        }
    }

    /// The smallest whole number that is not below a price, within what an `Int` holds.
    static func roundedUp(_ value: Double) -> Int {
        let whole = value.rounded(.up)
        return whole >= Double(Int.max) ? .max : whole > 0 ? Int(whole) : 0
    }

    /// A number as people write it.
    static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
}

/// Adds to an error the place in a file that it is about.
private func at<Result>(
    _ place: FrameworkFile.Place, of name: String, _ body: () throws -> Result
) throws -> Result {
    do {
        return try body()
    } catch let error as HarrierError {
        throw HarrierError(
            error.message, file: place.file, line: place.line, place: "the price of '\(name)'", hint: error.hint)
    }
}
