import IR

/// One change of an operator between two versions of ONNX's operator set that concerns more than the element types it
/// takes. From ONNX's changelog of operators.
struct OperatorChange: Sendable {
    /// How one node is rewritten.
    typealias Conversion = @Sendable (inout OpsetConversion) throws -> Void

    /// The operators that changed.
    let operators: [String]
    /// The first version with the new form.
    let version: Int
    /// Whether the types of operands decide how the new form is written.
    let needsTypes: Bool
    /// Brings a node of the old form to the new one.
    let upgrade: Conversion
    /// Brings a node of the new form to the old one.
    let downgrade: Conversion

    init(
        _ operators: [String], in version: Int, needsTypes: Bool = false, upgrade: @escaping Conversion,
        downgrade: @escaping Conversion = { throw $0.cannotGoBack("is written in another way") }
    ) {
        self.operators = operators
        self.version = version
        self.needsTypes = needsTypes
        self.upgrade = upgrade
        self.downgrade = downgrade
    }

    /// An attribute that was added. Its default is what the operator did before.
    ///
    /// - Parameter later: the default of an attribute that the operator's row has not, because it came after the row's version.
    static func added(
        _ attribute: String, later: Attribute? = nil, to operators: [String], in version: Int
    ) -> OperatorChange {
        OperatorChange(operators, in: version, upgrade: { _ in }) { conversion in
            guard let found = conversion.node.attributes.removeValue(forKey: attribute) else { return }
            let usual = OperatorTable[conversion.node.op]?.attribute(attribute)?.defaultValue ?? later
            guard found == usual else { throw conversion.cannotGoBack("uses the attribute '\(attribute)'") }
        }
    }

    /// An attribute that was made an input: a list of integers.
    static func moved(
        _ attribute: String, toInput position: Int, of operators: [String], in version: Int
    ) -> OperatorChange {
        OperatorChange(operators, in: version) { conversion in
            guard let values = try conversion.node.optionalInts(attribute) else { return }
            conversion.node.attributes[attribute] = nil
            conversion.setInput(position, literal: Tensor(int64: values), named: attribute)
        } downgrade: { conversion in
            guard let values = try conversion.takeIntegers(position, called: attribute) else { return }
            conversion.node.attributes[attribute] = .ints(values)
        }
    }

    /// All changes of an operator, oldest first.
    static func changes(of name: String) -> [OperatorChange] { byOperator[name] ?? [] }

    private static let byOperator: [String: [OperatorChange]] = {
        let families = [
            activationChanges, attributeChanges, axesChanges, normalizationChanges, quantizationChanges,
            samplingChanges, oldChanges,
        ]
        var result: [String: [OperatorChange]] = [:]
        for change in families.joined() {
            for name in change.operators { result[name, default: []].append(change) }
        }
        return result.mapValues { $0.sorted { $0.version < $1.version } }
    }()
}
