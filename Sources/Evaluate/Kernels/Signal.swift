import Foundation
import IR

/// Signal processing.
let signalKernels: [KernelRow] = [
    KernelRow("HannWindow") { try window($0, 0.5, 0.5, 0) },
    KernelRow("HammingWindow") { try window($0, 25.0 / 46, 21.0 / 46, 0) },
    KernelRow("BlackmanWindow") { try window($0, 0.42, 0.5, 0.08) },
    KernelRow("MelWeightMatrix", melWeights),
    KernelRow("DFT", fourierTransform),
    KernelRow("STFT", shortTimeFourierTransform),
]

/// A result of the type that an attribute names, float by default.
private func typed(_ call: Call, _ values: [Double], _ shape: [Int]) throws -> NumericArray {
    let number = try call.node.int("output_datatype")
    guard let type = ElementType(rawValue: number) else { throw HarrierError("\(number) is not an element type") }
    guard type.isFloatingPoint else {
        return try call.result(values.map { Int64(saturating: $0) }, shape: shape, type: type)
    }
    return try call.result(values, shape: shape, type: type)
}

/// `a - b cos(2πn/N) + c cos(4πn/N)`, where N is the size, or one less if the window is symmetric.
private func window(_ call: Call, _ a: Double, _ b: Double, _ c: Double) throws -> NumericArray {
    guard let size = try call.integer(0) else { throw HarrierError("\(call.node.op) lacks its size") }
    _ = try checkedCount([size])
    let period = Double(try call.node.flag("periodic") ? size : size - 1)
    let values = (0..<size).map { n in
        let angle = period == 0 ? 0 : 2 * Double.pi * Double(n) / period
        return a - b * cos(angle) + c * cos(2 * angle)
    }
    return try typed(call, values, [size])
}

/// Triangular filters evenly spaced on the mel scale.
private func melWeights(_ call: Call) throws -> NumericArray {
    guard let bins = try call.integer(0), let length = try call.integer(1), let rate = try call.integer(2),
        let low = try call.number(3), let high = try call.number(4), bins >= 0, length >= 0, length < 1 << 28, rate > 0
    else { throw HarrierError("MelWeightMatrix needs sensible bins, length, rate and edges") }
    let rows = length / 2 + 1
    _ = try checkedCount([rows, bins])
    _ = try checkedCount([bins + 2])
    func mel(_ frequency: Double) -> Double { 2595 * log10(1 + frequency / 700) }
    let step = (mel(high) - mel(low)) / Double(bins + 2)
    let edges = (0..<bins + 2).map { bin -> Int in
        let frequency = 700 * (pow(10, (mel(low) + Double(bin) * step) / 2595) - 1)
        let row = (Double(length + 1) * frequency / Double(rate)).rounded(.down)
        return row.isNaN ? 0 : Int(clamp(row, 0, Double(rows)))
    }
    var values = [Double](repeating: 0, count: rows * bins)
    for bin in 0..<bins {
        let (left, centre, right) = (edges[bin], edges[bin + 1], edges[bin + 2])
        for row in left..<max(left, min(rows, right)) {
            values[row * bins + bin] =
                row <= centre
                ? (centre == left ? 1 : Double(row - left) / Double(centre - left))
                : Double(right - row) / Double(right - centre)
        }
        if centre < rows && right <= centre { values[centre * bins + bin] = 1 }
    }
    return try typed(call, values, [rows, bins])
}

/// Discrete Fourier transforms of one length, by the definition: the interpreter is a reference, and lengths are small.
private struct FourierTransform {
    let length: Int
    private let cosines: [Double]
    private let sines: [Double]
    private let scale: Double

    init(length: Int, isInverse: Bool) throws {
        guard length > 0, length <= 1 << 16 else { throw HarrierError("a Fourier transform of length \(length)") }
        self.length = length
        let angles = (0..<length).map { 2 * Double.pi * Double($0) / Double(length) }
        cosines = angles.map { cos($0) }
        sines = angles.map { isInverse ? sin($0) : -sin($0) }
        scale = isInverse ? 1 / Double(length) : 1
    }

    /// The transform of a signal, cut or filled with zeros to the length, at the first frequencies.
    func callAsFunction(_ signal: [(Double, Double)], frequencies: Int) -> [(Double, Double)] {
        (0..<frequencies).map { frequency in
            var (real, imaginary) = (0.0, 0.0)
            for (n, (x, y)) in signal.prefix(length).enumerated() {
                let angle = frequency * n % length
                real += x * cosines[angle] - y * sines[angle]
                imaginary += x * sines[angle] + y * cosines[angle]
            }
            return (real * scale, imaginary * scale)
        }
    }
}

