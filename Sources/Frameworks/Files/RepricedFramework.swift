import IR
import Pricing

/// A framework with the prices of a file: it lowers operators as the framework does that it is based on, and every call in the
/// tree that the file has a price for costs that instead.
struct RepricedFramework: Framework {
    /// Who lowers operators, and prices what the file does not.
    let base: any Framework
    /// The prices of the file.
    let prices: PriceTable
    let info: FrameworkInfo
    /// Whether the base has no prices of its own, so that what the file does not price has none.
    let isComplete: Bool
    /// Ring and scale of its numbers, where they are known.
    let format: FixedPointFormat?

    var defaultVisibility: VisibilityPolicy { base.defaultVisibility }

    var newestOpset: Int? { base.newestOpset }

    var fixedPoint: FixedPointFormat? { base.fixedPoint }

    var fusesOperators: Bool { base.fusesOperators }

    func refusal(_ site: OperatorSite) -> String? { base.refusal(site) }

    func price(_ site: OperatorSite) throws -> OperatorPrice? {
        guard let price = try base.price(site) else { return nil }
        let call = try repriced(operator: price.call)
        var operandBytes = price.operandBytes
        if call != price.call {
            operandBytes = [Int](repeating: 0, count: site.inputs.count)
            let secret = site.inputs.firstIndex { $0.map { $0.visibility != .public } ?? false }
            if let secret { operandBytes[secret] = call.total.online.bytes }
        }
        return OperatorPrice(call, operandBytes: operandBytes, basis: price.basis)
    }

    func inputOutputCost(inputs: [TensorType], outputs: [TensorType]) -> Cost {
        func count(_ types: [TensorType]) -> Int {
            types.reduce(0) { $0 +| ($1.elementCount ?? 0) }
        }
        let shared = try? prices.cost("share", Sizes(n: count(inputs)))
        let opened = try? prices.cost("open", Sizes(n: count(outputs)))
        return (shared ?? base.inputOutputCost(inputs: inputs, outputs: []))
            + (opened ?? base.inputOutputCost(inputs: [], outputs: outputs))
    }

    func setupCost(for calls: [Call]) -> Cost { base.setupCost(for: calls) }

    /// The same tree with the file's prices. Where the operator's call is that of the function of its name (`Relu` instead of
    /// `Relu / relu`), the price of the function is meant, too.
    private func repriced(operator call: Call) throws -> Call {
        let name = call.name.lowercased()
        if let function = prices.names.first(where: { $0.filter { $0 != "_" } == name }) {
            if let reason = prices.reason(function) { throw Unpriced("\(prices.title) has no \(function): \(reason)") }
            if let cost = try cost(of: call, named: function) {
                return Call(call.name, [Call(function, cost: cost, sizes: call.sizes)])
            }
        }
        return try repriced(call)
    }

    /// The same tree with the file's prices.
    func repriced(_ call: Call) throws -> Call {
        if let reason = prices.reason(call.name) { throw Unpriced("\(prices.title) has no \(call.name): \(reason)") }
        if let cost = try cost(of: call, named: call.name) { return replaced(call, cost: cost) }
        guard !call.children.isEmpty else {
            guard isComplete, call.cost != .zero else { return call }
            throw Unpriced("\(prices.title) has no price for '\(call.name)'")
        }
        var children: [Call] = []
        for (index, child) in call.children.enumerated() {
            let follows = index > 0 && isProduct(call.children[index - 1])
            if follows, child.name.hasPrefix("truncate"), let cost = try cost(of: child, named: "truncate_product") {
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
