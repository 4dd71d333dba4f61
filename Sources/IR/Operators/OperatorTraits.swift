extension OperatorDefinition {
    /// What holds of an operator, or of one node of it. Transformations, prices and rules ask for these facts and never for
    /// operators by name.
    public struct Traits: OptionSet, Hashable, Sendable {
        /// One bit a fact.
        public let rawValue: Int
        /// The facts of those bits.
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// Output elements depend on the input elements at the same place only (with broadcasting).
        public static let elementwise = Traits(rawValue: 1 << 0)
        /// The inputs can be exchanged.
        public static let commutative = Traits(rawValue: 1 << 1)
        /// A non-decreasing function of each element of the first input, whatever else is given.
        public static let increasing = Traits(rawValue: 1 << 2)
        /// Only moves elements about: nothing is computed, and MPC runs it without communication.
        public static let dataMovement = Traits(rawValue: 1 << 3)
        /// Two runs on the same inputs may differ; never merged or folded.
        public static let random = Traits(rawValue: 1 << 4)
        /// `f(f(x)) = f(x)`.
        public static let idempotent = Traits(rawValue: 1 << 5)
        /// Sums of products of an element of the first operand and one of the second; a further operand is added.
        public static let product = Traits(rawValue: 1 << 6)
        /// Arithmetic means: of elements of the first operand along axes or in windows, or of the operands.
        public static let average = Traits(rawValue: 1 << 7)
        /// Gives all elements of the first operand, in the same order, another shape.
        public static let reshape = Traits(rawValue: 1 << 8)
        /// Tells the shape of its operand, which is public whoever knows the elements.
        public static let shapeQuery = Traits(rawValue: 1 << 9)
        /// Sums and differences of elements: linear in all operands together, without a factor.
        public static let linear = Traits(rawValue: 1 << 10)
        /// Makes one element of those of the first operand along the axes in the second.
        public static let reduction = Traits(rawValue: 1 << 11)
        /// The second operand says which elements of the first are meant.
        public static let indexed = Traits(rawValue: 1 << 12)
        /// Puts elements of another operand in the place of some of the first.
        public static let overwriting = Traits(rawValue: 1 << 13)
        /// Makes a tensor of lengths and public numbers; no element depends on another.
        public static let generator = Traits(rawValue: 1 << 14)
        /// Changes by steps only, so that its gradient is zero wherever it has one.
        public static let stepwise = Traits(rawValue: 1 << 15)
        /// Made of comparisons and choices alone: a positive factor common to all operands is one of the result, or changes nothing.
        public static let comparison = Traits(rawValue: 1 << 16)
        /// Computed by products with operands or coefficients without being a ``product`` or an ``average``: like those, fixed-point
        /// numbers have to be cut off afterwards.
        public static let scaled = Traits(rawValue: 1 << 17)
        /// A power of its first operand: the square is also written as a product with itself.
        public static let power = Traits(rawValue: 1 << 18)
        /// Exponentials of elements along an axis over their sum, or the logarithms of that: a number added to all of them changes
        /// nothing, and elements far below the largest come to nothing.
        public static let softmax = Traits(rawValue: 1 << 19)
        /// Its derivative is infinite, or not there, at some numbers.
        public static let steep = Traits(rawValue: 1 << 20)
        /// Takes each element from the second or the third operand, as the first one says.
        public static let choice = Traits(rawValue: 1 << 21)
        /// Gives all elements of its operand, the axes in the order that the attribute `perm` says.
        public static let transposition = Traits(rawValue: 1 << 22)

        /// Asks whether elements are no numbers or infinite, which no element of a fixed-point number is.
        public static let nonFiniteTest = Traits(rawValue: 1 << 23)

        /// The facts by the names that rule files and messages use.
        public static let named: [String: Traits] = [
            "average": .average, "choice": .choice, "commutative": .commutative, "comparison": .comparison,
            "dataMovement": .dataMovement,
            "elementwise": .elementwise, "generator": .generator, "idempotent": .idempotent, "increasing": .increasing,
            "indexed": .indexed, "linear": .linear, "nonFiniteTest": .nonFiniteTest, "overwriting": .overwriting,
            "power": .power, "product": .product,
            "random": .random,
            "reduction": .reduction, "reshape": .reshape, "scaled": .scaled, "shapeQuery": .shapeQuery,
            "softmax": .softmax, "steep": .steep,
            "stepwise": .stepwise, "transposition": .transposition,
        ]
    }

    /// A condition on the attributes and operands of a node. Attributes that the node leaves out have their defaults.
    public indirect enum Condition: Hashable, Sendable {
        /// The number is above 0.
        case positive(String)
        /// The number is not below 0.
        case nonNegative(String)
        /// The first number is not above the second.
        case ordered(String, String)
        /// The attribute is one of these.
        case value(String, isOneOf: [Attribute])
        /// The optional input at that position is left out.
        case leavesOut(input: Int)
        /// The node has that many inputs.
        case inputCount(ClosedRange<Int>)
        /// The first two inputs are one value.
        case repeatsInput
        /// All of these hold.
        case all([Condition])

        /// Whether it holds of a node.
        ///
        /// - Parameter definition: the row of the node's operator, which knows the defaults.
        func holds(of node: Node, _ definition: OperatorDefinition) -> Bool {
            func number(_ name: String) -> Double {
                switch node.attributes[name] ?? definition.attribute(name)?.defaultValue {
                case .float(let value)?: Double(value)
                case .int(let value)?: Double(value)
                default: .nan
                }
            }
            switch self {
            case .positive(let name): return number(name) > 0
            case .nonNegative(let name): return number(name) >= 0
            case .ordered(let one, let two): return number(one) <= number(two)
            case .value(let name, let values):
                // Of two versions of an operator the one without the attribute does what its default says.
                guard let attribute = definition.attribute(name) else { return true }
                return (node.attributes[name] ?? attribute.defaultValue).map(values.contains) ?? false
            case .leavesOut(let input): return node.input(input) == nil
            case .inputCount(let counts): return counts.contains(node.inputs.count)
            case .repeatsInput: return node.input(0) != nil && node.input(0) == node.input(1)
            case .all(let conditions): return conditions.allSatisfy { $0.holds(of: node, definition) }
            }
        }
    }

    /// Facts that hold of the nodes that satisfy a condition.
    public struct ConditionalTraits: Hashable, Sendable {
        /// The facts.
        public let traits: Traits
        /// Where they hold.
        public let condition: Condition

        /// Facts under a condition.
        public static func traits(_ traits: Traits, if condition: Condition) -> Self {
            Self(traits: traits, condition: condition)
        }

        /// Non-decreasing in the first input under a condition.
        public static func increasing(if condition: Condition) -> Self {
            Self(traits: .increasing, condition: condition)
        }
    }
}

extension Node {
    /// Whether facts hold of the node: all of those given. False for operators that the operator table has not.
    public func has(_ traits: OperatorDefinition.Traits) -> Bool {
        OperatorTable[op]?.traits(of: self).isSuperset(of: traits) ?? false
    }
}

extension OperatorTable {
    /// ONNX's operators every node of which has one of these facts and none of the others, by name.
    public static func operators(
        withAny traits: [OperatorDefinition.Traits], without others: OperatorDefinition.Traits = []
    ) -> [OperatorName] {
        rows.values.filter { row in
            row.name.domain.isEmpty && row.traits.isDisjoint(with: others)
                && traits.contains { row.traits.isSuperset(of: $0) }
        }.map(\.name).sorted()
    }

    /// The operators every node of which has all of these facts, by name; with `may`, also those of which only some nodes have.
    public static func operators(with traits: OperatorDefinition.Traits, may: Bool = false) -> [OperatorName] {
        rows.values.filter { (may ? $0.possibleTraits : $0.traits).isSuperset(of: traits) }.map(\.name).sorted()
    }
}
