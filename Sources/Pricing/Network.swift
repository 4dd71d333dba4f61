import IR

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

    /// A local network: 384 MB a second (about 3 Gbit/s), 0.3 ms. The setting of Cheetah's measurements (Huang et al.,
    /// USENIX Security 2022), whose round-trip time is taken for one round.
    public static let lan = Network(name: "lan", bytesPerSecond: 384e6, latency: 0.3e-3)

    /// A wide-area network: 44 MB a second (about 350 Mbit/s), 40 ms. The same source.
    public static let wan = Network(name: "wan", bytesPerSecond: 44e6, latency: 40e-3)

    /// The network of that name (`lan`, `wan`), or of figures with units such as `100Mbps,40ms` and `384MBps,0.3ms`.
    /// A small b is a bit, a large B a byte; prefixes are decimal.
    ///
    /// - Throws: ``HarrierError`` if the text is neither.
    public init(parsing text: String) throws {
        if let named = [Network.lan, .wan].first(where: { $0.name == text.lowercased() }) {
            self = named
            return
        }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, let bandwidth = Self.quantity(parts[0], units: Self.bandwidths),
            let latency = Self.quantity(parts[1], units: Self.durations), bandwidth > 0
        else {
            throw HarrierError(
                "'\(text)' is no network",
                hint: "lan, wan, or bandwidth and latency with units, such as 100Mbps,40ms (b: bits, B: bytes)")
        }
        self.init(name: text, bytesPerSecond: bandwidth, latency: latency)
    }

    /// Seconds that traffic takes: bytes / bandwidth + rounds × latency.
    public func seconds(_ traffic: Traffic) -> Double {
        Double(traffic.bytes) / bytesPerSecond + Double(traffic.rounds) * latency
    }

    /// The name.
    public var description: String { name }

    private static let durations: [String: Double] = ["s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9]

    private static let bandwidths: [String: Double] = {
        let prefixes: [(String, Double)] = [("", 1), ("k", 1e3), ("K", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12)]
        var units: [String: Double] = [:]
        for (prefix, factor) in prefixes {
            for spelling in ["bps", "bit/s", "b/s"] { units[prefix + spelling] = factor / 8 }
            for spelling in ["Bps", "B/s"] { units[prefix + spelling] = factor }
        }
        return units
    }()

    /// A number followed by one of the units; nil if it is not that, or not a finite number from zero up.
    private static func quantity(_ text: Substring, units: [String: Double]) -> Double? {
        let trimmed = text.drop { $0 == " " }
        let digits = trimmed.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let number = Double(digits), number.isFinite,
            let unit = units[String(trimmed.dropFirst(digits.count).filter { $0 != " " })]
        else { return nil }
        return number * unit
    }
}
