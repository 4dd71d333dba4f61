import Evaluate
import IR

/// Graphs that are almost an example: what its author may not have thought of. Like drawn shapes they need not type, and a rule need
/// not fire on them; where it does, it must be right.
struct GraphVariations {
    /// One of them.
    struct Variation {
        let name: String
        var graph: Graph
        /// Whether numbers of very different sizes, or infinite ones, go into it: what that does shows in the types of the file only.
        var isFar = false
    }

    /// Masks, and what takes the place of bounds.
    private static let farNumbers = [-1e9, -Double.infinity]
    /// What a place in an axis is instead: from the end, a little or far before the first one, behind the last one.
    private static let places = [-1, -5, -6, -7, -9, Int.max]

    /// The example in the first lengths that its file gives.
    let graph: Graph

    /// - Returns: nil if the lengths do not fit.
    init?(_ example: Rule.Example) {
        var graph = example.graph
        guard let sizes = example.sizes.first, (try? graph.setDimensions(sizes)) != nil else { return nil }
        // What is computed gets the types that follow from what goes in.
        for index in graph.values.indices where graph.values[index].constant == nil {
            if !graph.inputs.contains(ValueID(index)) { graph.values[index].type = nil }
        }
        self.graph = graph
    }

    /// At most that many, evenly chosen from each kind of change.
    func graphs(_ count: Int) -> [Variation] {
        var kinds = [
            repeatedOperands(), givenOut(), masks(), numbers(), movedSlices(), places(), emptyAxes(), ranks(),
            equalLengths(), elementTypes(), inputsForNumbers(),
        ]
        var result: [Variation] = []
        while result.count < count, kinds.contains(where: { !$0.isEmpty }) {
            for index in kinds.indices where !kinds[index].isEmpty && result.count < count {
                result.append(kinds[index].removeFirst())
            }
        }
        return result
    }

    /// The example with a change.
    func varied(_ name: String, isFar: Bool = false, _ change: (inout Graph) -> Void) -> Variation {
        var copy = graph
        change(&copy)
        return Variation(name: name, graph: copy, isFar: isFar)
    }

    var numericInputs: [ValueID] { graph.inputs.filter { graph[$0].type?.elementType.isFloatingPoint == true } }

    /// Constants whose data is there.
    var literals: [(id: ValueID, tensor: Tensor)] {
        graph.values.enumerated().compactMap { index, value in
            value.constant.flatMap { $0.tensor.isAvailable ? (ValueID(index), $0.tensor) : nil }
        }
    }

    // MARK: Who reads what

    /// Two inputs of one type are one.
    private func repeatedOperands() -> [Variation] {
        let inputs = numericInputs
        return inputs.indices.flatMap { index in
            inputs[..<index].filter { graph[$0].type == graph[inputs[index]].type }.map { other in
                varied("\(graph[inputs[index]].name) = \(graph[other].name)") { copy in
                    for node in copy.nodes.indices {
                        copy.nodes[node].inputs = copy.nodes[node].inputs.map { $0 == inputs[index] ? other : $0 }
                    }
                    copy.inputs.removeAll { $0 == inputs[index] }
                }
            }
        }
    }

    /// What is computed in between is an output, too, or is read by another node.
    private func givenOut() -> [Variation] {
        let inner = graph.nodes.flatMap(\.outputs).compactMap { $0 }.filter { !graph.outputs.contains($0) }
        return inner.flatMap { id in
            let name = graph[id].name
            return [
                varied("\(name) given out") { $0.outputs.append(id) },
                varied("\(name) read twice") { copy in
                    let again = copy.append("Identity", to: id, named: "\(name)_again")
                    copy.outputs.append(again)
                },
            ]
        }
    }

    /// A number of the graph is an input, of which nothing is known.
    private func inputsForNumbers() -> [Variation] {
        literals.filter { $0.tensor.elementType.isFloatingPoint }.map { id, tensor in
            varied("\(graph[id].name) an input") { copy in
                copy[id].constant = nil
                copy[id].type = tensor.type
                copy.inputs.append(id)
            }
        }
    }

    // MARK: Numbers

    /// A mask is added to an input. Behind products its size is all that is left, and where a place is asked for, what saturates has ties that
    /// are none over the reals.
    private func masks() -> [Variation] {
        guard !graph.nodes.contains(where: tellsPlaces) else { return [] }
        let hasProducts = graph.nodes.contains { $0.has(.product) && !$0.has(.elementwise) }
        return Self.farNumbers.filter { !hasProducts || $0.isInfinite }.flatMap { number in
            numericInputs.compactMap { id in
                guard let type = graph[id].type, let shape = type.lengths, !shape.contains(0) else { return nil }
                let mask = Self.mask(number, count: shape.reduce(1, *))
                guard let tensor = try? NumericArray(mask, shape: shape, elementType: type.elementType).tensor() else {
                    return nil
                }
                return varied("\(graph[id].name) + \(number)", isFar: true) { $0.mask(id, with: tensor) }
            }
        }
    }

