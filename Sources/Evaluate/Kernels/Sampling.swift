import IR

/// Inputs: theta [N, 2, 3] and size [N, C, H, W], or theta [N, 3, 4] and size [N, C, D, H, W]. Output: the places that each
/// output position samples, in -1...1.
func affineGrid(_ call: Call) throws -> NumericArray {
    let theta = try call.input(0)
    guard let size = try call.integers(1), size.count == 4 || size.count == 5 else {
        throw HarrierError("AffineGrid needs a size of 4 or 5 lengths")
    }
    let spatial = Array(size.dropFirst(2))
    let rank = spatial.count
    guard theta.shape == [size[0], rank, rank + 1] else {
        throw HarrierError("AffineGrid of a theta of shape \(theta.shape) for the size \(size)")
    }
    let aligns = try call.node.flag("align_corners")
    let shape = [size[0]] + spatial + [rank]
    let count = try checkedCount(shape) / rank
    let matrix = try theta.doubles()
    let strides = rowMajorStrides(spatial)
    var result: [Double] = []
    result.reserveCapacity(count * rank)
    let positions = spatial.reduce(1, *)
    for place in 0..<count {
        // The last spatial axis is x, the first coordinate.
        let at = (0..<rank).reversed().map { axis in
            let (index, length) = (Double(place % positions / strides[axis] % spatial[axis]), Double(spatial[axis]))
            return aligns ? (length > 1 ? 2 * index / (length - 1) - 1 : 0) : (2 * index + 1) / length - 1
        }
        for row in 0..<rank {
            let base = (place / positions * rank + row) * (rank + 1)
            result.append(at.indices.reduce(matrix[base + rank]) { $0 + matrix[base + $1] * at[$1] })
        }
    }
    return try call.result(result, shape: shape, type: theta.elementType)
}

/// How GridSample reads places between and beyond grid points.
private struct GridMode {
    let interpolation: String
    let padding: String
    let aligns: Bool

    /// A coordinate of -1...1 in grid points.
    func position(_ x: Double, _ length: Int) -> Double {
        aligns ? (x + 1) / 2 * Double(length - 1) : ((x + 1) * Double(length) - 1) / 2
    }

    /// The grid point that is read for an index; nil for zero.
    func index(_ index: Double, _ length: Int) -> Int? {
        if index >= 0 && index <= Double(length - 1) { return Int(index) }
        switch padding {
        case "border": return index > 0 ? length - 1 : 0
        case "reflection":
            let (low, high) = aligns ? (0, Double(length - 1)) : (-0.5, Double(length) - 0.5)
            let span = high - low
            guard span > 0, index.isFinite else { return 0 }
            let distance = abs(index - low).truncatingRemainder(dividingBy: 2 * span)
            let folded = low + (distance > span ? 2 * span - distance : distance)
            return min(max(Int(folded.rounded()), 0), length - 1)
        default: return nil
        }
    }

    /// The grid points around a position and their weights.
    func taps(_ coordinate: Double, _ length: Int) -> [(index: Int, weight: Double)] {
        var position = position(coordinate, length)
        guard position.isFinite else { return [] }
        if padding == "border" && interpolation != "cubic" { position = clamp(position, 0, Double(length - 1)) }
        if interpolation == "nearest" {
            return index(position.rounded(.toNearestOrEven), length).map { [($0, 1)] } ?? []
        }
        let base = position.rounded(.down)
        let rest = position - base
        let weights = interpolation == "linear" ? [(0.0, 1 - rest), (1.0, rest)] : cubicWeights(rest)
        return weights.compactMap { step, weight in index(base + step, length).map { ($0, weight) } }
    }

    private func cubicWeights(_ t: Double) -> [(Double, Double)] {
        let a = -0.75
        func near(_ x: Double) -> Double { ((a + 2) * x - (a + 3)) * x * x + 1 }
        func far(_ x: Double) -> Double { ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }
        return [(-1, far(1 + t)), (0, near(t)), (1, near(1 - t)), (2, far(2 - t))]
    }
}

/// Inputs: X [N, C, spatial...], grid [N, output spatial..., rank] in -1...1, the last coordinate being that of the first axis.
func gridSample(_ call: Call) throws -> NumericArray {
    let (input, grid) = (try call.input(0), try call.input(1))
    let rank = input.rank - 2
    guard rank >= 1, grid.rank == input.rank, grid.shape[0] == input.shape[0], grid.shape[rank + 1] == rank,
        !input.shape.dropFirst(2).contains(0)
    else { throw HarrierError("a grid of shape \(grid.shape) for an input of shape \(input.shape)") }
    let mode = GridMode(
        interpolation: try call.node.choice(
            "mode", of: ["linear", "nearest", "cubic", "bilinear", "bicubic"]
        ).replacingPrefix("bi"),
        padding: try call.node.choice("padding_mode", of: ["zeros", "border", "reflection"]),
        aligns: try call.node.flag("align_corners"))
    let spatial = Array(input.shape.dropFirst(2))
    let strides = rowMajorStrides(spatial)
    let (plane, channels) = (spatial.reduce(1, *), input.shape[1])
    let outputs = grid.shape[1...rank].reduce(1, *)
    let shape = Array(input.shape.prefix(2)) + grid.shape[1...rank]
    var result = [Double](repeating: 0, count: try checkedCount(shape))
    let (x, places) = (try input.doubles(), try grid.doubles())
    for position in 0..<input.shape[0] * outputs {
        var taps: [(offset: Int, weight: Double)] = [(0, 1)]
        for axis in 0..<rank {
            let own = mode.taps(places[position * rank + rank - 1 - axis], spatial[axis])
            taps = taps.flatMap { tap in own.map { (tap.offset + $0.index * strides[axis], tap.weight * $0.weight) } }
        }
        for channel in 0..<channels {
            let base = (position / outputs * channels + channel)
            result[base * outputs + position % outputs] = taps.reduce(0) {
                $0 + $1.weight * x[base * plane + $1.offset]
            }
        }
    }
    return try call.result(result, shape: shape, type: input.elementType)
}

extension String {
    /// The string without that prefix, if it has it.
    fileprivate func replacingPrefix(_ prefix: String) -> String {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
    }
}
