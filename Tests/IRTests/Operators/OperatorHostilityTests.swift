import IR
import Testing

/// No attribute, shape or value of an operand ends the program.
@Suite struct OperatorHostilityTests {
    /// A random generator that gives the same numbers on every machine (SplitMix64).
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var bits = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
            bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
            return bits ^ (bits >> 31)
        }

        /// Lengths and indices of all sorts, mostly harmless ones so that inference gets far.
        mutating func number() -> Int {
            switch Int.random(in: 0..<10, using: &self) {
            case 0: [.min, .max, .min + 1, .max - 1, 1 << 40, 1 << 62, -1 << 31].randomElement(using: &self) ?? 0
            case 1: Int.random(in: -3..<0, using: &self)
            default: Int.random(in: 0..<5, using: &self)
            }
        }

        mutating func numbers() -> [Int] {
            let count = Int.random(in: 0..<6, using: &self)
            return (0..<count).map { _ in number() }
        }

        mutating func float() -> Float {
            [0, 1, -1, 0.5, 2, .nan, .infinity, -.infinity, 1e30, -1e-30].randomElement(using: &self) ?? 0
        }

        mutating func dimension() -> Dimension {
            switch Int.random(in: 0..<8, using: &self) {
            case 0: .unknown
            case 1: .symbol("n")
            default: .known(number())
            }
        }

        mutating func tensor() -> Tensor {
            switch Int.random(in: 0..<4, using: &self) {
            case 0:
                let count = Int.random(in: 0..<5, using: &self)
                return Tensor(float32: (0..<count).map { _ in float() })
            case 1: return Tensor(int64: [number()], shape: [])
            case 2: return Tensor(bool: [number() > 0])
            default: return Tensor(int64: numbers())
            }
        }

        mutating func attribute(_ definition: AttributeDefinition) -> Attribute? {
            if Int.random(in: 0..<4, using: &self) == 0 { return definition.defaultValue }
            switch definition.kind {
            case .int: return .int(number())
            case .ints: return .ints(numbers())
            case .float: return .float(float())
            case .floats: return .floats([float(), float()])
            case .string:
                let texts = [
                    "SAME_UPPER", "SAME_LOWER", "VALID", "ij,jk->ik", "...i->...", "->", "none", "bidirectional",
                ]
                return .string(texts.randomElement(using: &self) ?? "")
            case .strings: return .strings(["a", ""])
            case .tensor: return .tensor(tensor())
            case .graph: return .graph(body())
            default: return nil
            }
        }

        private mutating func body() -> Graph {
            var graph = Graph(name: "body")
            for index in 0..<Int.random(in: 0..<4, using: &self) {
                graph.addInput("in\(index)", TensorType(.float32, nil))
            }
            graph.outputs = graph.inputs
            if let first = graph.inputs.first {
                graph.outputs.append(
                    graph.append("Concat", [first, first], attributes: ["axis": .int(0)], output: "o"))
            }
            return graph
        }
    }

    /// A graph of one node of that operator with random operands.
    private static func graph(of row: OperatorDefinition, _ generator: inout Generator) -> Graph {
        var graph = Graph()
        let most = min(row.inputs.upperBound, row.inputs.lowerBound + 3)
        let operands = (0..<Int.random(in: row.inputs.lowerBound...most, using: &generator)).map { index -> ValueID? in
            switch Int.random(in: 0..<6, using: &generator) {
            case 0 where index >= row.inputs.lowerBound: return nil
            case 1, 2: return graph.addConstant("x\(index)", generator.tensor())
            case 3:
                return graph.addInput("x\(index)", TensorType(.int64, (0..<2).map { _ in generator.dimension() }))
            default:
                let rank = Int.random(in: 0..<6, using: &generator)
                let shape = (0..<rank).map { _ in generator.dimension() }
                return graph.addInput("x\(index)", TensorType(.float32, rank == 5 ? nil : shape))
            }
        }
        let outputs = (0..<max(1, row.outputs.lowerBound)).map { graph.add(Value(name: "y\($0)")) }
        var attributes: [String: Attribute] = [:]
        for definition in row.attributes { attributes[definition.name] = generator.attribute(definition) }
        graph.append(Node(op: row.name, inputs: operands, outputs: outputs, attributes: attributes))
        return graph
    }

    @Test func inferenceSurvivesAnything() throws {
        var (answered, refused) = (0, 0)
        for row in OperatorTable.rows.values.sorted(by: { $0.name < $1.name }) {
            var generator = Generator(state: 1)
            for _ in 0..<300 {
                var graph = Self.graph(of: row, &generator)
                let node = graph.nodes[0]
                let types = node.inputs.map { $0.flatMap { graph[$0].type } }
                let tensors = node.inputs.map { $0.flatMap { graph[$0].knownTensor } }
                // Also where the graph's own checks would not let the operands through.
                var inference = TypeInference(node: node, inputTypes: types, inputTensors: tensors)
                do { try row.infer(&inference) } catch is HarrierError {}
                do {
                    _ = try FunctionBodies.body(of: node, inputTypes: types, inputTensors: tensors)
                } catch is HarrierError {}
                _ = row.traits(of: node)
                do {
                    try graph.inferTypes(evaluator: nil)
                    answered += 1
                } catch is HarrierError {
                    refused += 1
                }
            }
        }
        #expect(answered > 1_000)
        #expect(refused > 1_000)
    }
}
