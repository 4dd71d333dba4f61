import Evaluate
import Foundation
import IR
import Testing

/// Numbers between two that a type can hold become the nearer one; of two equally near, the one whose last bit is 0 (IEEE 754,
/// roundTiesToEven).
@Suite("rounding to narrow types")
struct RoundingTests {
    private func cast(_ values: [Double], to type: ElementType) throws -> [Double] {
        var graph = Graph(name: "cast")
        let x = graph.addInput("x", TensorType(.float64, lengths: [values.count]))
        let narrow = graph.append("Cast", [x], attributes: ["to": .int(type.rawValue)], output: "narrow")
        let y = graph.append("Cast", [narrow], attributes: ["to": .int(ElementType.float64.rawValue)], output: "y")
        graph.outputs = [y]
        try graph.inferTypes(evaluator: Interpreter())
        let outputs = try Interpreter(precision: .float32).run(
            graph, inputs: ["x": Tensor(float64: values, shape: [values.count])])
        return try #require(outputs["y"]).doubles()
    }

    @Test(
        "ties go to the even neighbour",
        arguments: [
            // 11 bits: from 2,048 on every second whole number.
            (ElementType.float16, 2049, 2048), (.float16, 2051, 2052), (.float16, 2049.0001, 2050),
            (.float16, -2049, -2048),
            (.float16, 1 + 0x1p-11, 1), (.float16, 1 + 3 * 0x1p-11, 1 + 0x1p-9), (.float16, 2 - 0x1p-11, 2),
            // Subnormal: multiples of 2^-24.
            (.float16, 0x1p-25, 0), (.float16, 3 * 0x1p-25, 0x1p-23), (.float16, 5 * 0x1p-25, 0x1p-23),
            (.float16, 0x1p-14 - 0x1p-25, 0x1p-14),
            // Halfway from the largest number to the next power of two.
            (.float16, 65519.99, 65504), (.float16, 65520, .infinity),
            // 8 bits: from 256 on every second whole number.
            (.bfloat16, 257, 256), (.bfloat16, 259, 260), (.bfloat16, 257.01, 258), (.bfloat16, 1 + 0x1p-8, 1),
            (.bfloat16, 1 + 3 * 0x1p-8, 1 + 0x1p-6),
            // 4 bits, then 3, then 2.
            (.float8e4m3fn, 17, 16), (.float8e4m3fn, 19, 20), (.float8e4m3fn, 0x1p-10, 0), (.float8e5m2, 9, 8),
            (.float8e5m2, 11, 12), (.float4e2m1, 2.5, 2), (.float4e2m1, 5, 4), (.float4e2m1, 3.5, 4),
        ] as [(ElementType, Double, Double)])
    func ties(type: ElementType, value: Double, expected: Double) throws {
        #expect(try cast([value], to: type) == [expected])
    }

    @Test("what a type can hold stays as it is", arguments: [ElementType.float16, .bfloat16])
    func exact(type: ElementType) throws {
        let values = [0, 1, -1.5, 0x1p-14, 3 * 0x1p-16, 96, -240]
        #expect(try cast(values, to: type) == values)
    }
}
