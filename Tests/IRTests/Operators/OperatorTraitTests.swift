import Evaluate
import Foundation
import IR
import Testing

/// What the operator table says of operators against what they compute.
@Suite struct OperatorTraitTests {
    private static let rows = OperatorTable.rows.values.sorted { $0.name < $1.name }

    private static func values(_ op: OperatorName, _ inputs: [[Double]], _ attributes: [String: Attribute] = [:]) throws
        -> [Double]?
    {
        guard Interpreter().supports(op) else { return nil }
        let node = Node(op: op, inputs: inputs.indices.map(ValueID.init), outputs: [ValueID(9)], attributes: attributes)
        let operands = try inputs.map { try NumericArray($0, shape: [$0.count]) }
        return try Interpreter().evaluate(node, inputs: operands)?.first??.doubles()
    }

    private static let grid = (-40...40).map { Double($0) / 8 }

    @Test func increasingFunctionsNeverFall() throws {
        var checked: Set<String> = []
        for row in Self.rows where row.traits(of: Node(op: row.name, inputs: [nil], outputs: [])).contains(.increasing)
        {
            let required = Dictionary(
                uniqueKeysWithValues: row.attributes.filter(\.isRequired).map { ($0.name, Attribute.int(1)) })
            guard let values = try Self.values(row.name, [Self.grid], required) else { continue }
            checked.insert(row.name.type)
            // Outside of their domains functions give no number.
            let defined = values.filter { !$0.isNaN }
            #expect(zip(defined, defined.dropFirst()).allSatisfy { $0 <= $1 }, "\(row.name)")
        }
        #expect(checked.isSuperset(of: ["Relu", "Sigmoid", "Tanh", "HardSigmoid", "LeakyRelu", "Elu", "Clip", "Sqrt"]))
    }

    @Test(arguments: ["Abs", "Cos", "Cosh", "Gelu", "HardSwish", "Mish", "Neg", "Reciprocal", "Sin"] as [OperatorName])
    func functionsThatFallSomewhereAreNotIncreasing(op: OperatorName) throws {
        #expect(OperatorTable[op]?.traits(of: Node(op: op, inputs: [nil], outputs: [])).contains(.increasing) == false)
        guard let values = try Self.values(op, [Self.grid]) else { return }
        #expect(!zip(values, values.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test(
        arguments: [
            ("LeakyRelu", "alpha", -0.5), ("HardSigmoid", "alpha", -1), ("Elu", "alpha", -1), ("Shrink", "bias", 2),
            ("ThresholdedRelu", "alpha", -1),
        ] as [(OperatorName, String, Float)])
    func attributesCanSpoilTheOrder(op: OperatorName, attribute: String, value: Float) throws {
        let node = Node(op: op, inputs: [nil], outputs: [], attributes: [attribute: .float(value)])
        #expect(OperatorTable[op]?.traits(of: node).contains(.increasing) == false)
        guard let values = try Self.values(op, [Self.grid], node.attributes) else { return }
        #expect(!zip(values, values.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test func idempotentFunctionsChangeNothingTheSecondTime() throws {
        var checked = 0
        for row in Self.rows where row.traits.contains(.idempotent) && row.inputs.lowerBound == 1 && row.name != "Cast"
        {
            let once =
                row.name == "Trilu" ? nil : try Self.values(row.name, [Self.grid])
            guard let once else { continue }
            checked += 1
            #expect(try Self.values(row.name, [once]) == once, "\(row.name)")
        }
        #expect(checked >= 6)
    }

    @Test func commutativeOperatorsTakeTheirOperandsInAnyOrder() throws {
        let logic: Set<OperatorName> = ["And", "Or", "Xor", "BitwiseAnd", "BitwiseOr", "BitwiseXor"]
        for row in Self.rows
        where row.inputs.contains(2) && row.inputs.lowerBound <= 2 && row.traits.contains(.elementwise) {
            if logic.contains(row.name) || row.name.type.hasPrefix("String") {
                #expect(row.traits.contains(.commutative) == logic.contains(row.name), "\(row.name)")
                continue
            }
            let other = Self.grid.map { ($0 * 3 + 1).rounded() / 2 + 0.125 }
            guard let one = try? Self.values(row.name, [Self.grid, other]),
                let two = try? Self.values(row.name, [other, Self.grid])
            else { continue }
            let isSame = zip(one, two).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
            #expect(isSame == row.traits.contains(.commutative), "\(row.name)")
        }
    }

