import Foundation
import IR

/// What one model costs under several frameworks.
public struct Comparison: Sendable {
    /// A profile a framework: those that price the whole model first, the fastest on the network first.
    public let profiles: [Profile]
    /// The network that times are for.
    public let network: Network

    /// The profiles in order.
    public init(_ profiles: [Profile], on network: Network) {
        self.network = network
        func key(_ profile: Profile) -> (Int, Double) {
            (profile.unpriced.isEmpty ? 0 : 1, network.seconds(profile.total.online))
        }
        self.profiles = profiles.enumerated().sorted { left, right in
            let (one, other) = (key(left.element), key(right.element))
            return one == other ? left.offset < right.offset : one < other
        }.map(\.element)
    }

    /// The JSON of `harrier compare`, as the command line's contract gives it. Beyond that, of each framework: `title`,
    /// `version`, `parties`, `criticalPathRounds`, the one-time `setup`, the online times on `lan` and `wan`, and the
    /// operators without a price with the reasons.
    public func json() throws -> Data {
        try JSONOutput.encode(
            ComparisonDocument(
                model: profiles.first?.model ?? "", frameworks: profiles.map { .init($0, network) }))
    }
}

private struct ComparisonDocument: Encodable {
    struct Framework: Encodable {
        var name: String
        var title: String
        var version: String
        var parties: Int
        var totals: CostDocument
        var setup: CostDocument
        var criticalPathRounds: Int
        var time: TimeDocument
        var times: [String: Double]
        var unpriced: Int
        var reasons: [String]

        init(_ profile: Profile, _ network: Network) {
            name = profile.framework.name
            title = profile.framework.title
            version = profile.framework.version
            parties = profile.framework.parties
            let total = profile.total
            totals = CostDocument(total)
            setup = CostDocument(profile.setup)
            criticalPathRounds = profile.criticalPathRounds
            time = TimeDocument(total.online, on: network)
            times = ["lan": Network.lan.seconds(total.online), "wan": Network.wan.seconds(total.online)]
            unpriced = profile.unpriced.count
            reasons = profile.unpricedReasons.map { "\($0.count) × \($0.reason)" }
        }
    }

    var model: String
    var frameworks: [Framework]
}

extension Profile {
    /// Why operators have no price: each operator and reason once, in order of appearance, with how many nodes it is.
    public var unpricedReasons: [(reason: String, count: Int)] {
        var order: [String] = []
        var counts: [String: Int] = [:]
        for entry in unpriced {
            let reason = "\(entry.op): \(entry.reason)"
            if counts[reason] == nil { order.append(reason) }
            counts[reason, default: 0] += 1
        }
        return order.map { ($0, counts[$0] ?? 0) }
    }
}
