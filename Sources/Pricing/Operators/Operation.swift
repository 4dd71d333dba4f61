import IR

/// One operator with its operands, as the rows of a framework's operator table see it.
package struct Operation<Functions: Sendable>: Sendable {
    package let site: OperatorSite
    package let functions: Functions

    /// An operator priced with those functions.
    package init(site: OperatorSite, functions: Functions) {
        self.site = site
        self.functions = functions
    }

    package var node: Node { site.node }
    package var name: String { node.op.type }

    /// Whether an operand is a secret; one that a single party knows is shared before it meets another's.
    package func isSecret(_ index: Int) -> Bool { visibility(index) != .public }

    /// Who knows an operand; everybody, if it is left out.
    package func visibility(_ index: Int) -> Visibility { site.input(index)?.visibility ?? .public }

    /// The shape of an operand.
    package func extent(_ index: Int) throws -> Extent { try Self.extent(site.input(index), what: "operand \(index)") }

    /// The shape of a result.
    package func result(_ index: Int = 0) throws -> Extent { try Self.extent(site.output(index), what: "result") }

    private static func extent(_ operand: OperatorSite.Operand?, what: String) throws -> Extent {
        guard let operand else { throw Unpriced("its \(what) is missing") }
        guard let lengths = operand.type.lengths else {
            throw Unpriced("the shape of its \(what) is not known: set --dim")
        }
        return Extent(lengths)
    }

    /// Whether an operand carries the fixed-point scale. Results of comparisons, which are booleans, and integers do not.
    package func isFixedPoint(_ index: Int) -> Bool { site.input(index)?.type.elementType.isFloatingPoint ?? false }

    /// The public integers of an operand; nil if it is left out.
    package func integers(_ index: Int, _ what: String) throws -> [Int]? {
        guard let operand = site.input(index) else { return nil }
        guard let tensor = operand.tensor, let values = try? tensor.integers() else {
            throw Unpriced("its \(what) are not known")
        }
        return values
    }

    /// The public number of an operand with one element; nil if it is not public, not known or not alone.
    package func number(_ index: Int) -> Double? {
        guard let tensor = site.input(index)?.tensor, tensor.elementCount == 1 else { return nil }
        return (try? tensor.doubles())?.first
    }

    /// The operator's call tree. Where the framework has one function of the operator's name, the tree goes on with what
    /// that function calls: `Relu / ltz / a2b`, not `Relu / relu / ltz / a2b`.
    package func tree(_ calls: [Call]) -> Call {
        let sending = calls.filter { $0.cost != .zero }
        guard sending.count == 1, let only = sending.first, only.count == 1, !only.children.isEmpty,
            isNamed(like: only.name)
        else { return Call(name, sending) }
        return Call(name, sizes: only.sizes, only.children)
    }

    /// Whether one name begins with the other, but for case and underscores.
    private func isNamed(like function: String) -> Bool {
        let own = name.utf8.lazy.map { $0 | 0x20 }
        let other = function.utf8.lazy.filter { $0 != UInt8(ascii: "_") }
        return zip(own, other).allSatisfy { $0 == $1 }
    }

    /// The price of elements that move to or from places which an operand says, if everybody knows the places.
    package func movementByIndex() throws -> OperatorPrice {
        guard !isSecret(1) else { throw Unpriced("no price is known for a secret index of \(name)") }
        let reduction = try node.optionalString("reduction") ?? "none"
        guard reduction == "none" || reduction == "add" else {
            throw Unpriced("no price is known for a scatter that reduces by '\(reduction)'")
        }
        return price([])
    }

    /// A price whose openings belong to the first secret operand.
    package func price(_ calls: [Call], basis: OperatorPrice.Basis = .native) -> OperatorPrice {
        let call = tree(calls)
        guard let first = site.inputs.indices.first(where: isSecret) else {
            return OperatorPrice(call, basis: basis)
        }
        var bytes = [Int](repeating: 0, count: site.inputs.count)
        bytes[first] = call.cost.online.bytes
        return OperatorPrice(call, operandBytes: bytes, basis: basis)
    }

    /// A price that says what opening each operand costs.
    package func price(_ calls: [Call], operandBytes: [Int], basis: OperatorPrice.Basis = .native) -> OperatorPrice {
        OperatorPrice(tree(calls), operandBytes: operandBytes, basis: basis)
    }
}

/// A row of a framework's operator table: how it computes an ONNX operator, and what that costs.
package struct OperatorRow<Functions: Sendable>: Sendable {
    package let names: [String]
    /// The price; nil if the operator is priced by its function body after all.
    package let price: @Sendable (Operation<Functions>) throws -> OperatorPrice?

    package init(_ names: String..., price: @escaping @Sendable (Operation<Functions>) throws -> OperatorPrice?) {
        self.names = names
        self.price = price
    }

    /// A row of all operators that have one of some facts and none of others.
    package init(
        all traits: OperatorDefinition.Traits..., without others: OperatorDefinition.Traits = [],
        price: @escaping @Sendable (Operation<Functions>) throws -> OperatorPrice?
    ) {
        names = OperatorTable.operators(withAny: traits, without: others).map(\.type)
        self.price = price
    }

    /// Rows by operator name. Later rows take the place of earlier ones of the same operator.
    package static func table(_ families: [OperatorRow]...) -> [String: OperatorRow] {
        Dictionary(families.joined().flatMap { row in row.names.map { ($0, row) } }) { _, later in later }
    }
}
