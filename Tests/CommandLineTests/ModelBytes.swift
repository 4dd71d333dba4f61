/// Bytes of ONNX files, right or wrong, written field by field: no library would write the wrong ones.
struct ModelBytes {
    private(set) var bytes: [UInt8] = []

    /// A message of these fields.
    init(_ fields: [ModelBytes] = []) { bytes = fields.flatMap(\.bytes) }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// A field that holds a number.
    static func number(_ field: Int, _ value: Int) -> ModelBytes {
        ModelBytes(bytes: varint(UInt64(field << 3)) + varint(UInt64(bitPattern: Int64(value))))
    }

    /// A field that holds bytes.
    static func bytes(_ field: Int, _ content: some Collection<UInt8>) -> ModelBytes {
        ModelBytes(bytes: varint(UInt64(field << 3 | 2)) + varint(UInt64(content.count)) + content)
    }

    /// A field that holds text.
    static func text(_ field: Int, _ content: String) -> ModelBytes { bytes(field, content.utf8) }

    /// A field that holds a message.
    static func message(_ field: Int, _ fields: [ModelBytes]) -> ModelBytes { bytes(field, ModelBytes(fields).bytes) }

    private static func varint(_ value: UInt64) -> [UInt8] {
        var rest = value
        var result: [UInt8] = []
        while rest > 127 {
            result.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        return result + [UInt8(rest)]
    }
}

extension ModelBytes {
    /// A model of one graph with the input `x` and the output `y`.
    static func model(
        nodes: [ModelBytes], input: ModelBytes = .value("x", dimensions: [2, 3]),
        output: ModelBytes = .value("y", dimensions: nil), more: [ModelBytes] = []
    ) -> [UInt8] {
        let graph = nodes.map { message(1, [$0]) } + [text(2, "g"), message(11, [input]), message(12, [output])] + more
        return ModelBytes([number(1, 8), message(8, [text(1, ""), number(2, 17)]), message(7, graph)]).bytes
    }

    /// A node.
    static func node(
        _ type: String, _ inputs: [String], _ outputs: [String], name: String = "", attributes: [ModelBytes] = []
    ) -> ModelBytes {
        ModelBytes(
            inputs.map { text(1, $0) } + outputs.map { text(2, $0) } + [text(3, name), text(4, type)]
                + attributes.map { message(5, [$0]) })
    }

    /// An integer attribute.
    static func attribute(_ name: String, int value: Int) -> ModelBytes {
        ModelBytes([text(1, name), number(20, 2), number(3, value)])
    }

    /// A text attribute.
    static func attribute(_ name: String, string value: String) -> ModelBytes {
        ModelBytes([text(1, name), number(20, 3), text(4, value)])
    }

    /// A graph's input or output; without dimensions the rank is open.
    static func value(_ name: String, type: Int = 1, dimensions: [Int]?) -> ModelBytes {
        let shape = dimensions.map { message(2, $0.map { message(1, [number(1, $0)]) }) }
        return ModelBytes([text(1, name), message(2, [message(1, [number(1, type)] + (shape.map { [$0] } ?? []))])])
    }

    /// An initializer.
    static func tensor(_ name: String, type: Int = 1, dimensions: [Int], raw: [UInt8]) -> ModelBytes {
        ModelBytes(dimensions.map { number(1, $0) } + [number(2, type), text(8, name), bytes(9, raw)])
    }
}
