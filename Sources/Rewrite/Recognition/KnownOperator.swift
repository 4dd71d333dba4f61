import Evaluate
import IR

/// An operator with a function body, and what a spelled-out form of it must look like. They are read from the operator table: whatever
/// has a body is looked for.
struct KnownOperator: Sendable {
    /// The row.
    let row: OperatorDefinition
    /// Attributes that tell functions apart which have nothing in common, such as GELU and its approximation.
    let choice: [String: Attribute]
    /// Functions of the body that no arithmetic expresses.
    let functions: Set<OperatorName>
    /// Whether an element of the result depends on one element of the operand.
    let isElementwise: Bool
    /// Operators of the body.
    let size: Int

    /// Attributes and operands that have to be found out.
    var freedom: Int {
        row.attributes.count { choice[$0.name] == nil } + (isElementwise ? min(row.inputs.upperBound, 4) - 1 : 0)
    }

    /// Whether the body is made of functions of elements, reductions and nothing else, as what is looked for is. Layers of products have
    /// several operands that are no parameters.
    let isRecognizable: Bool

    /// Those that are looked for, those with the fewest attributes first, then those with the shortest bodies: Relu is looked for before
    /// Clip, Elu before Celu.
    static let all: [KnownOperator] = known.filter(\.isRecognizable)

    private static let known: [KnownOperator] = OperatorTable.rows.values.flatMap(forms).sorted {
        ($0.freedom, $0.size, $0.row.name, "\($0.choice)") < ($1.freedom, $1.size, $1.row.name, "\($1.choice)")
    }

    /// Their rows, each once.
    static let rows = unique(all)

    /// The rows of operators that simpler ones express. Of Relu, which is a Max, nothing is said with simpler ones.
    /// Nor is anything written out whose body overflows in 32 bits where the operator does not.
    static let composite = unique(known.filter { $0.size > 1 && !overflows($0.row, $0.choice) })

    /// Whether a function body is infinite, or no number, for operands of some hundreds for which the operator is finite.
    private static func overflows(_ row: OperatorDefinition, _ choice: [String: Attribute]) -> Bool {
        guard let body = sampleBody(row, choice) else { return false }
        let types = body.inputs.map { body[$0].type }
        for number in [200.0, -200.0] {
            let arrays = types.map { type in
                type?.lengths.flatMap { lengths in
                    try? NumericArray(
                        [Double](repeating: number, count: lengths.reduce(1, *)), shape: lengths, elementType: .float32)
                }
            }
            let named = Dictionary(
                zip(body.inputs.map { body[$0].name }, arrays.compactMap { $0 }),
                uniquingKeysWith: { first, _ in first })
            let interpreter = Interpreter(precision: .float32)
            let node = Node(
                op: row.name, inputs: arrays.indices.map { ValueID($0) }, outputs: [ValueID(arrays.count)],
                attributes: attributes(of: row, choice))
            guard let whole = try? interpreter.evaluate(node, inputs: arrays)?.first, let operation = whole,
                let written = try? interpreter.run(body, inputs: named)[body[body.outputs[0]].name],
                let one = try? operation.doubles(), let other = try? written.doubles()
            else { continue }
            if zip(one, other).contains(where: { $0.isFinite && !$1.isFinite }) { return true }
        }
        return false
    }

    private static func attributes(of row: OperatorDefinition, _ choice: [String: Attribute]) -> [String: Attribute] {
        var result = choice
        for attribute in row.attributes where attribute.isRequired && attribute.kind == .int {
            result[attribute.name] = .int(2)
        }
        return result
    }

    private static func unique(_ operators: [KnownOperator]) -> [OperatorDefinition] {
        var seen: Set<OperatorName> = []
        return operators.map(\.row).filter { seen.insert($0.name).inserted }
    }

    /// The sets of functions of which operators with a body consist.
    static let functionSets: Set<Set<OperatorName>> = Set(all.map(\.functions))

    /// Functions that no arithmetic expresses, by operator with a body: those of all of its bodies.
    private static let functionsOfBodies: [OperatorName: Set<OperatorName>] = Dictionary(
        all.map { ($0.row.name, $0.functions) }, uniquingKeysWith: { $0.union($1) })

