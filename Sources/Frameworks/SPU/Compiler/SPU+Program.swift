import IR
import Pricing

extension SPU {
    /// A graph as XLA's simplifier, which SPU runs before its own passes, has it: operators of one result on operands of one
    /// shape, with every broadcast, reshape and transposition written out. Instructions are ONNX nodes, so that the rows of the
    /// operator table price them; what the compiler does not look into stays the node that it is.
    struct Program {
        /// One instruction, and the node of the model that it is part of.
        struct Instruction {
            var code: Code
            var node: Node
            var origin: Int
        }

        /// The values; nodes are in ``instructions``.
        private(set) var graph: Graph
        /// Who knows each value.
        private(set) var visibility: [Visibility]
        /// The instructions, in no order; nil for those that were removed.
        private(set) var instructions: [Instruction?] = []
        /// For each value the instruction that computes it.
        private var producers: [Int?]
        /// For each value the instructions that read it, each once.
        private(set) var readers: [[Int]]
        private var numbers: [Number: ValueID] = [:]
        /// What is asked of values again and again.
        private var facts: [Facts]
        /// Whether anything was rewritten since the model was lowered.
        private(set) var rewrites = 0

        /// What does not change of a value.
        private struct Facts {
            let lengths: [Int]?
            let isConstant: Bool
            let number: Double?
        }

        private struct Number: Hashable {
            let value: Double
            let type: ElementType
        }

        /// The values of a graph, and no instruction.
        init(valuesOf graph: Graph, visibility: [Visibility]) {
            self.graph = graph
            self.graph.nodes = []
            self.visibility = visibility
            producers = Array(repeating: nil, count: graph.values.count)
            readers = Array(repeating: [], count: graph.values.count)
            let inputs = Set(graph.inputs)
            facts = zip(graph.values.indices, graph.values).map { index, value in
                let isPublic = visibility[index] == .public || value.known != nil
                return Self.facts(of: value, isConstant: isPublic && !inputs.contains(ValueID(index)))
            }
        }

        private static func facts(of value: IR.Value, isConstant: Bool) -> Facts {
            Facts(
                lengths: value.type?.lengths, isConstant: isConstant,
                number: isConstant ? value.knownTensor.flatMap(number) : nil)
        }

        /// The number that all elements of a tensor are.
        private static func number(_ tensor: Tensor) -> Double? {
            guard tensor.isAvailable, tensor.elementCount <= largestSplat, let elements = try? tensor.doubles(),
                let first = elements.first, elements.allSatisfy({ $0 == first })
            else { return nil }
            return first
        }

        /// Elements up to which a constant is read to see whether they are all the same.
        private static let largestSplat = 4096
    }
}

extension SPU {
    /// A graph as XLA's simplifier leaves it.
    @Sendable static func compiled(
        _ graph: Graph, _ visibility: [Visibility], _ precomputed: Set<Int>
    ) -> CompiledGraph? {
        guard var program = Program(graph, visibility: visibility, precomputed: precomputed) else { return nil }
        program.simplify()
        return program.compiled()
    }
}

extension SPU.Program {
    /// What the rewrites tell apart. Raw values are ONNX's names, under which instructions are priced.
    enum Code: String {
        case add = "Add"
        case subtract = "Sub"
        case multiply = "Mul"
        case divide = "Div"
        case negate = "Neg"
        case abs = "Abs"
        case exp = "Exp"
        case log = "Log"
        case sqrt = "Sqrt"
        case power = "Pow"
        case maximum = "Max"
        case minimum = "Min"
        case relu = "Relu"
        case reshape = "Reshape"
        case transpose = "Transpose"
        case broadcast = "Expand"
        case concatenate = "Concat"
        case dot = "MatMul"
        case reduceSum = "ReduceSum"
        case reduceMax = "ReduceMax"
        case reduceMin = "ReduceMin"
        case reduceProduct = "ReduceProd"
        /// A node that computes each element from those at its place.
        case elementwise
        /// Any other node.
        case other

        /// Whether elements depend on those at the same place only.
        var isElementwise: Bool {
            switch self {
            case .add, .subtract, .multiply, .divide, .negate, .abs, .exp, .log, .sqrt, .power, .maximum, .minimum,
                .relu,
                .elementwise:
                true
            default: false
            }
        }

