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

    /// The calls of a function of two operands that takes more of them one by one, as far as what is reached is a secret.
    ///
    /// - Parameter call: what it costs to take one more, by the shape that is reached.
    package func oneByOne(_ call: (Extent) throws -> Call) throws -> [Call] {
        var calls: [Call] = []
        var reached = try extent(0)
        var isReachedSecret = isSecret(0)
        for index in site.inputs.indices.dropFirst() {
            reached = reached.broadcast(with: try extent(index))
            isReachedSecret = isReachedSecret || isSecret(index)
            if isReachedSecret { calls.append(try call(reached)) }
        }
        return calls
    }

    /// The operator's call tree. Where the framework has one function of the operator's name, the tree goes on with what
    /// that function calls: `Relu / ltz / a2b`, not `Relu / relu / ltz / a2b`.
    private func tree(_ calls: [Call]) -> (call: Call, function: String?) {
        let sending = calls.filter { $0.cost != .zero }
        guard sending.count == 1, let only = sending.first, only.count == 1, !only.children.isEmpty,
            isNamed(like: only.name)
        else { return (Call(name, sending), nil) }
        return (Call(name, sizes: only.sizes, only.children), only.name)
    }

    /// Whether one name begins with the other, but for case and underscores.
    private func isNamed(like function: String) -> Bool {
        let own = name.utf8.lazy.map { $0 | 0x20 }
        let other = function.utf8.lazy.filter { $0 != UInt8(ascii: "_") }
        return zip(own, other).allSatisfy { $0 == $1 }
    }

    /// The price of elements that move to or from places which an operand says, if everybody knows the places.
    package func movementByIndex() throws -> OperatorPrice? {
        guard !isSecret(1) else { return nil }
        let reduction = try node.optionalString("reduction") ?? "none"
        guard reduction == "none" || reduction == "add" else {
            throw Unpriced("no price is known for a scatter that reduces by '\(reduction)'")
        }
        return price([])
    }

    /// A price whose openings belong to the first secret operand.
    package func price(_ calls: [Call], basis: OperatorPrice.Basis = .native) -> OperatorPrice {
        var price = price(calls, operandBytes: [], basis: basis)
        guard let first = site.inputs.indices.first(where: isSecret) else { return price }
        price.operandBytes = [Int](repeating: 0, count: site.inputs.count)
        price.operandBytes[first] = price.call.cost.online.bytes
        return price
    }

    /// A price that says what opening each operand costs.
    package func price(_ calls: [Call], operandBytes: [Int], basis: OperatorPrice.Basis = .native) -> OperatorPrice {
        let (call, function) = tree(calls)
        var price = OperatorPrice(call, operandBytes: operandBytes, basis: basis)
        price.function = function
        return price
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

extension Dictionary where Key == String {
    /// The price of a node by the row of its operator in this table; nil if there is none.
    package func price<Functions>(_ site: OperatorSite, _ functions: Functions) throws -> OperatorPrice?
    where Value == OperatorRow<Functions> {
        guard site.node.op.domain.isEmpty, let row = self[site.node.op.type] else { return nil }
        return try row.price(Operation(site: site, functions: functions))
    }
}
