import IR

/// A rectangle of a detection.
private struct Box {
    var low: (y: Double, x: Double)
    var high: (y: Double, x: Double)

    /// From two corners, or from a centre and sizes.
    init(_ values: ArraySlice<Double>, isCentered: Bool) {
        let v = Array(values)
        if isCentered {
            low = (v[1] - v[3] / 2, v[0] - v[2] / 2)
            high = (v[1] + v[3] / 2, v[0] + v[2] / 2)
        } else {
            low = (min(v[0], v[2]), min(v[1], v[3]))
            high = (max(v[0], v[2]), max(v[1], v[3]))
        }
    }

    var area: Double { (high.y - low.y) * (high.x - low.x) }

    /// The area of the intersection divided by that of the union.
    func overlap(_ other: Box) -> Double {
        let height = min(high.y, other.high.y) - max(low.y, other.low.y)
        let width = min(high.x, other.high.x) - max(low.x, other.low.x)
        guard height > 0, width > 0 else { return 0 }
        return height * width / (area + other.area - height * width)
    }
}

/// Boxes [N, B, 4] and scores [N, C, B]: for each image and class the best boxes that overlap no better one too much, as rows
/// of image, class and box.
func nonMaxSuppression(_ call: Call) throws -> NumericArray {
    let (boxes, scores) = (try call.input(0), try call.input(1))
    guard boxes.rank == 3, scores.rank == 3, boxes.shape[2] == 4, boxes.shape[0] == scores.shape[0],
        boxes.shape[1] == scores.shape[2]
    else { throw HarrierError("boxes of shape \(boxes.shape) for scores of shape \(scores.shape)") }
    let most = max(0, try call.integer(2) ?? 0)
    let (overlap, threshold) = (try call.number(3) ?? 0, try call.number(4))
    let isCentered = try call.node.flag("center_point_box")
    let (coordinates, weights) = (try boxes.doubles(), try scores.doubles())
    let (count, classes) = (boxes.shape[1], scores.shape[1])
    var rows: [Int64] = []
    for image in 0..<boxes.shape[0] {
        let all = (0..<count).map { index in
            Box(coordinates[((image * count + index) * 4)..<((image * count + index + 1) * 4)], isCentered: isCentered)
        }
        for category in 0..<classes {
            func score(_ box: Int) -> Double { weights[(image * classes + category) * count + box] }
            let candidates = (0..<count).filter { threshold == nil || score($0) > threshold! }
                .sorted { score($0) == score($1) ? $0 < $1 : score($0) > score($1) }
            var kept: [Int] = []
            for box in candidates where kept.count < most && kept.allSatisfy({ all[$0].overlap(all[box]) <= overlap }) {
                kept.append(box)
            }
            rows += kept.flatMap { [Int64(image), Int64(category), Int64($0)] }
        }
    }
    return try call.result(rows, shape: [rows.count / 3, 3], type: .int64)
}