        /// Whether it makes one element of those along some axes.
        var isReduction: Bool {
            switch self {
            case .reduceSum, .reduceMax, .reduceMin, .reduceProduct: true
            default: false
            }
        }
    }

    /// Axis lengths of a value; nil if they are not known.
    func knownLengths(_ id: ValueID) -> [Int]? { facts[id.index].lengths }

    /// Axis lengths of a value of an instruction, all of which are known.
    func lengths(_ id: ValueID) -> [Int] { knownLengths(id) ?? [] }

    /// Number of elements.
    func count(_ id: ValueID) -> Int { lengths(id).saturatingProduct() }

    /// The element type of a value.
    func elementType(_ id: ValueID) -> ElementType { graph[id].type?.elementType ?? .float32 }

    /// The instruction that computes a value, if it is one of those.
    func source(_ id: ValueID, _ code: Code) -> Instruction? {
        guard let index = producers[id.index], let instruction = instructions[index], instruction.code == code
        else { return nil }
        return instruction
    }

    /// The instruction that computes a value; nil for inputs and constants.
    func source(_ id: ValueID) -> Instruction? { producers[id.index].flatMap { instructions[$0] } }

    /// How many read a value, the caller of the program being one.
    func useCount(_ id: ValueID) -> Int { readers[id.index].count + (isResult(id) ? 1 : 0) }

    /// Whether a value is a result of the program.
    func isResult(_ id: ValueID) -> Bool { graph.outputs.contains(id) }

    /// Whether a value is part of the program: public, and no input.
    func isConstant(_ id: ValueID) -> Bool { facts[id.index].isConstant }

    /// The number that all elements of a constant are.
    func number(_ id: ValueID) -> Double? { facts[id.index].number }
}

// MARK: - Editing

extension SPU.Program {
    /// A scalar of the program.
    mutating func constant(_ value: Double, like id: ValueID) -> ValueID {
        let key = Number(value: value, type: elementType(id))
        if let known = numbers[key] { return known }
        let tensor = Tensor(scalar: value, key.type)
        let new = add(
            Value(name: "", constant: Constant(tensor, form: .literal(nodeName: ""))), visibility: .public)
        numbers[key] = new
        return new
    }

    /// A constant with its elements under another shape.
    mutating func constant(_ id: ValueID, reshapedTo lengths: [Int]) -> ValueID {
        guard var tensor = graph[id].knownTensor else { return id }
        tensor.shape = lengths
        return add(
            Value(name: "", constant: Constant(tensor, form: .literal(nodeName: ""))), visibility: .public)
    }

    /// Zeros in the place of an instruction, which stay a secret.
    mutating func zero(_ site: Site) -> ValueID {
        let zeros = emit(
            .broadcast, [constant(0, like: site.output)], site.lengths, [Self.axes: .ints([])],
            visibility: visibility[site.output.index], origin: site.origin)
        return zeros
    }

    private mutating func add(_ value: IR.Value, visibility seen: Visibility) -> ValueID {
        visibility.append(seen)
        facts.append(Self.facts(of: value, isConstant: seen == .public))
        producers.append(nil)
        readers.append([])
        return graph.add(value)
    }

    /// Adds an instruction, and returns what it computes.
    ///
    /// - Parameter origin: the node of the model that it is part of.
    mutating func emit(
        _ code: Code, _ inputs: [ValueID], _ lengths: [Int], type: ElementType? = nil,
        _ attributes: [String: Attribute] = [:], named name: String? = nil,
        visibility given: Visibility? = nil, origin: Int
    ) -> ValueID {
        let type = TensorType(type ?? elementType(inputs[0]), lengths: lengths)
        let seen = given ?? inputs.reduce(Visibility.public) { $0.joined(with: visibility[$1.index]) }
        let output = add(Value(name: "", type: type), visibility: seen)
        append(
            Instruction(
                code: code,
                node: Node(
                    op: OperatorName(name ?? code.rawValue), inputs: inputs, outputs: [output], attributes: attributes),
                origin: origin))
        return output
    }

