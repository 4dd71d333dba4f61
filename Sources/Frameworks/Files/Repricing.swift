import IR
import Pricing

/// The prices of a file, put on call trees: every call that the file has a price for costs that instead.
struct Repricing: Sendable {
    /// The prices of the file.
    let prices: PriceTable
    /// Whether what the file does not price has no price: the calls are those of ``PrimitiveFunctions``.
    let isComplete: Bool

    /// The price with the file's prices. The file can also mean the function that the operator is, which its tree does not show
    /// (`Relu` instead of `Relu / relu`).
    func repriced(_ price: OperatorPrice, of site: OperatorSite) throws -> OperatorPrice {
        let call = try repriced(operator: price)
        guard call != price.call else { return price }
        var result = OperatorPrice(call, basis: price.basis)
        if let function = price.function, call.children.first?.name != function { result.function = function }
        result.operandBytes = [Int](repeating: 0, count: site.inputs.count)
        let secret = site.inputs.firstIndex { $0.map { $0.visibility != .public } ?? false }
        if let secret { result.operandBytes[secret] = call.total.online.bytes }
        return result
    }

    private func repriced(operator price: OperatorPrice) throws -> Call {
        guard let function = price.function else { return try repriced(price.call) }
        try requireSupport(of: function)
        guard let cost = try cost(of: price.call, named: function) else { return try repriced(price.call) }
        return Call(price.call.name, [Call(function, cost: cost, sizes: price.call.sizes)])
    }

    private func requireSupport(of function: String) throws {
        if let reason = prices.reason(function) { throw Unpriced("\(prices.title) has no \(function): \(reason)") }
    }

    /// The same tree with the file's prices.
    func repriced(_ call: Call) throws -> Call {
        try requireSupport(of: call.name)
        if let cost = try cost(of: call, named: call.name) { return replaced(call, cost: cost) }
        guard !call.children.isEmpty else {
            guard isComplete, call.cost != .zero else { return call }
            throw Unpriced("\(prices.title) has no price for '\(call.name)'")
        }
        var children: [Call] = []
        for (index, child) in call.children.enumerated() {
            let follows = index > 0 && isProduct(call.children[index - 1])
            if follows, child.name.hasPrefix("truncate"),
                let cost = try cost(of: child, named: PrimitiveNames.truncationOfProduct)
            {
                children.append(replaced(child, cost: cost))
            } else {
                children.append(try repriced(child))
            }
        }
        if children == call.children { return call }
        return Call(call.name, sizes: call.sizes, children)
            .repeated(call.count, independent: call.isIndependent)
    }

    /// The file's price of a call, under its own name or the more general one that stands for it.
    func cost(of call: Call, named name: String) throws -> Cost? {
        guard call.sizes != Sizes() else { return nil }
        var sizes = call.sizes
        var products = 1
        if name == "matmul" {
            // Several products at once are sent together.
            let result = sizes.p *| sizes.r
            products = result == 0 ? 1 : max(1, sizes.n / result)
            sizes.n = result
        }
        for name in [name] + (isComplete ? PrimitiveNames.substitutes[name] ?? [] : []) {
            guard var cost = try prices.cost(name, sizes) else { continue }
            cost.online.bytes = products *| cost.online.bytes
            cost.offline.bytes = products *| cost.offline.bytes
            return cost
        }
        return nil
    }

    private func replaced(_ call: Call, cost: Cost) -> Call {
        Call(call.name, cost: cost, sizes: call.sizes).repeated(call.count, independent: call.isIndependent)
    }

    /// Whether a call ends with a product whose result it leaves untruncated.
    private func isProduct(_ call: Call) -> Bool {
        call.children.last.map(isProduct) ?? PrimitiveNames.products.contains(call.name)
    }
}
