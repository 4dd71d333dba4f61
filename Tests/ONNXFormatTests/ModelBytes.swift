/// Serialized ONNX messages for tests, well formed or not.
enum ModelBytes {
    /// A field with an integer.
    static func field(_ number: Int, _ value: Int) -> [UInt8] { varint(number << 3) + varint(value) }

    /// A field with bytes or a message.
    static func field(_ number: Int, _ content: [UInt8]) -> [UInt8] {
        varint(number << 3 | 2) + varint(content.count) + content
    }

    /// A field with a string.
    static func field(_ number: Int, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

    private static func varint(_ value: Int) -> [UInt8] {
        var rest = UInt64(bitPattern: Int64(value))
        var bytes: [UInt8] = []
        while rest > 0x7f {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    /// A model around a graph, in version 17 of ONNX's operator set unless other versions are given.
    static func model(_ graph: [[UInt8]], opsets: [Int] = [17]) -> [UInt8] {
        field(1, 8) + opsets.flatMap { field(8, field(2, $0)) } + field(7, field(2, "g") + graph.flatMap { $0 })
    }

    static func node(_ op: String, _ inputs: [String], _ outputs: [String], attributes: [[UInt8]] = []) -> [UInt8] {
        field(
            1,
            inputs.flatMap { field(1, $0) } + outputs.flatMap { field(2, $0) } + field(4, op)
                + attributes.flatMap { field(5, $0) })
    }

    static func attribute(_ name: String, kind: Int, _ value: [UInt8]) -> [UInt8] {
        field(1, name) + field(20, kind) + value
    }

    static func input(_ name: String, _ dimensions: [Int] = [2]) -> [UInt8] { field(11, info(name, dimensions)) }
    static func output(_ name: String, _ dimensions: [Int] = [2]) -> [UInt8] { field(12, info(name, dimensions)) }

    private static func info(_ name: String, _ dimensions: [Int]) -> [UInt8] {
        let shape = dimensions.flatMap { field(1, field(1, $0)) }
        return field(1, name) + field(2, field(1, field(1, 1) + field(2, shape)))
    }

    static func initializer(_ name: String, _ dimensions: [Int], type: Int = 1, _ data: [UInt8]) -> [UInt8] {
        field(5, dimensions.flatMap { field(1, $0) } + field(2, type) + field(8, name) + data)
    }

    static func raw(_ count: Int) -> [UInt8] { field(9, [UInt8](repeating: 0, count: count)) }

    static func external(_ properties: [(String, String)]) -> [UInt8] {
        field(14, 1) + properties.flatMap { field(13, field(1, $0.0) + field(2, $0.1)) }
    }

    /// A graph with an If whose branch is such a graph, and so on.
    static func nested(_ depth: Int) -> [UInt8] {
        var body = field(2, "innermost") + node("Identity", ["c"], ["y"]) + output("y")
        for _ in 0..<depth {
            body =
                field(2, "g")
                + node("If", ["c"], ["y"], attributes: [attribute("then_branch", kind: 5, field(6, body))])
                + output("y")
        }
        return body
    }
}
