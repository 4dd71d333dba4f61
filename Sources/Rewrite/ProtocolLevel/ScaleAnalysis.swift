import Graph
import Profiler

/// Where the fixed-point scale is in a protocol-level graph, and how far values reach into the ring.
///
/// The analysis refuses a graph that adds values of different scales, feeds an operator that expects ordinary numbers with an
/// untruncated value, truncates what has no scale left, hands out an untruncated result, or may leave the ring. Values whose
/// size nothing bounds are assumed to be below two to the power of ``assumedBits``, and then may carry the scale twice at most.
struct ScaleAnalysis: Sendable {
    /// Bits before the binary point of values that nothing bounds.
    static let assumedBits = 8

    /// Ring and scale.
    let format: FixedPointFormat
    /// Whether averages divide ring elements whatever their scale, as SCI's do, instead of multiplying by a fixed-point number.
    let averagesKeepScale: Bool
    private var graph: Graph
    private var scales: [Scale?]
    private var magnitudes: [Magnitude?]
    private var isFlexible: [Bool]

    /// The analysis of no node yet.
    ///
    /// - Parameter visibility: who knows each value: what everybody knows, and constants, are encoded at the scale that is wanted.
    init(_ graph: Graph, visibility: [Visibility], format: FixedPointFormat, averagesKeepScale: Bool) {
        self.graph = graph
        self.format = format
        self.averagesKeepScale = averagesKeepScale
        isFlexible = zip(graph.constantValues(), visibility).map { $0 || $1 == .public }
        scales = graph.values.map { value in
            value.type.map { $0.elementType.isFloatingPoint } == false ? nil : .ordinary
        }
        magnitudes = graph.values.map { value in value.constant.flatMap { Self.magnitude(of: $0.tensor) } }
    }

    /// The analysis of a whole graph.
    ///
    /// - Throws: ``HarrierError`` with the first node that it refuses.
    static func whole(
        _ graph: Graph, visibility: [Visibility], format: FixedPointFormat, averagesKeepScale: Bool,
        within surroundings: PricedGraph.Surroundings = PricedGraph.Surroundings()
    ) throws -> ScaleAnalysis {
        var analysis = ScaleAnalysis(
            graph, visibility: visibility, format: format, averagesKeepScale: averagesKeepScale)
        for (id, scale) in surroundings.scales { analysis.scales[id.index] = scale }
        for (index, node) in graph.nodes.enumerated() {
            do {
                try analysis.add(node)
            } catch let error as HarrierError { throw error.at(graph.label(ofNode: index)) }
        }
        // What reads the results of a part can take any scale.
        guard !surroundings.isPart else { return analysis }
        for output in graph.outputs where analysis.scale(output) != .ordinary && analysis.scale(output) != nil {
            throw HarrierError(
                "the output '\(graph[output].name)' would leave at the scale \(analysis.scale(output) ?? .ordinary)")
        }
        return analysis
    }

    /// The analysis of a whole graph, or of a part of one, in the ring of a framework; in an ordinary ring where there is none.
    static func whole(
        _ graph: Graph, visibility: [Visibility], under framework: (any Framework)?,
        within surroundings: PricedGraph.Surroundings = PricedGraph.Surroundings()
    ) throws -> ScaleAnalysis {
        let prices = framework?.protocolLevel
        return try whole(
            graph, visibility: visibility, format: prices?.format ?? Self.usualFormat,
            averagesKeepScale: prices?.truncatesActivations ?? false, within: surroundings)
    }

    /// What rules are checked in.
    static let usualFormat = FixedPointFormat(ringBits: 64, fractionBits: 12)

    /// The scale of a value; nil if it is no fixed-point number.
    func scale(_ id: ValueID) -> Scale? { scales[id.index] }

    /// How large a value can be.
    func magnitude(_ id: ValueID) -> Magnitude {
        magnitudes[id.index] ?? Magnitude(bits: Self.assumedBits, isProven: false)
    }

    /// Elements of a value; 1 if its shape is not known.
    func elementCount(_ id: ValueID) -> Int { graph[id].type?.elementCount ?? 1 }

    /// Whether a value at a larger scale, or so many times as large, would still be in the ring. One bit is kept for the sign and
    /// one for truncations, which err where values come near the ring's end.
    func fits(_ id: ValueID, more: Scale = Scale(factors: 0)) -> Bool {
        guard let scale = scale(id) else { return false }
        return Self.fits(scale + more, magnitude(id), format)
    }

    private static func fits(_ scale: Scale, _ magnitude: Magnitude, _ format: FixedPointFormat) -> Bool {
        if scale.factors > 2, !magnitude.isProven { return false }
        return scale.width(format) + magnitude.bits <= format.ringBits - 2
    }

    /// Adds a value that the graph did not have.
    mutating func addValue(_ value: Value, isFlexible: Bool) {
        graph.add(value)
        let isNumber = value.type.map { $0.elementType.isFloatingPoint } ?? true
        scales.append(isNumber ? .ordinary : nil)
        magnitudes.append(nil)
        self.isFlexible.append(isFlexible)
    }

