import Foundation
import IR

/// How Harrier writes JSON: keys in alphabetical order, readable by people.
public enum JSONOutput {
    /// A value as JSON, with a line feed at its end. Characters that could steer a terminal are escaped.
    public static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return escaped(try encoder.encode(value)) + Data("\n".utf8)
    }

    /// JSON wants fewer characters escaped than a terminal does. What is left of those stands in strings only.
    private static func escaped(_ json: Data) -> Data {
        let text = String(decoding: json, as: UTF8.self)
        func mustBeEscaped(_ scalar: Unicode.Scalar) -> Bool { scalar.isUnprintable && scalar != "\n" }
        guard text.unicodeScalars.contains(where: mustBeEscaped) else { return json }
        return Data(
            text.unicodeScalars.reduce(into: "") { result, scalar in
                result += mustBeEscaped(scalar) ? String(format: "\\u%04x", scalar.value) : String(scalar)
            }.utf8)
    }
}

extension Profile {
    /// The JSON of `harrier profile`, as the command line's contract gives it. Beyond that: `io`, `setup`, `criticalPathRounds`,
    /// and of each node its `index` and the `basis` of its price (`native`, `functionBody`, `composed`,
    /// `clear`).
    ///
    /// - Parameter accuracy: how exactly the framework computes the model, if that was asked for.
    public func json(network: Network, accuracy: FrameworkAccuracy? = nil) throws -> Data {
        try JSONOutput.encode(ProfileDocument(self, network, accuracy))
    }
}

/// Traffic in the contract's shape.
public struct TrafficDocument: Encodable, Sendable {
    package var bytes: Int
    package var rounds: Int

    /// The document of that traffic.
    public init(_ traffic: Traffic) {
        bytes = traffic.bytes
        rounds = traffic.rounds
    }
}

/// Totals in the contract's shape: `{"online": {...}, "offline": {...}}`.
public struct CostDocument: Encodable, Sendable {
    package var online: TrafficDocument
    package var offline: TrafficDocument

    /// The document of that cost.
    public init(_ cost: Cost) {
        online = TrafficDocument(cost.online)
        offline = TrafficDocument(cost.offline)
    }
}

/// Online time in the contract's shape.
public struct TimeDocument: Encodable, Sendable {
    package var network: String
    package var seconds: Double

    /// The document of the time that traffic takes.
    public init(_ traffic: Traffic, on network: Network) {
        self.network = network.name
        seconds = network.seconds(traffic)
    }
}

private struct ProfileDocument: Encodable {
    struct Node: Encodable {
        var index: Int
        var name: String
        var op: String
        var scope: String
        var basis: String
        var online: TrafficDocument
        var offline: TrafficDocument
    }

    struct Unpriced: Encodable {
        var index: Int
        var name: String
        var op: String
        var reason: String
    }

    var model: String
    var framework: String
    var parties: Int
    var config: [String: String]
    var totals: CostDocument
    var io: CostDocument
    var setup: CostDocument
    var criticalPathRounds: Int
    var time: TimeDocument
    var nodes: [Node]
    var unpriced: [Unpriced]
    var accuracy: FrameworkAccuracyDocument?

    init(_ profile: Profile, _ network: Network, _ accuracy: FrameworkAccuracy?) {
        self.accuracy = accuracy.map(FrameworkAccuracyDocument.init)
        model = profile.model
        framework = profile.framework.name
        parties = profile.framework.parties
        config = profile.framework.configuration
        let total = profile.total
        totals = CostDocument(total)
        io = CostDocument(profile.inputOutput)
        setup = CostDocument(profile.setup)
        criticalPathRounds = profile.criticalPathRounds
        time = TimeDocument(total.online, on: network)
        nodes = profile.entries.map { entry in
            Node(
                index: entry.index, name: entry.name, op: "\(entry.op)", scope: "\(entry.scope)",
                basis: entry.price.basis.rawValue, online: TrafficDocument(entry.cost.online),
                offline: TrafficDocument(entry.cost.offline))
        }
        unpriced = profile.unpriced.map {
            Unpriced(index: $0.index, name: $0.name, op: "\($0.op)", reason: $0.reason)
        }
    }
}