    /// Adds the same instruction on other operands.
    mutating func emit(_ instruction: Instruction, on inputs: [ValueID?], _ lengths: [Int]) -> ValueID? {
        guard let old = instruction.node.output(0) else { return nil }
        let output = add(
            Value(name: "", type: TensorType(elementType(old), lengths: lengths)), visibility: visibility[old.index])
        var copy = instruction
        copy.node.inputs = inputs
        copy.node.outputs = [output]
        append(copy)
        return output
    }

    /// Adds an instruction that has its results.
    mutating func append(_ instruction: Instruction) {
        let index = instructions.count
        instructions.append(instruction)
        for case let output? in instruction.node.outputs { producers[output.index] = index }
        for case let input? in instruction.node.inputs where readers[input.index].last != index {
            readers[input.index].append(index)
        }
    }

    /// Makes everything that reads one value read another one. What nobody reads any more is removed.
    mutating func replace(_ old: ValueID, by new: ValueID) {
        guard old != new else { return }
        rewrites += 1
        for index in readers[old.index] {
            guard let inputs = instructions[index]?.node.inputs else { continue }
            instructions[index]?.node.inputs = inputs.map { $0 == old ? new : $0 }
            if !readers[new.index].contains(index) { readers[new.index].append(index) }
        }
        readers[old.index] = []
        graph.outputs = graph.outputs.map { $0 == old ? new : $0 }
        removeIfDead(old)
    }

    /// Removes the instruction that computes a value if nobody needs it.
    mutating func removeIfDead(_ id: ValueID) {
        var pending = [id]
        while let value = pending.popLast() {
            guard let index = producers[value.index], let node = instructions[index]?.node,
                node.outputs.allSatisfy({ $0.map { useCount($0) == 0 } ?? true })
            else { continue }
            instructions[index] = nil
            for case let input? in node.inputs {
                readers[input.index].removeAll { $0 == index }
                pending.append(input)
            }
        }
    }

    /// The instructions, each after those it reads from.
    var order: [Int] {
        var state = [Bool](repeating: false, count: instructions.count)
        var order: [Int] = []
        func visit(_ start: Int) {
            var stack = [(start, 0)]
            state[start] = true
            while let (index, position) = stack.last {
                let inputs = instructions[index]?.node.inputs ?? []
                guard position < inputs.count else {
                    order.append(index)
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].1 += 1
                if let producer = inputs[position].flatMap({ producers[$0.index] }), !state[producer] {
                    state[producer] = true
                    stack.append((producer, 0))
                }
            }
        }
        for index in instructions.indices where instructions[index] != nil && !state[index] { visit(index) }
        return order
    }

    /// Makes results of the model's results, and of what none of its nodes reads, so that everything in it has its price.
    ///
    /// - Parameter aliases: what stands for values of the model.
    mutating func keepResults(of model: Graph, _ aliases: [ValueID: ValueID]) {
        var isRead = Set(model.nodes.flatMap(\.inputs))
        isRead.formUnion(model.outputs)
        let unread = model.nodes.flatMap(\.outputs).compactMap { $0 }.filter { !isRead.contains($0) }
        graph.outputs = (model.outputs + unread).map { aliases[$0] ?? $0 }
    }

    /// The attribute of reductions whose initial value has been made a secret by an earlier one.
    static let sharesInitialValue = "shared"

    /// Reductions of one kind that a node consists of start from one secret.
    private mutating func shareInitialValues(_ order: [Int]) {
        var first: [Code: Set<Int>] = [:]
        for index in order {
            guard let instruction = instructions[index], instruction.code.isReduction,
                !first[instruction.code, default: []].insert(instruction.origin).inserted
            else { continue }
            instructions[index]?.node.attributes[Self.sharesInitialValue] = .int(1)
        }
    }

    /// The program as a graph, and the node of the model for each of its nodes.
    mutating func compiled() -> CompiledGraph {
        let order = order
        shareInitialValues(order)
        var result = graph
        result.nodes = order.compactMap { instructions[$0]?.node }
        return CompiledGraph(
            graph: result, visibility: visibility, origins: order.compactMap { instructions[$0]?.origin })
    }
}
