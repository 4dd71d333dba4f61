import IR
import Testing

/// Pads and output lengths of windows, with the values of ONNX's formulas.
@Suite struct WindowGeometryTests {
    /// A window of 3 elements with stride 2 over one axis.
    struct Case: CustomTestStringConvertible, Sendable {
        var attributes: [String: Attribute]
        var length: Int
        var pads: [Int]
        var output: Int

        var testDescription: String { "\(attributes) over \(length)" }

        func check(_ geometry: (Node, [Int], [Dimension]) throws -> WindowGeometry) throws {
            var attributes = attributes
            attributes["strides"] = .ints([2])
            let found = try geometry(
                Node(op: "MaxPool", inputs: [], outputs: [], attributes: attributes), [3], [.known(length)])
            #expect(found.padsBegin + found.padsEnd == pads)
            #expect(found.outputLengths == [.known(output)])
        }
    }

    @Test(arguments: pools) func poolsFollowTheirPadding(row: Case) throws {
        try row.check { try WindowGeometry(of: $0, kernel: $1, spatial: $2) }
    }

    @Test(arguments: transposed) func transposedWindowsFollowTheirPadding(row: Case) throws {
        try row.check { try WindowGeometry(ofTransposed: $0, kernel: $1, spatial: $2) }
    }

    static let pools: [Case] = [
        Case(attributes: mode("NOTSET"), length: 6, pads: [0, 0], output: 2),
        Case(attributes: mode("NOTSET", ["ceil_mode": .int(1)]), length: 6, pads: [0, 0], output: 3),
        // The last window would start in the padding at the end.
        Case(attributes: ["ceil_mode": .int(1), "pads": .ints([0, 2])], length: 4, pads: [0, 2], output: 2),
        Case(attributes: mode("VALID"), length: 6, pads: [0, 0], output: 2),
        Case(attributes: mode("VALID", ["ceil_mode": .int(1)]), length: 6, pads: [0, 0], output: 3),
        Case(attributes: mode("VALID", ["ceil_mode": .int(1)]), length: 7, pads: [0, 0], output: 3),
        Case(attributes: mode("SAME_UPPER", ["ceil_mode": .int(1)]), length: 6, pads: [0, 1], output: 3),
        Case(attributes: mode("SAME_LOWER"), length: 6, pads: [1, 0], output: 3),
    ]

    static let transposed: [Case] = [
        Case(attributes: mode("NOTSET"), length: 3, pads: [0, 0], output: 7),
        Case(attributes: ["output_shape": .ints([6])], length: 3, pads: [1, 0], output: 6),
        Case(attributes: ["output_shape": .ints([4])], length: 3, pads: [2, 1], output: 4),
        Case(attributes: ["output_shape": .ints([5])], length: 3, pads: [1, 1], output: 5),
        Case(attributes: mode("VALID", ["output_shape": .ints([6])]), length: 3, pads: [1, 0], output: 6),
        Case(attributes: mode("SAME_UPPER", ["output_shape": .ints([6])]), length: 3, pads: [0, 1], output: 6),
        Case(attributes: mode("SAME_LOWER", ["output_shape": .ints([6])]), length: 3, pads: [1, 0], output: 6),
        Case(attributes: mode("SAME_UPPER"), length: 3, pads: [0, 1], output: 6),
        Case(
            attributes: ["output_shape": .ints([7]), "output_padding": .ints([1])], length: 3, pads: [1, 0], output: 7),
        Case(attributes: ["pads": .ints([1, 2])], length: 3, pads: [1, 2], output: 4),
    ]

    private static func mode(_ padding: String, _ others: [String: Attribute] = [:]) -> [String: Attribute] {
        others.merging(["auto_pad": .string(padding)]) { $1 }
    }
}