    /// Whether a node says where the largest or smallest element of an axis is.
    private func tellsPlaces(_ node: Node) -> Bool { node.has([.comparison, .stepwise]) && !node.has(.elementwise) }

    /// A third of the elements of a mask is the number, a sixth of the other sign if that is no infinity: rows that are masked as a whole say
    /// nothing.
    private static func mask(_ number: Double, count: Int) -> [Double] {
        (0..<count).map { $0 % 3 == 1 ? number : $0 % 6 == 2 && number.isFinite ? -number : 0 }
    }

    /// A number that the graph has is 0, of the other sign, or far away.
    private func numbers() -> [Variation] {
        literals.filter { $0.tensor.elementType.isFloatingPoint }.flatMap { id, tensor -> [Variation] in
            guard let old = try? tensor.doubles() else { return [] }
            let changes: [(String, [Double])] =
                [("negated", old.map { -$0 }), ("two less", old.map { $0 - 2 })]
                + (Self.farNumbers + [0]).map { far in ("\(far)", old.map { _ in far }) }
            return changes.compactMap { name, new in
                guard
                    let changed = try? NumericArray(new, shape: tensor.shape, elementType: tensor.elementType).tensor()
                else { return nil }
                return varied("\(graph[id].name) \(name)", isFar: Double(name) != nil) {
                    $0[id].constant?.tensor = changed
                }
            }
        }
    }

    /// Starts, ends, axes and lengths are others.
    private func places() -> [Variation] {
        let lists = literals.compactMap { id, tensor -> (ValueID, Tensor, [Int])? in
            guard tensor.elementType == .int64, let old = try? tensor.integers(), !old.isEmpty else { return nil }
            return (id, tensor, old)
        }
        let changes: [([Int]) -> [Int]] =
            [{ $0.map { $0 &+ 1 } }, { $0.map { $0 &- 1 } }, { $0.map { 0 &- $0 } }]
            + Self.places.map { place in { [place] + $0.dropFirst() } }
        return changes.flatMap { change in
            lists.compactMap { id, tensor, old in
                let new = change(old)
                guard new != old else { return nil }
                return varied("\(graph[id].name) \(new)") {
                    $0[id].constant?.tensor = Tensor(int64: new, shape: tensor.shape)
                }
            }
        }
    }

    /// Slices that begin and end elsewhere, as long as they were.
    private func movedSlices() -> [Variation] {
        graph.nodes.filter { $0.has(.dataMovement) }.flatMap { node -> [Variation] in
            let ends = node.inputs.dropFirst().prefix(2).compactMap { $0 }
            let tensors = ends.compactMap { graph[$0].constant?.tensor }.filter { $0.elementType == .int64 }
            guard tensors.count == 2, let start = try? tensors[0].integers().first else { return [] }
            return Set([0 &- start, 1, -1, 0 &- start &- 3]).subtracting([0]).sorted().map { distance in
                varied("slice moved by \(distance)") { copy in
                    for (id, tensor) in zip(ends, tensors) {
                        guard let old = try? tensor.integers() else { continue }
                        copy[id].constant?.tensor = Tensor(int64: old.map { $0 &+ distance }, shape: tensor.shape)
                    }
                }
            }
        }
    }
}

extension Graph {
    /// Appends a node that reads one value, and gives what it computes.
    fileprivate mutating func append(_ op: OperatorName, to id: ValueID, named name: String) -> ValueID {
        let result = add(Value(name: name))
        nodes.append(Node(name: name, op: op, inputs: [id], outputs: [result], attributes: [:], scope: Scope()))
        return result
    }

    /// Puts a sum with a constant between an input and all that reads it.
    fileprivate mutating func mask(_ id: ValueID, with tensor: Tensor) {
        let name = self[id].name
        let constant = add(
            Value(name: "\(name)_mask", constant: Constant(tensor, form: .literal(nodeName: "\(name)_mask"))))
        let sum = add(Value(name: "\(name)_masked"))
        for index in nodes.indices { nodes[index].inputs = nodes[index].inputs.map { $0 == id ? sum : $0 } }
        outputs = outputs.map { $0 == id ? sum : $0 }
        nodes.insert(
            Node(
                name: "\(name)_masked", op: "Add", inputs: [id, constant], outputs: [sum], attributes: [:],
                scope: Scope()), at: 0)
    }
}
