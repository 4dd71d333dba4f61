import Evaluate
import Foundation
import IR
import Pricing

/// Where the fixed-point scale is in a protocol-level graph, and how far values reach into the ring.
///
/// The analysis refuses a graph that adds values of different scales, feeds an operator that expects ordinary numbers with an
/// untruncated value, truncates what has no scale left, hands out an untruncated result, or may leave the ring. Values whose
/// size nothing bounds are assumed to be below two to the power of ``assumedBits``, and then may carry the scale twice at most.
struct ScaleAnalysis: Sendable {
    /// Bits before the binary point of values that nothing bounds.
    static let assumedBits = 8

    /// How scales are found.
    let settings: ScaleSettings
    private var graph: Graph
    private let ranges: RangeAnalysis
    /// Values of the graph as it was given, of which the ranges are known.
    private let rangedValues: Int
    private var scales: [Scale?]
    private var assumed: [Int]
    private var isFlexible: [Bool]
    /// In a part of a graph, values that come from outside at a scale that is not known, and what follows from them.
    private var isOpen: [Bool]

    /// The analysis of no node yet.
    ///
    /// - Parameters:
    ///   - visibility: who knows each value: what everybody knows, and constants, are encoded at the scale that is wanted.
    ///   - ranges: the intervals of the graph's values; nil to find them.
    init(_ graph: Graph, visibility: [Visibility], settings: ScaleSettings, ranges: RangeAnalysis? = nil) {
        self.graph = graph
        self.settings = settings
        self.ranges = ranges ?? RangeAnalysis(graph)
        rangedValues = graph.values.count
        isFlexible = zip(graph.constantValues(), visibility).map { $0 || $1 == .public }
        scales = graph.values.map { value in
            value.type.map { $0.elementType.isFloatingPoint } == false ? nil : .ordinary
        }
        assumed = Array(repeating: Self.assumedBits, count: graph.values.count)
        isOpen = Array(repeating: false, count: graph.values.count)
        if settings.isPart { for id in graph.inputs { isOpen[id.index] = true } }
    }

    /// The analysis of a whole graph.
    ///
    /// - Throws: ``HarrierError`` with the first node that it refuses.
    static func whole(
        _ graph: Graph, visibility: [Visibility], settings: ScaleSettings, ranges: RangeAnalysis? = nil
    ) throws -> ScaleAnalysis {
        var analysis = ScaleAnalysis(graph, visibility: visibility, settings: settings, ranges: ranges)
        for (index, node) in graph.nodes.enumerated() where node.op.domain != Region.domain {
            do {
                try analysis.add(node)
            } catch let error as HarrierError { throw error.at(graph.label(ofNode: index)) }
        }
        // Where activations truncate, the last layer leaves at twice the scale, and whoever learns it divides.
        guard !settings.truncatesActivations, !settings.isPart else { return analysis }
        for output in graph.outputs where analysis.scale(output) ?? .ordinary != .ordinary {
            throw HarrierError(
                "the output '\(graph[output].name)' would leave at the scale \(analysis.scale(output) ?? .ordinary)")
        }
        return analysis
    }

    /// Ring and scale.
    var format: FixedPointFormat { settings.format }

    /// The scale of a value; nil if it is no fixed-point number.
    func scale(_ id: ValueID) -> Scale? { scales[id.index] }

    /// Elements of a value; 1 if its shape is not known.
    func elementCount(_ id: ValueID) -> Int { graph[id].type?.elementCount ?? 1 }

    /// No element is assumed to be larger than two to that power.
    func assumedBits(_ id: ValueID) -> Int { assumed[id.index] }

    /// Whether a value at a larger scale, or so many times as large, would still be in the ring. One bit is kept for the sign and
    /// one for truncations, which err where values come near the ring's end.
    func fits(_ id: ValueID, more: Scale = Scale(factors: 0)) -> Bool {
        guard var scale = scale(id) else { return false }
        // What comes into a part at an unknown scale is at most a product.
        if isOpen[id.index] { scale = .ordinary + .ordinary }
        return fits(scale + more, id)
    }

    private func fits(_ scale: Scale, _ id: ValueID) -> Bool {
        let room = format.ringBits - 2 - scale.width(format)
        if scale.factors <= 2, assumed[id.index] <= room { return true }
        return provenBits(id).map { $0 <= room } ?? false
    }

    /// No element is larger than two to that power; nil if the ranges do not tell.
    private func provenBits(_ id: ValueID) -> Int? {
        guard id.index < rangedValues else { return nil }
        let magnitude = ranges.interval(of: id).magnitude
        guard magnitude.isFinite else { return nil }
        return magnitude <= 1 ? 0 : Int(log2(magnitude).rounded(.up))
    }

    /// Adds a value that the graph did not have.
    mutating func addValue(_ value: Value, isFlexible: Bool) {
        graph.add(value)
        let isNumber = value.type.map { $0.elementType.isFloatingPoint } ?? true
        scales.append(isNumber ? .ordinary : nil)
        assumed.append(Self.assumedBits)
        isOpen.append(false)
        self.isFlexible.append(isFlexible)
    }

