/// How the window of a convolution or a pool slides over the spatial axes: attributes with their defaults filled in and
/// automatic padding worked out.
package struct WindowGeometry: Hashable, Sendable {
    /// Window lengths, before dilation.
    package let kernel: [Int]
    /// Steps from one window to the next.
    package let strides: [Int]
    /// Distances between the elements of a window.
    package let dilations: [Int]
    /// Elements added before the first, an entry for each axis. Negative ones cut elements off.
    package internal(set) var padsBegin: [Int]
    /// Elements added after the last.
    package internal(set) var padsEnd: [Int]
    /// Number of windows along each axis; ``Dimension/unknown`` where the input's length is open.
    package internal(set) var outputLengths: [Dimension]

    /// Padding that follows from lengths instead of `pads`.
    enum AutomaticPadding: String, CaseIterable {
        case notSet = "NOTSET"
        case sameUpper = "SAME_UPPER"
        case sameLower = "SAME_LOWER"
        case valid = "VALID"
    }

    /// The window of a node over spatial axes of the given lengths.
    ///
    /// - Parameters:
    ///   - kernel: the window's lengths, from `kernel_shape` or from the weights.
    ///   - spatial: the input's lengths along the spatial axes.
    /// - Throws: ``HarrierError`` if an attribute has the wrong number of entries, is out of range, or the window is
    ///   larger than the padded input.
    package init(of node: Node, kernel: [Int], spatial: [Dimension]) throws {
        try self.init(unplaced: node, kernel: kernel, rank: spatial.count)
        let automatic = try Self.automaticPadding(of: node)
        // ONNX's text gives a formula for VALID that counts full windows only, but onnx's own shape inference and onnxruntime
        // round up for it, too: models in the world are what those make of them.
        let ceiling = (try node.optionalInt("ceil_mode") ?? 0) != 0 && (automatic == .notSet || automatic == .valid)
        outputLengths = try spatial.indices.map { axis in
            guard let length = spatial[axis].value else { return .unknown }
            switch automatic {
            case .sameUpper, .sameLower:
                let windows = max(length, 0).dividedRoundingUp(by: strides[axis])
                setPads(
                    axis, total: max(0, (windows - 1) *| strides[axis] +| extent(axis) -| length),
                    lowerFirst: automatic == .sameLower)
                return .known(windows)
            case .notSet, .valid:
                return .known(try windows(axis, over: length, ceiling: ceiling, node: node))
            }
        }
    }

    /// The window of a ConvTranspose node, whose output is what a convolution would have read.
    ///
    /// - Throws: as ``init(of:kernel:spatial:)``.
    package init(ofTransposed node: Node, kernel: [Int], spatial: [Dimension]) throws {
        try self.init(unplaced: node, kernel: kernel, rank: spatial.count)
        let automatic = try Self.automaticPadding(of: node)
        let extra = try Self.list("output_padding", of: node, count: spatial.count, neutral: 0, least: 0)
        var wanted = try node.optionalInts("output_shape")
        // Some exporters list the batch and the channels, too.
        if let shape = wanted, shape.count == spatial.count +| 2 { wanted = Array(shape.dropFirst(2)) }
        if let wanted, wanted.count != spatial.count || wanted.contains(where: { $0 < 0 }) {
            throw HarrierError("attribute 'output_shape' of \(node.op) must be \(spatial.count) lengths")
        }
        outputLengths = try spatial.indices.map { axis in
            guard let length = spatial[axis].value else { return wanted.map { .known($0[axis]) } ?? .unknown }
            let full = strides[axis] *| (length -| 1) +| extra[axis] +| extent(axis)
            let target: Int? =
                switch automatic {
                case _ where wanted != nil: wanted?[axis]
                case .sameUpper, .sameLower: length *| strides[axis]
                case .notSet, .valid: nil
                }
            if let target {
                // ONNX puts the larger half first for everything but SAME_UPPER, also without automatic padding.
                setPads(axis, total: max(0, full -| target), lowerFirst: automatic != .sameUpper)
                return .known(target)
            }
            let result = full -| padsBegin[axis] -| padsEnd[axis]
            guard result >= 0 else { throw HarrierError("the pads of \(node.op) are larger than its output") }
            return .known(result)
        }
    }

    private init(unplaced node: Node, kernel: [Int], rank: Int) throws {
        guard kernel.count == rank else {
            throw HarrierError("\(node.op) has a window of \(kernel.count) axes over an input of \(rank) spatial axes")
        }
        guard kernel.allSatisfy({ $0 > 0 }) else {
            throw HarrierError("the window of \(node.op) must have positive lengths, not \(kernel)")
        }
        self.kernel = kernel
        strides = try Self.list("strides", of: node, count: rank, neutral: 1, least: 1)
        dilations = try Self.list("dilations", of: node, count: rank, neutral: 1, least: 1)
        var pads = try Self.list("pads", of: node, count: 2 * rank, neutral: 0, least: .min)
        if try Self.automaticPadding(of: node) != .notSet { pads = Array(repeating: 0, count: 2 * rank) }
        padsBegin = Array(pads.prefix(rank))
        padsEnd = Array(pads.suffix(rank))
        outputLengths = []
    }

    /// Elements that a dilated window spans.
    private func extent(_ axis: Int) -> Int { (kernel[axis] - 1) *| dilations[axis] +| 1 }

    private mutating func setPads(_ axis: Int, total: Int, lowerFirst: Bool) {
        let small = total / 2
        padsBegin[axis] = lowerFirst ? total - small : small
        padsEnd[axis] = total - padsBegin[axis]
    }

    private func windows(_ axis: Int, over length: Int, ceiling: Bool, node: Node) throws -> Int {
        let room = length +| padsBegin[axis] +| padsEnd[axis] -| extent(axis)
        guard room >= 0 else {
            throw HarrierError(
                "the window of \(node.op), \(extent(axis)) elements long, is larger than its padded input of "
                    + "\(room +| extent(axis))", hint: "spatial axis \(axis)")
        }
        let floor = room / strides[axis] +| 1
        // A last window that is not full counts only if it starts before the padding at the end.
        guard ceiling, room % strides[axis] != 0, floor *| strides[axis] < length +| padsBegin[axis] else {
            return floor
        }
        return floor +| 1
    }

    static func automaticPadding(of node: Node) throws -> AutomaticPadding {
        let name = try node.optionalString("auto_pad") ?? AutomaticPadding.notSet.rawValue
        guard let padding = AutomaticPadding(rawValue: name) else {
            throw HarrierError("attribute 'auto_pad' of \(node.op) is '\(name)', which ONNX does not know")
        }
        return padding
    }

    /// - Parameter neutral: what operators do that lack the attribute, among them those of rules' macros.
    private static func list(
        _ name: String, of node: Node, count: Int, neutral: Int, least: Int
    ) throws -> [Int] {
        let isLacking = try OperatorTable[node.op]?.attribute(name) == nil && node.optionalInts(name) ?? [] == []
        let values = try isLacking ? Array(repeating: neutral, count: count) : node.ints(name, count: count)
        guard values.allSatisfy({ $0 >= least }) else {
            throw HarrierError("attribute '\(name)' of \(node.op) must be at least \(least), not \(values)")
        }
        return values
    }
}
