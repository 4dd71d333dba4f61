import IR

extension DifferentiableForms {
    /// Pads that copy elements read them by index.
    static let movements: [OperatorName: Writer] = [
        "Pad": form { node in
            let mode = try node.node.string("mode")
            guard mode != "constant" else { return nil }
            var result = try node.input(0)
            let lengths = try result.lengths
            let pads = try node.pads(rank: lengths.count)
            for axis in lengths.indices where pads.begin[axis] != 0 || pads.end[axis] != 0 {
                let places = (-pads.begin[axis]..<lengths[axis] + pads.end[axis]).map {
                    source($0, length: lengths[axis], mode)
                }
                result = try result.apply("Gather", node.builder.integers(places), attributes: ["axis": .int(axis)])
            }
            return result
        }
    ]

    /// Where a padded element comes from.
    private static func source(_ place: Int, length: Int, _ mode: String) -> Int {
        guard length > 1 else { return 0 }
        switch mode {
        case "wrap": return (place % length + length) % length
        case "reflect":
            let period = 2 * (length - 1)
            let inside = (place % period + period) % period
            return min(inside, period - inside)
        default: return min(max(place, 0), length - 1)
        }
    }
}