    // MARK: Nodes

    /// Adds what a node computes.
    ///
    /// - Throws: ``HarrierError`` if it cannot compute on these scales.
    mutating func add(_ node: Node) throws {
        let inputs = node.inputs.compactMap { $0 }
        let scale = try resultScale(node, inputs)
        let magnitude = resultMagnitude(node, inputs)
        for case let output? in node.outputs where scales[output.index] != nil {
            scales[output.index] = scale
            // At the ordinary scale a value that nothing bounds is assumed to be like any other.
            magnitudes[output.index] = magnitude.isProven || scale != .ordinary ? magnitude : nil
            guard scale == .ordinary || Self.fits(scale, self.magnitude(output), format) else {
                throw HarrierError(
                    "at the scale \(scale) its result may leave the ring of \(format.ringBits) bits",
                    hint: "values without known range are taken to be below 2^\(Self.assumedBits)")
            }
        }
    }

    /// Operands whose scales have to agree with each other, by position; nil for operators that take ordinary numbers only.
    static func alignedOperands(_ node: Node) -> Range<Int>? {
        switch node.op.type {
        case "Add", "Sub", "Sum", "Concat", "Max", "Min", "Less", "Greater", "LessOrEqual", "GreaterOrEqual", "Equal":
            return 0..<node.inputs.count
        case "Where": return 1..<node.inputs.count
        case "Abs", "CumSum", "DepthToSpace", "Dropout", "Expand", "Flatten", "Gather", "GlobalMaxPool", "Identity",
            "MaxPool", "Neg", "Pad", "ReduceMax", "ReduceMin", "ReduceSum", "Relu", "Reshape", "Sign", "Slice",
            "SpaceToDepth", "Split", "Squeeze", "Tile", "Transpose", "Trilu", "Unsqueeze":
            return 0..<1
        case "Clip": return 0..<node.inputs.count
        default: return nil
        }
    }

    private func resultScale(_ node: Node, _ inputs: [ValueID]) throws -> Scale {
        if ProtocolLevel.contains(node.op) { return try protocolScale(node, inputs) }
        if node.op.domain == Region.domain { return .ordinary }
        let aligned =
            Self.alignedOperands(node)
            ?? (averagesKeepScale && ProtocolLevel.averages.contains(node.op.type) ? 0..<1 : nil)
        guard let aligned, node.op.domain.isEmpty else {
            for id in inputs where scale(id) != nil && scale(id) != .ordinary {
                throw HarrierError(
                    "it takes ordinary numbers, and '\(graph[id].name)' is at the scale \(scale(id) ?? .ordinary)")
            }
            return .ordinary
        }
        let scale = try common(node.inputs[aligned.clamped(to: 0..<node.inputs.count)].compactMap { $0 })
        return node.op == "Sign" ? .ordinary : scale
    }

    /// The scale that operands share; those that everybody or their owner encodes adapt to the others.
    private func common(_ operands: [ValueID]) throws -> Scale {
        let fixed = operands.filter { scale($0) != nil && !isFlexible[$0.index] }
        guard let first = fixed.first, let wanted = scale(first) else { return .ordinary }
        for id in fixed where scale(id) != wanted {
            throw HarrierError(
                "'\(graph[first].name)' is at the scale \(wanted) and '\(graph[id].name)' at \(scale(id) ?? .ordinary)")
        }
        return wanted
    }

    private func protocolScale(_ node: Node, _ inputs: [ValueID]) throws -> Scale {
        guard let first = inputs.first, let own = scale(first) else {
            throw HarrierError("it takes fixed-point numbers")
        }
        let bits = try node.int("bits", default: 0)
        let change = Scale(factors: try node.int("factors", default: 1), bits: bits)
        switch node.op {
        case ProtocolLevel.truncate:
            let scale = own - change
            guard scale.width(format) >= format.fractionBits, change.width(format) >= 0 else {
                throw HarrierError("it would truncate '\(graph[first].name)' from the scale \(own) to \(scale)")
            }
            return scale
        case ProtocolLevel.scaleUp: return own + change
        case ProtocolLevel.shift: return own + Scale(factors: 0, bits: bits)
        case ProtocolLevel.open, ProtocolLevel.openOnce: return own
        default: break
        }
        let type = node.op.type
        if ProtocolLevel.activations.contains(type) { return own }
        if ProtocolLevel.averages.contains(type) {
            let shift = try node.int(ProtocolLevel.shiftAttribute, default: 0)
            return shift == 0 ? own + .ordinary : own + Scale(factors: 0, bits: shift)
        }
        guard inputs.count > 1, type != "Pow" else { return own + own }
        // A bias is scaled up to the products that it is added to.
        if let bias = node.input(2), !isFlexible[bias.index], scale(bias) != .ordinary {
            throw HarrierError("its bias is at the scale \(scale(bias) ?? .ordinary)")
        }
        return own + (scale(inputs[1]) ?? Scale(factors: 0))
    }
}
