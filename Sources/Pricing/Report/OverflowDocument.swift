import Evaluate

/// What did not fit a framework's ring, as JSON.
package struct OverflowDocument: Encodable {
    /// Which of two graphs; left out where there is one.
    private let graph: String?
    private let node: String
    private let op: String
    private let magnitude: Double
    private let limit: Double
    private let elements: Int

    /// The document of an overflow.
    package init(_ overflow: FixedPointOverflow, in graph: String? = nil) {
        self.graph = graph
        node = overflow.node
        op = "\(overflow.op)"
        magnitude = overflow.magnitude
        limit = overflow.limit
        elements = overflow.count
    }
}
