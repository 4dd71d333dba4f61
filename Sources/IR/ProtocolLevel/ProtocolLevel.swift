/// The operators that a protocol-level graph has beside ONNX's (`docs/PROTOCOL-LEVEL.md`). Over the reals each computes what an
/// ordinary operator does, which is the body of the ONNX function that stands for it in a file; what they add is where in
/// the ring of shares the fixed-point scale is, and which masked operands are opened.
public enum ProtocolLevel {
    /// Division of fixed-point numbers by a power of the scale; the identity over the reals.
    public static let truncate = name("Truncate")
    /// Multiplication of ring elements by a power of the scale, which is local; the identity over the reals.
    public static let scaleUp = name("ScaleUp")
    /// Division of the real number by a power of two that leaves the ring element as it is and makes its scale larger.
    public static let shift = name("Shift")
    /// Opens an operand of products under a mask; the identity over the reals.
    public static let open = name("Open")
    /// Opens weights under a mask that lasts for a session; the identity over the reals.
    public static let openOnce = name("OpenOnce")

    /// The attribute of products that says which operands are opened already: 1 the first, 2 the second, 3 both.
    public static let opened = "opened"
    /// The attribute of an average over `2^shift` elements that is a sum whose scale is as much larger.
    public static let shiftAttribute = "shift"

    /// Products without the truncation of their result, by ONNX name.
    public static let products = names(.product)
    /// Averages without the truncation of their result, by ONNX name.
    public static let averages = names(.average)
    /// Activations of untruncated operands for frameworks whose own ones truncate, by ONNX name.
    public static let activations = names(.activation)

    /// The operators that have a raw form: a row of this domain that differs from ONNX's by a truncation.
    enum RawForm {
        case product
        case average
        case activation

        /// The form of an operator, nil if it has none.
        init?(_ row: OperatorDefinition) {
            // A power is a product of equal operands.
            if !row.traits.isDisjoint(with: [.product, .power]) {
                self = .product
            } else if row.traits.contains(.average), !row.traits.contains(.elementwise) {
                self = .average
            } else if row.traits.isSuperset(of: [.increasing, .idempotent, .comparison]),
                !row.traits.contains(.stepwise)
            {
                self = .activation
            } else {
                return nil
            }
        }
    }

    private static func names(_ form: RawForm) -> [String] {
        OperatorTable.protocolLevelNames.sorted().filter { type in
            OperatorTable[OperatorName(type)].flatMap(RawForm.init) == form
        }
    }

    /// The protocol-level operator of that type.
    public static func name(_ type: String) -> OperatorName { OperatorName(type, domain: Graph.harrierDomain) }

    /// Whether an operator is one of those here.
    public static func contains(_ op: OperatorName) -> Bool {
        op.domain == Graph.harrierDomain && OperatorTable.protocolLevelNames.contains(op.type)
    }
}

extension OperatorTable {
    static let protocolLevelNames: Set<String> = Set(protocolLevelOperators.map(\.name.type))

    /// The operators of protocol-level graphs. Those that have the name of an ONNX operator have its shapes and attributes, too.
    static let protocolLevelOperators: [OperatorDefinition] =
        rawOperators + [
            identity(
                ProtocolLevel.truncate,
                [
                    .optional("factors", .int(1)), .optional("bits", .int(0)), .optional("nonnegative", .int(0)),
                    .optional("product", .int(0)),
                ]),
            identity(ProtocolLevel.scaleUp, [.optional("factors", .int(1)), .optional("bits", .int(0))]),
            identity(ProtocolLevel.shift, [.required("bits", .int)]),
            // Masks are drawn at random: an opening is computed by nobody beforehand.
            identity(ProtocolLevel.open, [], [.random]),
            identity(ProtocolLevel.openOnce, [], [.random]),
        ]

    private static let rawOperators: [OperatorDefinition] = {
        let families = linearAlgebraOperators + convolutionOperators + elementwiseOperators + poolingOperators
        let others = reductionOperators + activationOperators
        return (families + others).compactMap { ordinary in
            var attributes = ordinary.attributes
            switch ProtocolLevel.RawForm(ordinary) {
            case .product: attributes.append(.optional(ProtocolLevel.opened, .int(0)))
            case .average: attributes.append(.optional(ProtocolLevel.shiftAttribute, .int(0)))
            case .activation: break
            case nil: return nil
            }
            return OperatorDefinition(
                ProtocolLevel.name(ordinary.name.type), inputs: ordinary.inputs, outputs: ordinary.outputs,
                attributes: attributes, traits: ordinary.traits,
                conditionalTraits: ordinary.conditionalTraits, infer: ordinary.infer)
        }
    }()

    private static func identity(
        _ name: OperatorName, _ attributes: [AttributeDefinition], _ traits: OperatorDefinition.Traits = []
    ) -> OperatorDefinition {
        OperatorDefinition(
            name, inputs: 1...1, attributes: attributes, traits: traits.union([.elementwise, .increasing])
        ) { $0.setOutput(0, $0.type(0)) }
    }
}
