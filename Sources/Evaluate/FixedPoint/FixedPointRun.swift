import IR

/// One run of a graph at a framework's precision.
///
/// Every input, constant and result is brought to a multiple of the format's resolution. Products and what is made of them are
/// computed exactly and then cut off as the format says; an operator that a framework computes by a protocol of its own (a
/// reciprocal, an exponential, a normalization) gives its real value rounded, so that the errors of those protocols' own
/// approximations are not in the result. A number that does not fit wraps around, as shares do, and is noted. Bodies of nodes and
/// functions of the model are run in 64 bits, and their results rounded.
final class FixedPointRun {
    private let format: FixedPointFormat
    private var source: NumberSource
    /// What did not fit, by node, in the order of the nodes.
    private(set) var overflows: [FixedPointOverflow] = []

    init(_ format: FixedPointFormat, seed: UInt64) {
        self.format = format
        source = NumberSource(name: "truncation", seed: seed)
    }

    /// The outputs of a graph by name.
    ///
    /// - Parameter constants: as in ``Interpreter/run(_:inputs:constants:observer:)``.
    /// - Throws: ``HarrierError`` if the graph cannot run.
    func run(
        _ graph: Graph, inputs: [String: NumericArray], constants: @escaping (Value) throws -> NumericArray?
    ) throws -> [String: NumericArray] {
        let encoded = try Dictionary(
            uniqueKeysWithValues: inputs.map { ($0.key, try encode($0.value, name: $0.key)) })
        let producers = graph.producers()
        return try Interpreter().run(
            graph, inputs: encoded,
            constants: { value in
                guard let tensor = value.constant?.tensor, tensor.elementType.isFloatingPoint else { return nil }
                return try self.encode(constants(value) ?? NumericArray(tensor), name: value.name)
            },
            observer: { id, array in
                guard let producer = producers[id.index] else { return nil }
                let node = graph.nodes[producer]
                return try self.finish(array, of: node, named: node.name.isEmpty ? graph[id].name : node.name)
            })
    }

    /// An input or a constant as the framework encodes it: the nearest number of the format.
    private func encode(_ array: NumericArray, name: String) throws -> NumericArray {
        guard array.elementType.isFloatingPoint else { return array }
        return try map(array, node: name, op: "", limit: format.limit) { $0.rounded() }
    }

    /// What a framework has of a node's result; nil if it is what it was.
    private func finish(_ result: NumericArray, of node: Node, named name: String) throws -> NumericArray? {
        guard result.elementType.isFloatingPoint, case .doubles = result.storage,
            !node.has(.dataMovement)
        else { return nil }
        guard FixedPointRole(node) == .product else {
            return try map(result, node: name, op: node.op, limit: format.limit) { $0.rounded() }
        }
        let limit = format.productLimit
        if format.truncation == .floor {
            return try map(result, node: name, op: node.op, limit: limit) { $0.rounded(.down) }
        }
        return try map(result, node: name, op: node.op, limit: limit) { number in
            // What is a multiple already stays so.
            let below = number.rounded(.down)
            return number == below ? below : (number + self.source.unit()).rounded(.down)
        }
    }

    /// The elements brought to multiples of the resolution by a rounding of numbers that count it.
    private func map(
        _ array: NumericArray, node: String, op: OperatorName, limit: Double, _ round: (Double) -> Double
    ) throws -> NumericArray {
        let (resolution, steps) = (format.resolution, 1 / format.resolution)
        var overflow = FixedPointOverflow(node: node, op: op, magnitude: 0, limit: limit, count: 0)
        let values = try array.doubles().map { value -> Double in
            var value = value
            if !(value.magnitude < limit) {
                overflow.count += 1
                overflow.magnitude = max(overflow.magnitude, value.isNaN ? .infinity : value.magnitude)
                value = wrapped(value, limit)
            }
            return round(value * steps) * resolution
        }
        if overflow.count > 0 { overflows.append(overflow) }
        return NumericArray(unchecked: array.elementType, array.shape, .doubles(values))
    }

    /// What a number becomes that does not fit: the one with the same low bits. Infinity has none.
    private func wrapped(_ value: Double, _ limit: Double) -> Double {
        guard value.isFinite else { return 0 }
        let rest = value.remainder(dividingBy: 2 * limit)
        return rest == limit ? -limit : rest
    }
}

/// How a framework comes by what an operator gives.
enum FixedPointRole {
    /// By sums, comparisons and moves, which keep the binary point, or by a protocol of its own, whose result is rounded.
    case value
    /// By products, whose fraction bits are twice as many until they are cut off.
    case product

    /// The role of a node.
    init(_ node: Node) {
        // Raw forms of protocol-level graphs leave the truncation to a node of its own.
        let traits = node.op.domain.isEmpty ? OperatorTable[node.op]?.traits(of: node) ?? [] : []
        self = traits.isDisjoint(with: [.product, .average, .scaled]) ? .value : .product
    }
}

/// Numbers that did not fit the ring.
public struct FixedPointOverflow: Hashable, Sendable {
    /// The name of the node that computed them, or of the input or constant.
    public var node: String
    /// What the node computes; empty for inputs and constants.
    public var op: OperatorName
    /// The largest magnitude; infinite where the result is not a number.
    public var magnitude: Double
    /// Numbers of this magnitude and more do not fit; for products that is before they are cut off.
    public var limit: Double
    /// How many elements.
    public var count: Int
}
