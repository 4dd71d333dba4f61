import Pricing

/// What a search makes small.
public enum Objective: Hashable, Sendable {
    /// Seconds on a network.
    case time(Network)
    /// Bytes on the wire.
    case bytes
    /// Communication rounds.
    case rounds

    /// The name on the command line.
    public var name: String {
        switch self {
        case .time: "time"
        case .bytes: "bytes"
        case .rounds: "rounds"
        }
    }

    /// The figure to make small, online and offline together: seconds, bytes or rounds.
    public func figure(_ cost: Cost) -> Double { figures(cost).first }

    /// The figure to make small, online and offline together, and the one that decides between equals.
    func figures(_ cost: Cost) -> (first: Double, second: Double) {
        let traffic = cost.online + cost.offline
        switch self {
        case .time(let network): return (network.seconds(traffic), Double(traffic.bytes))
        case .bytes: return (Double(traffic.bytes), Double(traffic.rounds))
        case .rounds: return (Double(traffic.rounds), Double(traffic.bytes))
        }
    }
}

/// How good a graph is, or by how much one is worse than another; smaller is better, and figures further down decide only where
/// those above are equal.
struct Score: Comparable, Hashable, AdditiveArithmetic {
    /// Nodes without a price: they would pass for free.
    let unpriced: Int
    /// The objective.
    let first: Double
    /// Nodes that the framework's importer refuses: among equally cheap graphs the one that runs is better.
    let refused: Int
    /// What decides between graphs that are equal so far.
    let second: Double
    /// Number of nodes that run under MPC.
    let nodes: Int

    static let zero = Score(unpriced: 0, first: 0, refused: 0, second: 0, nodes: 0)

    static func + (left: Score, right: Score) -> Score {
        Score(
            unpriced: left.unpriced + right.unpriced, first: left.first + right.first,
            refused: left.refused + right.refused,
            second: left.second + right.second, nodes: left.nodes + right.nodes)
    }

    static func - (left: Score, right: Score) -> Score {
        Score(
            unpriced: left.unpriced - right.unpriced, first: left.first - right.first,
            refused: left.refused - right.refused,
            second: left.second - right.second, nodes: left.nodes - right.nodes)
    }

    static func < (left: Score, right: Score) -> Bool {
        if left.unpriced != right.unpriced { return left.unpriced < right.unpriced }
        if left.first != right.first { return left.first < right.first }
        if left.refused != right.refused { return left.refused < right.refused }
        if left.second != right.second { return left.second < right.second }
        return left.nodes < right.nodes
    }
}
