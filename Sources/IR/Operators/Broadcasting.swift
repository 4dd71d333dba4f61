/// The shape that two shapes broadcast to under ONNX's (NumPy's) multidirectional rule; nil if a rank is unknown.
///
/// - Throws: ``HarrierError`` if they do not fit.
package func broadcastShape(_ left: [Dimension]?, _ right: [Dimension]?) throws -> [Dimension]? {
    guard let left, let right else { return nil }
    let rank = max(left.count, right.count)
    let one = Array(repeating: Dimension.known(1), count: rank - left.count) + left
    let two = Array(repeating: Dimension.known(1), count: rank - right.count) + right
    return try zip(one, two).map { pair in
        switch pair {
        case (.known(1), let other), (let other, .known(1)): return other
        case (.known(let first), .known(let second)):
            guard first == second else {
                throw HarrierError("shapes \(display(left)) and \(display(right)) do not broadcast")
            }
            return .known(first)
        // A known length above 1 must be the other's, too, or the model could not run.
        case (.known(let length), _), (_, .known(let length)): return .known(length)
        case (let first, let second): return first == second ? first : .unknown
        }
    }
}

func display(_ shape: [Dimension]) -> String {
    "[" + shape.map(\.description).joined(separator: ",") + "]"
}
