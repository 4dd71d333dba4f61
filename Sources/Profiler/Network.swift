/// A network: how fast, and how far.
public struct Network: Hashable, Sendable, CustomStringConvertible {
    /// The name, or the figures as the user gave them.
    public var name: String
    /// Bytes a second, all parties together.
    public var bytesPerSecond: Double
    /// Seconds one round takes.
    public var latency: Double

    /// A network of the given figures.
    public init(name: String, bytesPerSecond: Double, latency: Double) {
        self.name = name
        self.bytesPerSecond = bytesPerSecond
        self.latency = latency
    }

    /// Seconds that traffic takes: bytes / bandwidth + rounds × latency.
    public func seconds(_ traffic: Traffic) -> Double {
        Double(traffic.bytes) / bytesPerSecond + Double(traffic.rounds) * latency
    }

    public var description: String { name }
}
