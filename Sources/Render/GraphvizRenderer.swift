import CGraphviz
import Graph
import Synchronization

/// Lays out and paints DOT text with Graphviz's C library.
public enum GraphvizRenderer {
    /// A file format that drawings are painted in.
    public enum Format: String, CaseIterable, Sendable {
        /// Scalable, with tooltips; the smallest and the quickest.
        case svg
        /// A bitmap, of lower resolution where a large drawing would not fit into memory.
        case png
        /// For print.
        case pdf
    }

    /// Graphviz keeps state of its own in global variables, so that only one thread may be inside of it.
    private static let library = Mutex(())

    /// Bitmaps have at most this many pixels: painting takes 4 bytes for each, and once more for compression.
    private static let maximumPixels = 40e6
    /// Bitmaps are no longer than this on either side, half of what the painter can do.
    private static let maximumSide = 16_000.0
    private static let preferredResolution = 144.0

    /// The drawing that DOT text describes, as the bytes of a file.
    ///
    /// Graphviz loses some memory with every drawing and, with frames, need not place the second drawing of a process
    /// as it placed the first: a program that draws much starts a process for each.
    ///
    /// - Throws: ``HarrierError`` with Graphviz's own message if it refuses the text or cannot paint it.
    public static func render(dot: String, format: Format) throws -> [UInt8] {
        try library.withLock { _ in
            // Messages are kept for `agLastError` instead of printed to standard error.
            agseterr(AGMAX)
            guard let context = gvContext() else { throw failure("Graphviz does not start") }
            defer { gvFreeContext(context) }
            guard let graph = dot.withCString({ agmemread($0) }) else {
                throw failure("Graphviz does not understand the drawing")
            }
            defer { agclose(graph) }
            guard gvLayout(context, graph, "dot") == 0 else { throw failure("Graphviz finds no layout") }
            defer { gvFreeLayout(context, graph) }
            if format == .png { limitResolution(graph) }
            return try paint(context, graph, format)
        }
    }

    private static func paint(_ context: OpaquePointer, _ graph: UnsafeMutablePointer<Agraph_t>, _ format: Format)
        throws
        -> [UInt8]
    {
        var data: UnsafeMutablePointer<CChar>?
        var length: UInt32 = 0
        let status = gvRenderData(context, graph, format.rawValue, &data, &length)
        defer { gvFreeRenderData(data) }
        guard status == 0, let data, length > 0 else {
            throw failure("Graphviz cannot paint \(format.rawValue.uppercased())")
        }
        return Array(UnsafeRawBufferPointer(start: data, count: Int(length)))
    }

    private static func limitResolution(_ graph: UnsafeMutablePointer<Agraph_t>) {
        let width = max(1, harrier_layout_width(graph) / 72)
        let height = max(1, harrier_layout_height(graph) / 72)
        let fitting = min(maximumSide / max(width, height), (maximumPixels / (width * height)).squareRoot())
        harrier_set_resolution(graph, max(1, min(preferredResolution, fitting)))
    }

    private static func failure(_ message: String) -> HarrierError {
        var detail = ""
        if let last = aglasterr() { detail = String(cString: last) }
        let reason = detail.split(separator: "\n").first.map { ": \($0)" } ?? ""
        return HarrierError(message + reason, hint: "DOT output can be opened with other programs")
    }
}
