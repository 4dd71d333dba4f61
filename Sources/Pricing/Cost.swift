import IR

/// Bytes that all parties together put on the wire, and rounds as the framework counts them.
///
/// Arithmetic saturates at `Int.max` instead of trapping: no price of a real model comes near it, and a model that is
/// wrong must not crash the program.
public struct Traffic: Hashable, Sendable, AdditiveArithmetic, CustomStringConvertible {
    /// Bytes sent, summed over the parties.
    public var bytes: Int
    /// Communication rounds, one after another.
    public var rounds: Int

    /// The given traffic.
    public init(bytes: Int = 0, rounds: Int = 0) {
        self.bytes = bytes
        self.rounds = rounds
    }

    /// Nothing sent.
    public static let zero = Traffic()

    /// One after the other.
    public static func + (left: Self, right: Self) -> Self {
        Traffic(bytes: left.bytes +| right.bytes, rounds: left.rounds +| right.rounds)
    }

    /// What is left of the first without the second; negative where the second is more.
    public static func - (left: Self, right: Self) -> Self {
        Traffic(bytes: left.bytes - right.bytes, rounds: left.rounds - right.rounds)
    }

    /// The traffic of that many runs, one after another.
    public static func * (count: Int, traffic: Self) -> Self {
        Traffic(
            bytes: count *| traffic.bytes, rounds: count *| traffic.rounds)
    }

    /// Bytes and rounds.
    public var description: String { "\(bytes) B, \(rounds) rounds" }
}

/// What something costs: online (after the inputs are known) and offline (before).
public struct Cost: Hashable, Sendable, AdditiveArithmetic {
    /// Traffic after the inputs are known.
    public var online: Traffic
    /// Traffic that depends on shapes only and can be had beforehand.
    public var offline: Traffic

    /// The given cost.
    public init(online: Traffic = .zero, offline: Traffic = .zero) {
        self.online = online
        self.offline = offline
    }

    /// Nothing sent.
    public static let zero = Cost()

    /// One after the other.
    public static func + (left: Self, right: Self) -> Self {
        Cost(online: left.online + right.online, offline: left.offline + right.offline)
    }

    /// What is left of the first without the second; negative where the second is more.
    public static func - (left: Self, right: Self) -> Self {
        Cost(online: left.online - right.online, offline: left.offline - right.offline)
    }

    /// The cost of that many runs, one after another.
    public static func * (count: Int, cost: Self) -> Self {
        Cost(online: count * cost.online, offline: count * cost.offline)
    }
}
