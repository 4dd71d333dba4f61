import CGraphviz
import Foundation
import IR
import Synchronization

/// Lays out and paints DOT text with Graphviz's C library.
///
/// Each drawing is painted in a short-lived child process (a fork, no other program). Graphviz keeps state and loses
/// memory from drawing to drawing, prints to standard error, and crashes or takes minutes on some dense graphs: none of
/// that reaches the caller.
package enum GraphvizRenderer {
    /// A file format that drawings are painted in.
    package enum Format: String, CaseIterable, Sendable {
        /// Scalable, with tooltips; the smallest and the quickest.
        case svg
        /// A bitmap, of lower resolution where a large drawing would not fit into memory.
        case png
        /// For print.
        case pdf
    }

    /// Dots per inch of bitmaps that fit.
    private static let resolution = 144.0
    /// Bitmaps have at most this many pixels: painting takes 4 bytes for each, and compression once more.
    private static let maximumPixels = 40e6
    /// Bitmaps are no longer than this on either side, half of what the painter can do.
    private static let maximumSide = 16_000.0
    /// Time for a coarse layout with straight lines, which is tried if the fine one fails.
    private static let coarseLayoutLimit = Duration.seconds(30)

    /// A child that is started while another thread sets up a pipe would keep that pipe open.
    private static let starting = Mutex(())

    /// The drawing that DOT text describes, as the bytes of a file; the same bytes for the same text.
    ///
    /// If Graphviz fails to lead the lines around the boxes in time, they are drawn straight. Time is the processor's, so that a busy
    /// machine draws the same.
    ///
    /// - Parameter fineLayoutLimit: the time for a layout with lines led around boxes. Drawings of real models take a
    ///   fraction of a second. A coarse layout has 30 seconds more.
    /// - Throws: ``HarrierError`` with Graphviz's own message if it refuses the text, or if both layouts fail.
    package static func render(dot: String, format: Format, fineLayoutLimit: Duration = .seconds(10)) throws -> [UInt8]
    {
        for (isCoarse, limit) in [(false, fineLayoutLimit), (true, coarseLayoutLimit)] {
            if let bytes = try paint(dot, format, isCoarse: isCoarse, limit: limit) { return bytes }
        }
        throw HarrierError(
            "Graphviz fails on this drawing, which has too many lines", hint: "fold modules with a smaller depth")
    }

    /// One attempt; nil if Graphviz crashes or takes too long.
    private static func paint(_ dot: String, _ format: Format, isCoarse: Bool, limit: Duration) throws -> [UInt8]? {
        guard limit > .zero else { return nil }
        let (child, pipe) = try start(dot, format, isCoarse: isCoarse, limit: limit)
        defer { close(pipe) }
        let output = read(pipe)
        if output == nil { kill(child, SIGKILL) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        // The low seven bits tell the signal that ended a process, the next eight its own exit code.
        guard let output, status & 0x7F == 0 else { return nil }
        let code = UInt32(status >> 8 & 0xFF)
        if code == harrier_painted.rawValue, !output.isEmpty { return output }
        let attempts = [
            harrier_not_understood.rawValue: "Graphviz does not understand the drawing",
            harrier_not_laid_out.rawValue: "Graphviz finds no layout",
        ]
        let message = String(decoding: output, as: UTF8.self).split(separator: "\n").first.map { ": \($0)" } ?? ""
        throw HarrierError((attempts[code] ?? "Graphviz cannot paint \(format.rawValue.uppercased())") + message)
    }

    private static func start(
        _ dot: String, _ format: Format, isCoarse: Bool, limit: Duration
    ) throws -> (child: pid_t, pipe: Int32) {
        var pipe: Int32 = -1
        let child = dot.withCString { text in
            format.rawValue.withCString { name in
                var painting = harrier_painting(
                    dot: text, format: name, is_coarse: isCoarse ? 1 : 0, resolution: resolution,
                    maximum_side: maximumSide, maximum_pixels: maximumPixels, seconds: limit / .seconds(1))
                return starting.withLock { _ in harrier_start_painting(&painting, &pipe) }
            }
        }
        guard child > 0 else {
            throw HarrierError("Graphviz does not start: \(String(cString: strerror(errno)))")
        }
        return (child, pipe)
    }

    /// Everything that comes out of a pipe until it closes; nil if it cannot be read.
    private static func read(_ pipe: Int32) -> [UInt8]? {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(pipe, &buffer, buffer.count)
            if count == 0 { return result }
            if count < 0 {
                if errno == EINTR { continue }
                return nil
            }
            result += buffer[..<count]
        }
    }
}