    // MARK: Nodes

    /// Adds what a node computes.
    ///
    /// - Throws: ``HarrierError`` if it cannot compute on these scales.
    mutating func add(_ node: Node) throws {
        let inputs = node.inputs.compactMap { $0 }
        let (scale, isOpen) = try resultScale(node, inputs)
        let assumed = assumedResult(node, inputs)
        for case let output? in node.outputs where scales[output.index] != nil {
            scales[output.index] = scale
            self.isOpen[output.index] = isOpen
            // At the ordinary scale a value that nothing bounds is assumed to be like any other.
            self.assumed[output.index] = scale == .ordinary && !isOpen ? Self.assumedBits : assumed
            guard scale == .ordinary || fits(scale, output) else {
                throw HarrierError(
                    "at the scale \(scale) its result may leave the ring of \(format.ringBits) bits",
                    hint: "values without known range are taken to be below 2^\(Self.assumedBits)")
            }
        }
    }

    /// Operands whose scales have to agree with each other, by position; nil for operators that take ordinary numbers only.
    static func alignedOperands(_ node: Node) -> Range<Int>? {
        // A condition has no scale.
        if node.has(.choice) { return 1..<node.inputs.count }
        // Axes and indices have no scale either, but a Dropout's ratio is an ordinary number.
        if node.has(.reshape) { return 0..<1 }
        let traits = OperatorTable[node.op]?.traits(of: node) ?? []
        return traits.isDisjoint(with: [.dataMovement, .linear, .comparison]) ? nil : 0..<node.inputs.count
    }

    /// The scale of what a node computes, and whether it is open.
    private func resultScale(_ node: Node, _ inputs: [ValueID]) throws -> (Scale, isOpen: Bool) {
        if ProtocolLevel.contains(node.op) { return try protocolScale(node, inputs) }
        let aligned =
            Self.alignedOperands(node)
            ?? (settings.truncatesActivations && ProtocolLevel.averages.contains(node.op.type) ? 0..<1 : nil)
        guard let aligned, node.op.domain.isEmpty else {
            for id in inputs where scale(id) != nil && scale(id) != .ordinary {
                throw HarrierError(
                    "it takes ordinary numbers, and '\(graph[id].name)' is at the scale \(scale(id) ?? .ordinary)")
            }
            return (.ordinary, false)
        }
        let shared = try common(node.inputs[aligned.clamped(to: 0..<node.inputs.count)].compactMap { $0 })
        // A sign, as the result of a comparison, is no number of that scale.
        return node.has([.comparison, .stepwise]) ? (.ordinary, false) : shared
    }

    /// The scale that operands share; those that everybody or their owner encodes adapt to the others.
    private func common(_ operands: [ValueID]) throws -> (Scale, isOpen: Bool) {
        let fixed = operands.filter { scale($0) != nil && !isFlexible[$0.index] && !isOpen[$0.index] }
        guard let first = fixed.first, let wanted = scale(first) else {
            return (.ordinary, operands.contains { isOpen[$0.index] })
        }
        for id in fixed where scale(id) != wanted {
            throw HarrierError(
                "'\(graph[first].name)' is at the scale \(wanted) and '\(graph[id].name)' at \(scale(id) ?? .ordinary)")
        }
        return (wanted, false)
    }

    private func protocolScale(_ node: Node, _ inputs: [ValueID]) throws -> (Scale, isOpen: Bool) {
        guard let first = inputs.first, let own = scale(first) else {
            throw HarrierError("it takes fixed-point numbers")
        }
        let isOpen = self.isOpen[first.index]
        func change() throws -> Scale { Scale(factors: try node.int("factors"), bits: try node.int("bits")) }
        switch node.op {
        case ProtocolLevel.truncate:
            if isOpen { return (.ordinary, false) }
            let scale = try own - change()
            guard scale.width(format) >= format.fractionBits, try change().width(format) >= 0 else {
                throw HarrierError("it would truncate '\(graph[first].name)' from the scale \(own) to \(scale)")
            }
            return (scale, false)
        case ProtocolLevel.scaleUp: return isOpen ? (own, true) : (own + (try change()), false)
        case ProtocolLevel.shift:
            return isOpen ? (own, true) : (own + Scale(factors: 0, bits: try node.int("bits")), false)
        case ProtocolLevel.open, ProtocolLevel.openOnce: return (own, isOpen)
        default: return (try rawScale(node, inputs, own), isOpen && ProtocolLevel.activations.contains(node.op.type))
        }
    }

    /// The scale of an operator without its truncation.
    private func rawScale(_ node: Node, _ inputs: [ValueID], _ own: Scale) throws -> Scale {
        let type = node.op.type
        if ProtocolLevel.activations.contains(type) { return own }
        if ProtocolLevel.averages.contains(type) {
            let shift = try node.int(ProtocolLevel.shiftAttribute)
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
