@testable import Frameworks
import IR
import Pricing
import Testing

@Suite struct NetworkTests {
    @Test(arguments: [
        ("lan", 384e6, 0.3e-3), ("WAN", 44e6, 40e-3), ("100MBps,40ms", 100e6, 40e-3), ("1Gbps,0.3ms", 125e6, 0.3e-3),
        ("9Mbit/s,36ms", 1.125e6, 36e-3), ("8 kbps, 1 s", 1e3, 1), ("1B/s,5us", 1, 5e-6), ("1TBps,0ms", 1e12, 0),
    ])
    func readsNamesAndFigures(text: String, bytesPerSecond: Double, latency: Double) throws {
        let network = try Network(parsing: text)
        #expect(abs(network.bytesPerSecond / bytesPerSecond - 1) < 1e-12)
        #expect(abs(network.latency - latency) < 1e-12)
    }

    /// Bits and bytes, in every spelling, with every prefix: prefixes are decimal, and there are eight bits in a byte.
    @Test(arguments: [("", 1.0), ("k", 1e3), ("K", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12)])
    func readsEveryUnitOfBandwidth(prefix: String, factor: Double) throws {
        for (unit, bits) in [("bps", 1.0), ("bit/s", 1), ("b/s", 1), ("Bps", 8), ("B/s", 8)] {
            let network = try Network(parsing: "2.5\(prefix)\(unit),1ms")
            #expect(network.bytesPerSecond == 2.5 * factor * bits / 8, "\(prefix)\(unit)")
        }
    }

    @Test(arguments: [("s", 1.0), ("ms", 1e-3), ("us", 1e-6), ("µs", 1e-6), ("ns", 1e-9)])
    func readsEveryUnitOfLatency(unit: String, seconds: Double) throws {
        #expect(try Network(parsing: "1Bps,250\(unit)").latency == 250 * seconds)
    }

    @Test(arguments: [
        "", "moon", "100MBps", "100,40", "100MBps,40", "0Mbps,1ms", "-1Mbps,1ms", "1Mbps,-1ms", "infMbps,1ms",
        "1e999Mbps,1ms",
        "1Mbps,1ms,1ms", "1mbps,1ms", "1Mbps,1h",
    ])
    func refusesEverythingElse(text: String) {
        #expect(throws: HarrierError.self) { try Network(parsing: text) }
    }

    @Test func timeIsBytesAndRounds() {
        let network = Network(name: "n", bytesPerSecond: 1000, latency: 0.5)
        #expect(network.seconds(Traffic(bytes: 2000, rounds: 3)) == 3.5)
    }
}
