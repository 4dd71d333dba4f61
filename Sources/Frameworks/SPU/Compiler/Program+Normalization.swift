import IR
import Pricing

/// Normalisations written out in XLA's instructions.
extension SPU.Program {
    /// Rows less their mean, times the reciprocal root of their variance, scaled and shifted.
    mutating func layerNormalization(_ node: Node, _ origin: Int) throws -> ValueID? {
        guard let x = node.input(0), elementType(x).isFloatingPoint else { return nil }
        let lengths = lengths(x)
        let axis = try node.int("axis")
        let first = axis < 0 ? axis + lengths.count : axis
        guard lengths.indices.contains(first) else { return nil }
        let axes = Array(lengths.indices.dropFirst(first))
        let site = Site(output: x, lengths: lengths, origin: origin)
        let mean = mean(x, axes, origin)
        let centred = pair(.subtract, x, broadcast(mean, to: lengths, origin), site)
        let variance = self.mean(pair(.multiply, centred, centred, site), axes, origin)
        let inverse = reciprocalRoot(variance, Double(try node.float("epsilon")), origin)
        let result = pair(.multiply, centred, broadcast(inverse, to: lengths, origin), site)
        return scaled(result, by: node.input(1), node.input(2), site)
    }

    /// Images less a mean, times a factor that is computed a channel, shifted.
    mutating func batchNormalization(_ node: Node, _ origin: Int) throws -> ValueID? {
        let inputs = node.inputs.compactMap { $0 }
        guard inputs.count == 5, try !node.flag("training_mode"), elementType(inputs[0]).isFloatingPoint,
            lengths(inputs[0]).count > 1
        else { return nil }
        let lengths = lengths(inputs[0])
        let channels = [lengths[1]] + lengths.dropFirst(2).map { _ in 1 }
        let values = inputs.dropFirst().map { reshaped($0, channels, origin) }
        let site = Site(output: inputs[0], lengths: lengths, origin: origin)
        let inverse = reciprocalRoot(values[3], Double(try node.float("epsilon")), origin)
        let factor = emit(.multiply, [values[0], inverse], channels, origin: origin)
        let centred = pair(.subtract, inputs[0], operand(values[2], lengths, origin), site)
        let result = pair(.multiply, centred, operand(factor, lengths, origin), site)
        return pair(.add, result, operand(values[1], lengths, origin), site)
    }

    private mutating func mean(_ x: ValueID, _ axes: [Int], _ origin: Int) -> ValueID {
        mean(reduced(.reduceSum, x, axes, keepsAxes: true, origin), of: x, isMean: true, origin)
    }

    private mutating func reciprocalRoot(_ x: ValueID, _ epsilon: Double, _ origin: Int) -> ValueID {
        let site = Site(output: x, lengths: lengths(x), origin: origin)
        let sum = pair(.add, x, constant(epsilon, like: x), site)
        return pair(.power, sum, constant(-0.5, like: x), site)
    }

    private mutating func scaled(_ x: ValueID, by scale: ValueID?, _ bias: ValueID?, _ site: Site) -> ValueID {
        var result = x
        if let scale { result = pair(.multiply, result, operand(scale, site.lengths, site.origin), site) }
        if let bias { result = pair(.add, result, operand(bias, site.lengths, site.origin), site) }
        return result
    }
}