    /// The operators of which spelled-out forms consist.
    static let parts: Set<OperatorName> = {
        var result = Set(OperatorTable.operators(with: .elementwise)).union(all.map(\.row.name))
        for row in OperatorTable.rows.values {
            for choice in choices(of: row) {
                if let body = sampleBody(row, choice) { result.formUnion(body.nodes.map(\.op)) }
            }
        }
        return result.filter { OperatorTable[$0]?.traits.contains(.random) == false }
    }()

    /// The operators of which spelled-out forms consist that take several elements together, be it in their bodies.
    static let reducing: Set<OperatorName> = parts.filter { op in
        ([op] + parts(of: op)).contains { part in
            OperatorTable[part].map { $0.traits.isDisjoint(with: [.elementwise, .dataMovement]) } ?? false
                && parts(of: part).isEmpty
        }
    }

    /// The operators in the function body of an operator.
    static func parts(of op: OperatorName) -> [OperatorName] {
        guard let row = OperatorTable[op] else { return [] }
        return choices(of: row).compactMap { sampleBody(row, $0)?.nodes.map(\.op) }.flatMap { $0 }
    }

    /// The functions that a node of a spelled-out form stands for.
    static func functions(of op: OperatorName) -> Set<OperatorName> {
        functionsOfBodies[op] ?? (isFunction(op) ? [op] : [])
    }

    /// Whether an operator is a function of one number that is no sum, product, quotient or choice of numbers.
    private static func isFunction(_ op: OperatorName) -> Bool {
        // A root is also written as a power.
        guard let row = OperatorTable[op], op != "Sqrt" else { return false }
        return row.inputs == 1...1 && row.traits.contains([.elementwise, .increasing])
            && !row.traits.contains(.idempotent)
    }

    private static let partsOfRecognizable: OperatorDefinition.Traits = [.elementwise, .reduction, .average, .reshape]

    private static func forms(of row: OperatorDefinition) -> [KnownOperator] {
        // Of any number of operands, as Sum, nothing is spelled out but what is said as well without it. Nor is it of integers and labels.
        guard row.inputs.upperBound < Int.max, row.bodyOperand == 0 else { return [] }
        return choices(of: row).compactMap { choice in
            guard let body = sampleBody(row, choice),
                let written = try? body.writingFunctionBodies(where: { _ in true })
            else { return nil }
            let ops = Set(written.nodes.map(\.op))
            return KnownOperator(
                row: row, choice: choice, functions: ops.filter(isFunction),
                isElementwise: ops.allSatisfy { OperatorTable[$0]?.traits.contains(.elementwise) ?? false },
                size: body.nodes.count,
                isRecognizable: ops.allSatisfy { op in
                    OperatorTable[op].map { !$0.traits.isDisjoint(with: Self.partsOfRecognizable) } ?? false
                })
        }
    }

    private static func choices(of row: OperatorDefinition) -> [[String: Attribute]] {
        row.attributes.reduce([[:]]) { choices, attribute in
            attribute.choices.isEmpty
                ? choices
                : choices.flatMap { choice in
                    attribute.choices.map { choice.merging([attribute.name: .string($0)]) { $1 } }
                }
        }
    }

    /// The body for operands of ordinary shapes; nil if there is none.
    private static func sampleBody(_ row: OperatorDefinition, _ choice: [String: Attribute]) -> Graph? {
        guard FunctionBodies.operators.contains(row.name) else { return nil }
        let count = row.inputs.lowerBound
        let node = Node(
            op: row.name, inputs: (0..<count).map { ValueID($0) }, outputs: [ValueID(count)],
            attributes: attributes(of: row, choice))
        let operand = TensorType(.float32, lengths: [2, 4, 6, 6])
        for other in [[4], [6], [], [2, 4, 6, 6], [2, 6, 3]] as [[Int]] {
            let types = [operand] + Array(repeating: TensorType(.float32, lengths: other), count: max(0, count - 1))
            if let body = try? FunctionBodies.body(of: node, inputTypes: types),
                body.outputs.allSatisfy({ body[$0].type?.elementType.isFloatingPoint ?? false })
            {
                return body
            }
        }
        return nil
    }
}
