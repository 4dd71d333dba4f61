import Evaluate
import IR
import Testing

/// Convolutions and poolings of all geometries against their definition.
@Suite struct ConvolutionTests {
    /// A geometry over two spatial axes.
    struct Geometry: CustomTestStringConvertible, Sendable {
        var input = [2, 4, 7, 6]
        var outputs = 6
        var groups = 1
        var kernel = [3, 3]
        var strides = [1, 1]
        var dilations = [1, 1]
        var pads = [0, 0, 0, 0]

        var testDescription: String {
            "\(input) \(outputs) in \(groups), kernel \(kernel), strides \(strides), dilations \(dilations), pads \(pads)"
        }

        var attributes: [String: Attribute] {
            [
                "group": .int(groups), "strides": .ints(strides), "dilations": .ints(dilations), "pads": .ints(pads),
            ]
        }

        func outputLength(_ axis: Int) -> Int {
            let span = (kernel[axis] - 1) * dilations[axis] + 1
            return (input[2 + axis] + pads[axis] + pads[2 + axis] - span) / strides[axis] + 1
        }
    }

    static let geometries: [Geometry] = [
        Geometry(),
        Geometry(pads: [1, 1, 1, 1]),
        Geometry(strides: [2, 3], pads: [0, 1, 2, 0]),
        Geometry(dilations: [2, 2], pads: [2, 2, 2, 2]),
        Geometry(kernel: [1, 1]),
        Geometry(kernel: [1, 1], strides: [2, 2]),
        Geometry(kernel: [1, 1], pads: [1, 0, 0, 1]),
        Geometry(kernel: [5, 1], pads: [4, 0, 4, 0]),
        Geometry(groups: 2, pads: [1, 1, 1, 1]),
        Geometry(outputs: 8, groups: 4, strides: [2, 1], pads: [1, 1, 1, 1]),
        Geometry(outputs: 4, groups: 4, dilations: [1, 2]),
        Geometry(input: [1, 3, 1, 1], outputs: 2, kernel: [3, 3], pads: [1, 1, 1, 1]),
        Geometry(input: [1, 2, 9, 9], outputs: 1, groups: 1, kernel: [2, 2], strides: [5, 5]),
        Geometry(input: [1, 1, 5, 5], outputs: 3, kernel: [5, 5]),
        Geometry(input: [0, 4, 7, 6]),
        Geometry(input: [1, 2, 80, 90], outputs: 2, kernel: [7, 7], pads: [3, 3, 3, 3]),
        Geometry(input: [1, 64, 60, 60], outputs: 2, kernel: [3, 3], strides: [1, 2], pads: [1, 1, 1, 1]),
    ]

    @Test(arguments: geometries, [Interpreter.Precision.float64, .float32])
    func agreesWithTheDefinition(geometry: Geometry, precision: Interpreter.Precision) throws {
        let shape = [geometry.outputs, geometry.input[1] / geometry.groups] + geometry.kernel
        let (x, w) = (noise(geometry.input, 1), noise(shape, 2))
        let bias = noise([geometry.outputs], 3)
        let wanted = try definition(geometry, x.doubles(), w.doubles(), bias.doubles())
        try KernelCase("Conv", [x, w, bias], geometry.attributes, gives: wanted)
            .check(precision: precision, tolerance: precision == .float64 ? 1e-11 : 1e-4)
    }

    /// A transposed convolution is the adjoint of the convolution: ⟨conv(x), y⟩ = ⟨x, convᵀ(y)⟩.
    @Test(arguments: geometries.filter { $0.input[0] > 0 })
    func transposedConvolutionIsTheAdjoint(geometry: Geometry) throws {
        let weights = noise([geometry.outputs, geometry.input[1] / geometry.groups] + geometry.kernel, 2)
        let x = noise(geometry.input, 1)
        let forward = try run("Conv", [x, weights], geometry.attributes)
        let y = noise(forward.shape, 4)
        var attributes = geometry.attributes
        let extra = (0..<2).map { axis in
            let reached =
                (forward.shape[2 + axis] - 1) * geometry.strides[axis]
                + (geometry.kernel[axis] - 1) * geometry.dilations[axis] + 1
            return geometry.input[2 + axis] + geometry.pads[axis] + geometry.pads[2 + axis] - reached
        }
        attributes["output_padding"] = .ints(extra)
        let backward = try run("ConvTranspose", [y, weights], attributes)
        #expect(backward.shape == x.shape)
        let (left, right) = (try inner(forward, y), try inner(x, backward))
        #expect(abs(left - right) < 1e-9 * max(1, abs(left)))
    }

    @Test(arguments: geometries.filter { geometry in geometry.groups == 1 && geometry.kernel != [1, 1] })
    func averagePoolingIsAConvolution(geometry: Geometry) throws {
        var depthwise = geometry
        (depthwise.groups, depthwise.outputs) = (geometry.input[1], geometry.input[1])
        let taps = geometry.kernel[0] * geometry.kernel[1]
        let shape = [geometry.input[1], 1] + geometry.kernel
        let weights = f(Array(repeating: 1 / Double(taps), count: geometry.input[1] * taps), shape)
        let x = noise(geometry.input, 1)
        var attributes = geometry.attributes
        attributes["group"] = nil
        attributes["kernel_shape"] = .ints(geometry.kernel)
        attributes["count_include_pad"] = .int(1)
        try KernelCase("AveragePool", [x], attributes, gives: try run("Conv", [x, weights], depthwise.attributes))
            .check(tolerance: 1e-12)
    }

    private func run(
        _ op: OperatorName, _ inputs: [NumericArray], _ attributes: [String: Attribute]
    ) throws -> NumericArray {
        let node = KernelCase(op, inputs, attributes, gives: f([0])).node
        return try #require(try Interpreter().evaluate(node, inputs: inputs)?[0])
    }

    private func inner(_ one: NumericArray, _ two: NumericArray) throws -> Double {
        zip(try one.doubles(), try two.doubles()).reduce(0) { $0 + $1.0 * $1.1 }
    }

    private func definition(_ g: Geometry, _ x: [Double], _ w: [Double], _ bias: [Double]) throws -> NumericArray {
        let (height, width) = (g.outputLength(0), g.outputLength(1))
        let (channels, taps) = (g.input[1] / g.groups, g.kernel[0] * g.kernel[1])
        var result: [Double] = []
        for n in 0..<g.input[0] {
            for m in 0..<g.outputs {
                for place in 0..<height * width {
                    var sum = bias[m]
                    for c in 0..<channels {
                        let plane = (n * g.input[1] + m / (g.outputs / g.groups) * channels + c)
                        for tap in 0..<taps {
                            let row = place / width * g.strides[0] + tap / g.kernel[1] * g.dilations[0] - g.pads[0]
                            let column = place % width * g.strides[1] + tap % g.kernel[1] * g.dilations[1] - g.pads[1]
                            guard row >= 0, row < g.input[2], column >= 0, column < g.input[3] else { continue }
                            sum +=
                                w[(m * channels + c) * taps + tap] * x[(plane * g.input[2] + row) * g.input[3] + column]
                        }
                    }
                    result.append(sum)
                }
            }
        }
        return f(result, [g.input[0], g.outputs, height, width])
    }
}

/// Numbers between -1 and 1 that look random, representable in 32 bits.
func noise(_ shape: [Int], _ seed: UInt64) -> NumericArray {
    var state = seed &* 0x9e37_79b9_7f4a_7c15
    let values = (0..<shape.reduce(1, *)).map { _ -> Double in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(Float(Double(state >> 40) / Double(1 << 23) - 1))
    }
    return f(values, shape)
}
