import IR

/// Inputs: X [N, C, H, W], regions [R, 4] as x1, y1, x2, y2, and the image of each region.
func roiAlign(_ call: Call) throws -> NumericArray {
    let (input, regions) = (try call.input(0), try call.input(1))
    let images = try call.integers(2) ?? []
    let height = try call.node.int("output_height")
    let width = try call.node.int("output_width")
    guard input.rank == 4, regions.shape == [images.count, 4], images.allSatisfy({ (0..<input.shape[0]).contains($0) }),
        height > 0, width > 0, input.count > 0
    else { throw HarrierError("RoiAlign of regions of shape \(regions.shape) in an input of shape \(input.shape)") }
    let shape = [images.count, input.shape[1], height, width]
    _ = try checkedCount(shape)
    let takesMaximum = try call.node.choice("mode", of: ["avg", "max"]) == "max"
    let isHalfPixel =
        try call.node.choice(
            "coordinate_transformation_mode", of: ["half_pixel", "output_half_pixel"])
        == "half_pixel"
    let scale = try call.double("spatial_scale")
    let ratio = try call.node.int("sampling_ratio")
    let shift = isHalfPixel ? 0.5 : 0
    let corners = try regions.doubles()
    let x = try input.doubles()
    var result: [Double] = []
    try x.withUnsafeBufferPointer { x in
        guard let x = x.baseAddress else { return }
        for (region, image) in images.enumerated() {
            let edges = (0..<4).map { corners[region * 4 + $0] * scale - shift }
            var (spanX, spanY) = (edges[2] - edges[0], edges[3] - edges[1])
            if !isHalfPixel { (spanX, spanY) = (max(spanX, 1), max(spanY, 1)) }
            let (binX, binY) = (spanX / Double(width), spanY / Double(height))
            let samplesX = ratio > 0 ? ratio : Int(saturatingCount: binX.rounded(.up))
            let samplesY = ratio > 0 ? ratio : Int(saturatingCount: binY.rounded(.up))
            _ = try checkedCount([samplesX, samplesY])
            for channel in 0..<input.shape[1] {
                let plane = AlignedPlane(
                    values: x + (image * input.shape[1] + channel) * input.shape[2] * input.shape[3],
                    height: input.shape[2], width: input.shape[3], takesMaximum: takesMaximum)
                for row in 0..<height {
                    for column in 0..<width {
                        result.append(
                            plane.pooled(
                                top: edges[1] + Double(row) * binY, left: edges[0] + Double(column) * binX,
                                steps: (binY / Double(samplesY), binX / Double(samplesX)), counts: (samplesY, samplesX))
                        )
                    }
                }
            }
        }
    }
    return try call.result(result, shape: shape, type: input.elementType)
}

extension Int {
    /// A number of samples of at least one.
    fileprivate init(saturatingCount value: Double) {
        self = value.isFinite ? Int(clamp(value, 1, 0x1p30)) : 1
    }
}

/// A plane that RoiAlign samples: places up to one point outside are taken at the border.
private struct AlignedPlane {
    let values: UnsafePointer<Double>
    let height: Int
    let width: Int
    let takesMaximum: Bool

    /// The mean, or maximum, of samples in a bin. The maximum is over the weighted corners of each sample, as ONNX defines it.
    func pooled(top: Double, left: Double, steps: (y: Double, x: Double), counts: (y: Int, x: Int)) -> Double {
        var (sum, largest) = (0.0, -Double.infinity)
        for row in 0..<counts.y {
            for column in 0..<counts.x {
                let parts = parts(
                    top + (Double(row) + 0.5) * steps.y, left + (Double(column) + 0.5) * steps.x)
                sum += parts.reduce(0, +)
                largest = max(largest, parts.max() ?? 0)
            }
        }
        return takesMaximum ? largest : sum / Double(max(1, counts.y * counts.x))
    }

    private func parts(_ y: Double, _ x: Double) -> [Double] {
        guard y >= -1, y <= Double(height), x >= -1, x <= Double(width) else { return [0] }
        let (y, x) = (clamp(y, 0, Double(height - 1)), clamp(x, 0, Double(width - 1)))
        let (top, left) = (Int(y), Int(x))
        let (bottom, right) = (min(top + 1, height - 1), min(left + 1, width - 1))
        let (dy, dx) = (y - Double(top), x - Double(left))
        return [
            (1 - dy) * (1 - dx) * values[top * width + left], (1 - dy) * dx * values[top * width + right],
            dy * (1 - dx) * values[bottom * width + left], dy * dx * values[bottom * width + right],
        ]
    }
}

/// Inputs: X [N, C, H, W] and regions [R, 5] as image, x1, y1, x2, y2 in whole pixels after scaling.
func maxRoiPool(_ call: Call) throws -> NumericArray {
    let (input, regions) = (try call.input(0), try call.input(1))
    guard input.rank == 4, regions.rank == 2, regions.shape[1] == 5,
        case let pooled = try call.node.ints("pooled_shape"),
        pooled.count == 2, pooled.allSatisfy({ $0 > 0 })
    else { throw HarrierError("MaxRoiPool of regions of shape \(regions.shape) in an input of shape \(input.shape)") }
    let scale = try call.double("spatial_scale")
    let shape = [regions.shape[0], input.shape[1]] + pooled
    _ = try checkedCount(shape)
    let (x, corners) = (try input.doubles(), try regions.doubles())
    let (height, width) = (input.shape[2], input.shape[3])
    var result: [Double] = []
    for region in 0..<regions.shape[0] {
        let image = Int64(saturating: corners[region * 5])
        guard image >= 0, image < input.shape[0] else {
            throw HarrierError("image \(image) of MaxRoiPool is out of range")
        }
        let edges = (1...4).map { Double(Int64(saturating: (corners[region * 5 + $0] * scale).rounded())) }
        func range(_ bin: Int, _ bins: Int, _ start: Double, _ end: Double, _ length: Int) -> Range<Int> {
            let size = max(end - start + 1, 1) / Double(bins)
            let low = clamp((Double(bin) * size).rounded(.down) + start, 0, Double(length))
            let high = clamp((Double(bin + 1) * size).rounded(.up) + start, 0, Double(length))
            return Int(low)..<Int(max(low, high))
        }
        for channel in 0..<input.shape[1] {
            let base = (Int(image) * input.shape[1] + channel) * height * width
            for row in 0..<pooled[0] {
                let lines = range(row, pooled[0], edges[1], edges[3], height)
                for column in 0..<pooled[1] {
                    let columns = range(column, pooled[1], edges[0], edges[2], width)
                    let seen = lines.flatMap { line in columns.map { x[base + line * width + $0] } }
                    result.append(seen.max() ?? 0)
                }
            }
        }
    }
    return try call.result(result, shape: shape, type: input.elementType)
}
