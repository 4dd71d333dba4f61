import IR

/// How Resize samples one axis: for each output index the input indices and their weights.
private struct Sampling {
    var taps: [[(index: Int, weight: Double)]]
    /// Outputs that lie outside the input and take the fill (only with `tf_crop_and_resize`).
    var outside: [Bool]
}

/// The attributes of Resize.
private struct ResizeMode {
    let interpolation: String
    let coordinates: String
    let nearest: String
    let cubic: Double
    let excludesOutside: Bool
    let isAntialiased: Bool

    init(_ call: Call) throws {
        interpolation = try call.node.choice("mode", of: ["nearest", "linear", "cubic"])
        coordinates = try call.node.choice(
            "coordinate_transformation_mode",
            of: [
                "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric",
                "tf_crop_and_resize",
            ])
        nearest = try call.node.choice(
            "nearest_mode",
            of: ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"])
        cubic = try call.double("cubic_coeff_a")
        excludesOutside = try call.node.flag("exclude_outside")
        isAntialiased = try call.node.flag("antialias")
    }

    /// Where an output index lies in the input.
    func position(_ output: Int, _ input: Int, _ length: Int, _ scale: Double, _ region: ClosedRange<Double>) -> Double
    {
        let x = Double(output)
        // The output's length before it was rounded down.
        let exact = scale * Double(input)
        switch coordinates {
        case "asymmetric": return x / scale
        case "pytorch_half_pixel": return length > 1 ? (x + 0.5) / scale - 0.5 : 0
        case "align_corners": return length > 1 ? x * Double(input - 1) / (exact - 1) : 0
        case "half_pixel_symmetric":
            let adjustment = Double(length) / exact
            let offset = Double(input) / 2 * (1 - adjustment)
            return offset + (x + 0.5) / scale - 0.5
        case "tf_crop_and_resize":
            let (start, end, last) = (region.lowerBound, region.upperBound, Double(input - 1))
            return length > 1
                ? start * last + x * (end - start) * last / Double(length - 1) : 0.5 * (start + end) * last
        default: return (x + 0.5) / scale - 0.5
        }
    }

    /// The input indices around a position that are read, and their weights before the borders are looked at.
    func weights(at position: Double, scale: Double) -> [(index: Int, weight: Double)] {
        if interpolation == "nearest" { return [(Int(nearestIndex(position)), 1)] }
        // Antialiasing widens the filter by the factor of shrinking.
        let stretch = isAntialiased ? min(1, scale) : 1
        let support = (interpolation == "linear" ? 1.0 : 2.0) / stretch
        let (low, high) = (Int((position - support).rounded(.up)), Int((position + support).rounded(.down)))
        var taps = (low...max(low, high)).map { index -> (index: Int, weight: Double) in
            let distance = abs(Double(index) - position) * stretch
            return (index, interpolation == "linear" ? max(0, 1 - distance) : cubicWeight(distance))
        }
        if isAntialiased {
            let total = taps.reduce(0) { $0 + $1.weight }
            taps = taps.map { ($0.index, $0.weight / total) }
        }
        return taps
    }

    private func nearestIndex(_ position: Double) -> Double {
        switch nearest {
        case "floor": position.rounded(.down)
        case "ceil": position.rounded(.up)
        case "round_prefer_ceil": (position + 0.5).rounded(.down)
        default: (position - 0.5).rounded(.up)
        }
    }

    private func cubicWeight(_ x: Double) -> Double {
        if x <= 1 { return ((cubic + 2) * x - (cubic + 3)) * x * x + 1 }
        if x < 2 { return ((cubic * x - 5 * cubic) * x + 8 * cubic) * x - 4 * cubic }
        return 0
    }

    func sampling(_ input: Int, _ length: Int, _ scale: Double, _ region: ClosedRange<Double>) -> Sampling {
        var result = Sampling(taps: [], outside: [])
        for output in 0..<length {
            let position = position(output, input, length, scale, region)
            let isOutside = coordinates == "tf_crop_and_resize" && (position < 0 || position > Double(input - 1))
            result.outside.append(isOutside)
            guard !isOutside, position.isFinite, abs(position) < 0x1p40 else {
                result.taps.append([(0, 0)])
                continue
            }
            var taps = weights(at: position, scale: scale)
            if excludesOutside {
                taps = taps.filter { $0.index >= 0 && $0.index < input }
                let total = taps.reduce(0) { $0 + $1.weight }
                taps = taps.map { ($0.index, $0.weight / total) }
            }
            result.taps.append(taps.map { (min(max($0.index, 0), input - 1), $0.weight) })
        }
        return result
    }
}

/// Resize: inputs X, region of interest, scales, sizes. Axes are resampled one after another.
func resize(_ call: Call) throws -> NumericArray {
    let input = try call.input(0)
    let mode = try ResizeMode(call)
    let axes = try normalizedAxes(try call.node.optionalInts("axes") ?? Array(input.shape.indices), rank: input.rank)
    let (lengths, scales) = try resizeLengths(call, input.shape, axes)
    let region = try call.optional(1)?.doubles() ?? []
    let fill = try call.double("extrapolation_value")
    var shape = input.shape
    for (position, axis) in axes.enumerated() { shape[axis] = lengths[position] }
    _ = try checkedCount(shape)
    var values = try input.doubles()
    var current = input.shape
    var outside = [[Bool]](repeating: [], count: input.rank)
    for (position, axis) in axes.enumerated() {
        let (length, scale) = (lengths[position], scales[position])
        guard input.shape[axis] > 0 || length == 0 else { throw HarrierError("Resize of an empty axis") }
        let hasRegion = region.count == 2 * axes.count
        let (start, end) = hasRegion ? (region[position], region[axes.count + position]) : (0, 1)
        if length == input.shape[axis] && scale == 1 && mode.coordinates != "tf_crop_and_resize" { continue }
        guard start <= end else { throw HarrierError("a region of Resize that ends before it starts") }
        let sampling = mode.sampling(input.shape[axis], length, scale, start...end)
        outside[axis] = sampling.outside
        values = resample(values, current, axis, sampling)
        current[axis] = length
    }
    let strides = rowMajorStrides(shape)
    for axis in axes where outside[axis].contains(true) {
        for index in values.indices where outside[axis][index / strides[axis] % shape[axis]] { values[index] = fill }
    }
    if input.elementType.isInteger {
        let range = try integerRange(input.elementType)
        let integers = values.map { Int64(saturating: clamp($0.rounded(), range.lowerBound, range.upperBound)) }
        return try call.result(integers, shape: shape, type: input.elementType)
    }
    return try call.result(values, shape: shape, type: input.elementType)
}

/// Output lengths and scales of the resized axes, from the scales or from the sizes.
private func resizeLengths(_ call: Call, _ shape: [Int], _ axes: [Int]) throws -> ([Int], [Double]) {
    if let sizes = try call.integers(3), !sizes.isEmpty {
        guard sizes.count == axes.count, sizes.allSatisfy({ $0 >= 0 && $0 <= NumericArray.maximumCount }) else {
            throw HarrierError("sizes of Resize that do not fit its \(axes.count) axes")
        }
        var scales = zip(sizes, axes).map { Double($0) / Double(max(1, shape[$1])) }
        let policy = try call.node.choice(
            "keep_aspect_ratio_policy", of: ["stretch", "not_larger", "not_smaller"])
        guard policy != "stretch", let scale = policy == "not_larger" ? scales.min() : scales.max() else {
            return (sizes, scales)
        }
        scales = scales.map { _ in scale }
        return (axes.map { Int((scale * Double(shape[$0])).rounded()) }, scales)
    }
    let scales = try call.optional(2)?.doubles() ?? []
    guard scales.count == axes.count, scales.allSatisfy({ $0 > 0 && $0 < 0x1p28 }) else {
        throw HarrierError("scales of Resize that do not fit its \(axes.count) axes")
    }
    return (zip(scales, axes).map { Int(($0 * Double(shape[$1])).rounded(.down)) }, scales)
}

private func resample(_ values: [Double], _ shape: [Int], _ axis: Int, _ sampling: Sampling) -> [Double] {
    let (outer, inner) = (shape[..<axis].reduce(1, *), shape[(axis + 1)...].reduce(1, *))
    let length = sampling.taps.count
    var result = [Double](repeating: 0, count: outer * length * inner)
    for block in 0..<outer {
        for (output, taps) in sampling.taps.enumerated() {
            let target = (block * length + output) * inner
            for tap in taps {
                let source = (block * shape[axis] + tap.index) * inner
                for i in 0..<inner { result[target + i] += tap.weight * values[source + i] }
            }
        }
    }
    return result
}
