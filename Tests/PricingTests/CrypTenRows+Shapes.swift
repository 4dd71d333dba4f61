@testable import Frameworks
import Pricing

/// Shapes of results that the rows do not state.
extension CrypTenRow {
    /// The shape of a matrix product, operands of one axis being vectors.
    func product(_ left: Extent, _ right: Extent) -> Extent {
        if left.rank == 1, right.rank == 1 { return [] }
        if left.rank == 1 { return Extent(right.lengths.dropLast(2) + [right[-1]]) }
        if right.rank == 1 { return Extent(Array(left.lengths.dropLast())) }
        let batch = Extent(Array(left.lengths.dropLast(2))).broadcast(with: Extent(Array(right.lengths.dropLast(2))))
        return Extent(batch.lengths + [left[-2], right[-1]])
    }

    /// An attribute with one number or one a spatial axis.
    func spatial(_ name: String, _ value: Int) -> [Int] {
        let values = attributes.ints(name) ?? [value]
        return values.count == 1 ? [values[0], values[0]] : values
    }

    var convolutionArguments: [CrypTen.Functions.ConvolutionArgument] {
        ["stride", "padding", "dilation", "groups"].compactMap { name in
            guard let values = attributes.ints(name) else { return nil }
            return attributes.int(name).map { .number(name, $0) } ?? .tuple(name, values)
        }
    }

    func convolved(_ input: Extent, _ kernel: Extent, isTransposed: Bool) -> Extent {
        let (stride, padding) = (spatial("stride", 1), spatial("padding", 0))
        let lengths = (0..<2).map { axis in
            isTransposed
                ? (input[axis + 2] - 1) * stride[axis] - 2 * padding[axis] + kernel[axis + 2]
                : (input[axis + 2] + 2 * padding[axis] - kernel[axis + 2]) / stride[axis] + 1
        }
        return Extent([input[0], isTransposed ? kernel[1] : kernel[0]] + lengths)
    }

    var window: Int { spatial("kernel", 1).saturatingProduct() }

    func pooled() -> Extent {
        let (kernel, padding) = (spatial("kernel", 1), spatial("padding", 0))
        let stride = attributes.ints("stride") == nil ? kernel : spatial("stride", 1)
        let lengths = (0..<2).map { (x[$0 + 2] + 2 * padding[$0] - kernel[$0]) / stride[$0] + 1 }
        return Extent([x[0], x[1]] + lengths)
    }

    /// Start and end of the windows of an adaptive pooling.
    private func windows(_ length: Int, _ count: Int) -> [Range<Int>] {
        (0..<count).map { $0 * length / count..<(($0 + 1) * length + count - 1) / count }
    }

    func adaptiveMaximum() -> Call {
        let output = spatial("output", 1)
        let widest = (0..<2).map { axis in windows(x[axis + 2], output[axis]).map(\.count).max() ?? 1 }
        return f.maxPool(Extent([x[0], x[1]] + output), window: widest[0] * widest[1])
    }

    /// CrypTen widens narrow windows by their own mean, row by row and then column by column, and repeats rows that
    /// two windows share.
    func adaptiveAverage() -> Call {
        let output = spatial("output", 1)
        if output == [x[2], x[3]] { return of() }
        var calls: [Call] = []
        var shape = x
        for axis in 0..<2 where output[axis] > 1 {
            let parts = windows(x[axis + 2], output[axis])
            let widest = parts.map(\.count).max() ?? 1
            let missing = parts.reduce(0) { $0 + widest - $1.count }
            calls.append(f.mean(shape.replacing(axis + 2, with: 1)).repeated(missing))
            shape = shape.replacing(axis + 2, with: widest * output[axis])
        }
        return Call("adaptive_avg_pool2d", calls + [f.mean(Extent([x[0], x[1]] + output))])
    }
}
