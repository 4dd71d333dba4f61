/// Told during a search how many regions are searched, of how many; it begins anew when the graph is cut elsewhere.
package typealias SearchProgress = @Sendable (_ done: Int, _ total: Int) -> Void

/// How long and how far a search goes. All but the seconds are counted, so that the same input gives the same result.
public struct SearchLimits: Hashable, Sendable {
    /// Seconds at most: a safety net that no ordinary model comes near, so that results do not depend on the machine.
    public var seconds: Double
    /// Graphs looked at, at most, regions counting as graphs; equal regions are looked at once.
    public var states = 20_000
    /// Graphs looked at in one region, at most.
    public var regionStates = 2_000
    /// Graphs looked at after each first step in a graph that is too large to be searched exhaustively.
    public var clusterStates = 8
    /// Operators that a step may add without saving anything, in a graph that is too large to be searched exhaustively.
    public var dearerNodes = 5
    /// Nodes of a region, at least (but for what is left over) and at most.
    public var regionNodes = 8...40
    /// Nodes up to which a graph is searched exhaustively, as one region.
    public var exhaustiveNodes = 14
    /// Times that the graph is cut into regions, at most.
    public var rounds = 6

    /// The given limits.
    public init(seconds: Double = 600) { self.seconds = seconds }

    /// When a search that starts now has to end; nil if that is further off than a clock goes.
    var deadline: ContinuousClock.Instant? { seconds < 1e9 ? .now + .seconds(seconds) : nil }

    /// Nodes that a region of so many may grow to.
    func nodes(from count: Int) -> Int { 4 * count + 64 }
}
