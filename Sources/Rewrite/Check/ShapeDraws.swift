import IR

/// Draws other shapes for the graph of an example: lengths for its symbolic dimensions, and operands that have axes of
/// length 1, or fewer axes, and so broadcast. The same example gives the same draws.
///
/// A drawn graph need not type, and a rule need not fire on it; where it does, it must be right.
struct ShapeDraws {
    /// Even, odd and prime lengths, and 1, which broadcasts.
    private static let lengths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13]
    /// A dozen elements show a mistake as well as a million.
    private static let largestCount = 1 << 14
    /// The length that makes random elements lie densely.
    private static let manyElements = 2000

    private let example: Rule.Example
    private var numbers: NumberSource

    init(_ example: Rule.Example) {
        self.example = example
        numbers = NumberSource(name: "shapes of line \(example.line)", seed: 1)
    }

    /// Lengths as messages show them.
    static func name(of sizes: [String: Int]) -> String {
        sizes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    /// At most that many graphs, all different, half of them with operands that broadcast.
    func graphs(_ count: Int) -> [(name: String, graph: Graph)] {
        var source = self
        var names: Set<String> = []
        return (0..<count).compactMap { index in
            guard let draw = index % 2 == 0 ? source.sizes() : source.broadcast(), names.insert(draw.name).inserted
            else { return nil }
            return draw
        }
    }

    /// The example with so many elements that random ones lie densely; nil if it has no symbolic dimension.
    func long() -> (name: String, graph: Graph)? {
        guard var sizes = example.sizes.first, let name = sizes.keys.min() else { return nil }
        sizes[name] = Self.manyElements
        var graph = example.graph
        guard (try? graph.setDimensions(sizes)) != nil else { return nil }
        return (Self.name(of: sizes), graph)
    }

    private mutating func below(_ bound: Int) -> Int { min(bound - 1, Int(numbers.unit() * Double(bound))) }

    /// The example with other lengths for the dimensions that its sizes name; nil if there are none.
    private mutating func sizes() -> (name: String, graph: Graph)? {
        guard let names = example.sizes.first?.keys.sorted(), !names.isEmpty else { return nil }
        var sizes: [String: Int] = [:]
        for name in names { sizes[name] = Self.lengths[below(Self.lengths.count)] }
        var graph = example.graph
        guard (try? graph.setDimensions(sizes)) != nil, isSmall(graph) else { return nil }
        return (Self.name(of: sizes), graph)
    }

    /// The example with some axes of its inputs and parameters of length 1, and some leading axes dropped; what is computed
    /// gets the types that follow from that. Nil if nothing has changed.
    private mutating func broadcast() -> (name: String, graph: Graph)? {
        var graph = example.graph
        let sizes = example.sizes[below(example.sizes.count)]
        guard (try? graph.setDimensions(sizes)) != nil else { return nil }
        var changes: [String] = []
        let inputs = Set(graph.inputs)
        for index in graph.values.indices {
            let value = graph.values[index]
            let isParameter = value.constant.map { $0.isParameter && !$0.tensor.isAvailable } ?? false
            guard inputs.contains(ValueID(index)) || isParameter else {
                if value.constant == nil { graph.values[index].type = nil }
                continue
            }
            guard let type = value.type, let shape = type.lengths, type.elementType.isFloatingPoint else { continue }
            let changed = smaller(shape)
            guard changed != shape else { continue }
            changes.append("\(value.name)\(changed)")
            graph.values[index].type = TensorType(type.elementType, lengths: changed)
            graph.values[index].constant?.tensor.shape = changed
        }
        return changes.isEmpty ? nil : (changes.joined(separator: " "), graph)
    }

    private mutating func smaller(_ shape: [Int]) -> [Int] {
        var shape = shape.map { below(4) == 0 ? 1 : $0 }
        if !shape.isEmpty, below(6) == 0 { shape.removeFirst() }
        return shape
    }

    private func isSmall(_ graph: Graph) -> Bool {
        graph.inputs.allSatisfy { (graph[$0].type?.lengths ?? []).saturatingProduct() <= Self.largestCount }
    }
}
