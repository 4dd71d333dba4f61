extension TypeInference {
    mutating func inferSlice() throws {
        guard let shape = shape(0) else { return setOutput(0, elementType(0), nil) }
        let starts = try integers(1)
        let ends = try integers(2)
        let steps = has(4) ? try integers(4) : nil
        let count = try starts?.count ?? ends?.count ?? listLength(1)
        let axes = has(3) ? try integers(3) : count.flatMap { $0 <= shape.count ? Array(0..<$0) : nil }
        guard let axes else { return setOutput(0, elementType(0), Array(repeating: .unknown, count: shape.count)) }
        for list in [starts, ends, steps] where list != nil && list?.count != axes.count {
            throw HarrierError("Slice has lists of starts, ends, axes and steps of different lengths")
        }
        var result = shape
        for (index, axis) in try normalized(axes: axes, rank: shape.count).enumerated() {
            guard let starts, let ends, !has(4) || steps != nil else {
                result[axis] = .unknown
                continue
            }
            result[axis] = try slicedLength(
                shape[axis], from: starts[index], to: ends[index], by: steps?[index] ?? 1)
        }
        setOutput(0, elementType(0), result)
    }

    /// The number of elements that a slice of an axis has.
    private func slicedLength(_ length: Dimension, from start: Int, to end: Int, by step: Int) throws -> Dimension {
        guard step != 0 else { throw HarrierError("Slice has a step of 0") }
        guard let length = length.value else {
            // Exporters write "to the end" as the greatest 32-bit or 64-bit number.
            return start == 0 && end >= Int(Int32.max) && step == 1 ? length : .unknown
        }
        let bounds = step > 0 ? 0...max(length, 0) : -1...max(length -| 1, -1)
        func place(_ position: Int) -> Int {
            min(max(position < 0 ? position +| length : position, bounds.lowerBound), bounds.upperBound)
        }
        // A slice that goes backwards cannot start before the first element, only end there.
        let first = step > 0 ? place(start) : max(place(start), length > 0 ? 0 : -1)
        let span = step > 0 ? place(end) - first : first - place(end)
        guard span > 0, let stride = Int(exactly: step.magnitude) else { return .known(max(0, min(span, 1))) }
        return .known(span.dividedRoundingUp(by: stride))
    }
}