/// Inputs: a signal [..., 1 or 2], the length and the axis.
private func fourierTransform(_ call: Call) throws -> NumericArray {
    let input = try call.input(0)
    guard input.rank >= 2, let parts = input.shape.last, parts == 1 || parts == 2 else {
        throw HarrierError("DFT of a signal of shape \(input.shape)")
    }
    let isInverse = try call.node.flag("inverse")
    let isOneSided = try call.node.flag("onesided")
    // Before opset 20 the axis was an attribute.
    let axis = try call.axis(try call.integer(2) ?? call.node.optionalInt("axis") ?? -2, rank: input.rank)
    guard axis < input.rank - 1 else { throw HarrierError("DFT along the axis of real and imaginary parts") }
    let restoresReal = isInverse && isOneSided
    let length = try call.integer(1) ?? (restoresReal ? 2 * (input.shape[axis] - 1) : input.shape[axis])
    let transform = try FourierTransform(length: length, isInverse: isInverse)
    let rows = try Rows(input, axes: [axis, input.rank - 1])
    let values = try rows.array.doubles()
    let frequencies = isOneSided && !isInverse ? length / 2 + 1 : length
    var results: [Double] = []
    for row in 0..<rows.count {
        var signal = (0..<input.shape[axis]).map { step -> (Double, Double) in
            let place = row * rows.length + step * parts
            return (values[place], parts == 2 ? values[place + 1] : 0)
        }
        if restoresReal {
            // The other half of a real signal's spectrum is the mirrored conjugate.
            let half = Array((signal + Array(repeating: (0, 0), count: length / 2 + 1)).prefix(length / 2 + 1))
            signal =
                half
                + (0..<length - half.count).map { index in
                    let mirrored = half[length - half.count - index]
                    return (mirrored.0, -mirrored.1)
                }
        }
        for (real, imaginary) in transform(signal, frequencies: frequencies) {
            results += restoresReal ? [real] : [real, imaginary]
        }
    }
    var order = Array(0..<input.rank - 1)
    order.remove(at: axis)
    let last = restoresReal ? 1 : 2
    let shape = order.map { input.shape[$0] } + [frequencies, last]
    let array = try call.result(results, shape: shape, type: input.elementType)
    // The transformed axis is last but one now and goes back to its place.
    var back = Array(0..<input.rank - 2)
    back.insert(input.rank - 2, at: axis)
    return try array.transposed(back + [input.rank - 1])
}

/// Inputs: a signal [batch, steps, 1 or 2], the step between frames, a window and the frames' length.
private func shortTimeFourierTransform(_ call: Call) throws -> NumericArray {
    let input = try call.input(0)
    guard input.rank == 3, input.shape[2] == 1 || input.shape[2] == 2, let hop = try call.integer(1), hop > 0 else {
        throw HarrierError("STFT of a signal of shape \(input.shape)")
    }
    let window = try call.optional(2)?.doubles()
    let (steps, parts) = (input.shape[1], input.shape[2])
    let length = try call.integer(3) ?? window?.count ?? steps
    guard length > 0, length <= steps, window == nil || window!.count <= length else {
        throw HarrierError("frames of length \(length) in a signal of \(steps)")
    }
    let frames = (steps - length) / hop + 1
    let isOneSided = try call.node.flag("onesided")
    let frequencies = isOneSided ? length / 2 + 1 : length
    let shape = [input.shape[0], frames, frequencies, 2]
    _ = try checkedCount(shape)
    let transform = try FourierTransform(length: length, isInverse: false)
    let values = try input.doubles()
    var results: [Double] = []
    for batch in 0..<input.shape[0] {
        for frame in 0..<frames {
            let signal = (0..<length).map { step -> (Double, Double) in
                let place = (batch * steps + frame * hop + step) * parts
                let weight = window.map { step < $0.count ? $0[step] : 0 } ?? 1
                return (values[place] * weight, parts == 2 ? values[place + 1] * weight : 0)
            }
            for (real, imaginary) in transform(signal, frequencies: frequencies) { results += [real, imaginary] }
        }
    }
    return try call.result(results, shape: shape, type: input.elementType)
}
