import IR

/// The shape that several shapes broadcast to under NumPy's rule.
///
/// - Throws: ``HarrierError`` if they do not fit or the result is too large.
package func broadcast(_ shapes: [[Int]]) throws -> [Int] {
    let rank = shapes.map(\.count).max() ?? 0
    var result = [Int](repeating: 1, count: rank)
    for shape in shapes {
        let lead = rank - shape.count
        for (axis, length) in shape.enumerated() where length != 1 {
            guard result[lead + axis] == 1 || result[lead + axis] == length else {
                throw HarrierError("shapes \(shapes.map { "\($0)" }.joined(separator: " and ")) do not broadcast")
            }
            result[lead + axis] = length
        }
    }
    _ = try checkedCount(result)
    return result
}

/// The strides with which an array of `shape` is read as one of the shape that it broadcasts to.
func broadcastStrides(_ shape: [Int], to target: [Int]) -> [Int] {
    let own = rowMajorStrides(shape)
    let lead = target.count - shape.count
    return target.indices.map { axis in
        axis < lead || shape[axis - lead] == 1 ? 0 : own[axis - lead]
    }
}

/// The elements of a row-major array repeated along axes of length 1 so as to be those of the shape that it broadcasts to.
///
/// - Complexity: O(elements of the result).
package func broadcast<Element>(_ elements: [Element], _ shape: [Int], to target: [Int]) -> [Element] {
    if shape == target { return elements }
    var places = [0]
    for (length, stride) in zip(target, broadcastStrides(shape, to: target)) {
        places = places.flatMap { place in (0..<length).map { place + $0 * stride } }
    }
    return places.map { elements[$0] }
}

extension NumericArray {
    /// This array repeated along axes of length 1 so as to have the given shape.
    ///
    /// - Throws: ``HarrierError`` if it does not broadcast to exactly that shape.
    package func broadcast(to target: [Int]) throws -> NumericArray {
        if shape == target { return self }
        guard try Evaluate.broadcast([shape, target]) == target else {
            throw HarrierError("shape \(shape) does not broadcast to \(target)")
        }
        return try rearranged(StridedCopy(shape: target, strides: broadcastStrides(shape, to: target)), shape: target)
    }

    /// This array with its axes in another order.
    func transposed(_ permutation: [Int]) throws -> NumericArray {
        if permutation == Array(shape.indices) { return self }
        let strides = rowMajorStrides(shape)
        let target = permutation.map { shape[$0] }
        return try rearranged(StridedCopy(shape: target, strides: permutation.map { strides[$0] }), shape: target)
    }
}
