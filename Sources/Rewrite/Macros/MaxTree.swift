import IR

extension Macros {
    /// `MaxTree <axis, keepdims = 1> (x)`: the maximum along an axis, taken of halves until one element is left: one comparison
    /// fewer than there are elements, in as many steps as the length has binary digits.
    static let maxTree: Writer = { node in
        let x = try node.input(0)
        let lengths = try x.lengths
        guard let written = try node.node.optionalInt("axis"), written >= -lengths.count, written < lengths.count,
            let axis = Optional(written < 0 ? written + lengths.count : written), lengths[axis] > 0
        else { throw Refusal() }
        var result = x
        var length = lengths[axis]
        while length > 1 {
            let half = length / 2
            let first = try result[axis: axis, 0..<half]
            var larger = try first.larger(of: result[axis: axis, half..<2 * half])
            if length % 2 == 1 {
                let rest = try result[axis: axis, 2 * half..<length]
                larger = try larger.apply("Concat", rest, attributes: ["axis": .int(axis)])
            }
            result = larger
            length -= half
        }
        // The macro takes the attributes of a ReduceMax.
        if try node.node.optionalInt("keepdims") ?? 1 != 1 {
            result = try result.apply("Squeeze", result.builder.integers([axis]))
        }
        return result
    }
}