    @Test func dropoutIsTheIdentityUnlessItTrains() throws {
        let dropout = try #require(OperatorTable["Dropout"])
        let inference = Node(op: "Dropout", inputs: [ValueID(0)], outputs: [ValueID(1)])
        let training = Node(op: "Dropout", inputs: [ValueID(0), nil, ValueID(1)], outputs: [ValueID(2)])
        #expect(dropout.traits(of: inference).isSuperset(of: [.dataMovement, .increasing]))
        #expect(!dropout.traits(of: inference).contains(.random))
        #expect(dropout.traits(of: training).contains(.random))
    }

    @Test func dataMovementKeepsTheElements() throws {
        for row in Self.rows where row.traits.contains(.dataMovement) && row.inputs.lowerBound == 1 {
            var attributes: [String: Attribute] = [:]
            for attribute in row.attributes where attribute.isRequired { attributes[attribute.name] = .int(0) }
            guard let moved = try? Self.values(row.name, [Self.grid], attributes) else { continue }
            #expect(Set(moved).isSubset(of: Set(Self.grid)), "\(row.name)")
        }
    }

    @Test func everyFactHasAName() {
        let all = OperatorTable.rows.values.reduce(into: OperatorDefinition.Traits()) {
            $0.formUnion($1.possibleTraits)
        }
        let named = OperatorDefinition.Traits.named.values
        #expect(named.reduce(into: OperatorDefinition.Traits()) { $0.formUnion($1) } == all)
        #expect(named.count == all.rawValue.nonzeroBitCount)
        for traits in named { #expect(!OperatorTable.operators(with: traits, may: true).isEmpty) }
    }

    @Test func nodesAreAskedForFacts() {
        let leaky = Node(op: "LeakyRelu", inputs: [nil], outputs: [])
        #expect(
            leaky.has(.increasing) && leaky.has([.increasing, .elementwise]) && !leaky.has([.increasing, .random]))
        #expect(!Node(op: "Unheard", inputs: [nil], outputs: []).has(.increasing))
        #expect(!OperatorTable.operators(with: .increasing).contains("LeakyRelu"))
        #expect(OperatorTable.operators(with: .increasing, may: true).contains("LeakyRelu"))
    }

    @Test func productsAreLinearInEachOfTwoOperands() throws {
        let lengths: [OperatorName: ([Int], [Int])] = [
            "Conv": ([1, 2, 5], [3, 2, 2]), "ConvTranspose": ([1, 2, 5], [2, 3, 2]), "Einsum": ([3, 4], [4, 2]),
            "Gemm": ([3, 4], [4, 2]), "MatMul": ([3, 4], [4, 2]), "Mul": ([3, 4], [3, 4]),
        ]
        let products = OperatorTable.operators(with: .product, may: true).filter(\.domain.isEmpty)
        #expect(Set(products) == Set(lengths.keys))
        for (op, (left, right)) in lengths {
            let node = Node(
                op: op, inputs: [ValueID(0), ValueID(1)], outputs: [ValueID(2)],
                attributes: op == "Einsum" ? ["equation": .string("ij,jk->ik")] : [:])
            #expect(node.has(.product))
            func result(_ one: Double, _ two: Double) throws -> [Double]? {
                let operands = try zip([left, right], [one, two]).map { shape, factor in
                    let count = shape.reduce(1, *)
                    return try NumericArray((0..<count).map { factor * Double($0 * 7 % 5 - 2) }, shape: shape)
                }
                return try Interpreter().evaluate(node, inputs: operands)?.first??.doubles()
            }
            let once = try #require(try result(1, 1))
            #expect(try result(2, 1) == once.map { $0 * 2 }, "\(op)")
            #expect(try result(1, 4) == once.map { $0 * 4 }, "\(op)")
        }
    }

    @Test func reshapesKeepAllElementsInOrder() throws {
        for name in OperatorTable.operators(with: .reshape, may: true) {
            let operand = try NumericArray((0..<6).map(Double.init), shape: [1, 2, 3])
            let second: [Int: NumericArray] = [
                2: try NumericArray(.int64, shape: [1], storage: .integers([name == "Reshape" ? 6 : 0]))
            ]
            let row = try #require(OperatorTable[name])
            let takesAxes = ["Reshape", "Squeeze", "Unsqueeze"].contains(name)
            let inputs = takesAxes ? [operand, second[2]] : [operand]
            let node = Node(op: name, inputs: inputs.indices.map(ValueID.init), outputs: [ValueID(9)])
            #expect(row.traits(of: node).isSuperset(of: [.reshape, .dataMovement]), "\(name)")
            #expect(try Interpreter().evaluate(node, inputs: inputs)?.first??.doubles() == operand.doubles(), "\(name)")
        }
    }
}
