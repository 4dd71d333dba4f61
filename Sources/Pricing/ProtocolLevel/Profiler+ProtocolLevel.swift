import IR

/// Prices of protocol-level operators.
extension Profiler {
    /// The price of a protocol-level operator on secrets.
    ///
    /// - Throws: ``Unpriced`` if the framework's truncations or openings are not told apart, or it has no such operator.
    package func protocolLevelPrice(_ site: OperatorSite) throws -> OperatorPrice {
        let (node, title) = (site.node, framework.info.title)
        guard let prices = framework.protocolLevel else {
            throw Unpriced("\(title)'s truncations and openings are not priced apart from its operators")
        }
        guard let lengths = site.output(0)?.type.lengths else {
            throw Unpriced("the shape of its result is not known: set --dim")
        }
        let result = Extent(lengths)
        switch node.op {
        case ProtocolLevel.truncate: return OperatorPrice(try truncation(node, result, prices))
        case ProtocolLevel.scaleUp, ProtocolLevel.shift: return OperatorPrice(Call(node.op.type, []))
        case ProtocolLevel.open:
            guard let opening = prices.open(result.count) else {
                throw Unpriced("\(title)'s products open no masked operands")
            }
            return OperatorPrice(Call(node.op.type, [opening]), operandBytes: [opening.total.online.bytes])
        case ProtocolLevel.openOnce:
            guard prices.open(1) != nil else { throw Unpriced("\(title)'s products open no masked operands") }
            return OperatorPrice(Call(node.op.type, []))
        default: return try rawPrice(site, prices)
        }
    }

    /// What a session opens once for a graph, apart from its totals.
    ///
    /// - Throws: ``HarrierError`` if the policy names a value that is neither an input nor a constant.
    package func sessionCost(of graph: Graph, policy: VisibilityPolicy? = nil) throws -> Cost {
        sessionOpenings(graph, try graph.visibility(under: policy ?? framework.defaultVisibility))
    }

    /// What a session opens once: the weights of a protocol-level graph.
    package func sessionOpenings(_ graph: Graph, _ visibility: [Visibility]) -> Cost {
        graph.nodes.reduce(.zero) { sum, node in
            guard node.op == ProtocolLevel.openOnce, let operand = node.input(0),
                visibility[operand.index] == .private, let count = graph[operand].type?.elementCount,
                let opening = framework.protocolLevel?.open(count)
            else { return sum }
            return sum + Cost(offline: opening.total.online)
        }
    }

    private func truncation(_ node: Node, _ extent: Extent, _ prices: any ProtocolLevelPrices) throws -> Call {
        let cut = try node.int("factors") *| prices.format.fractionBits
        let bits = try cut +| node.int("bits")
        guard bits >= 0, bits < prices.format.ringBits else {
            throw Unpriced("it cuts \(bits) bits off numbers of \(prices.format.ringBits)")
        }
        var truncation = Truncation(extent, bits: bits)
        truncation.isNonNegative = try node.flag("nonnegative")
        truncation.followsProduct = try node.flag("product")
        return Call(node.op.type, bits == 0 ? [] : [try prices.truncate(truncation)])
    }

    /// The ordinary operator's price without the truncation of its result, and without what is opened already.
    private func rawPrice(_ site: OperatorSite, _ prices: any ProtocolLevelPrices) throws -> OperatorPrice {
        var ordinary = site
        ordinary.node.op = OperatorName(site.node.op.type)
        let opened = ordinary.node.attributes.removeValue(forKey: ProtocolLevel.opened)
        let shift = ordinary.node.attributes.removeValue(forKey: ProtocolLevel.shiftAttribute)
        if let shift, shift != .int(0) { return OperatorPrice(Call(ordinary.node.op.type, [])) }
        guard let price = try framework.price(ordinary) else {
            throw Unpriced("\(framework.info.title) has no \(ordinary.node.op) of its own")
        }
        let (rest, cut) = price.call.cutting(prices.truncations)
        if !ProtocolLevel.products.contains(ordinary.node.op.type), cut == nil, price.cost != .zero {
            throw Unpriced("\(framework.info.title)'s \(ordinary.node.op) truncates nothing that could be left out")
        }
        guard let opened, case .int(let operands) = opened, operands != 0 else {
            return OperatorPrice(rest, operandBytes: price.operandBytes, basis: price.basis)
        }
        return OperatorPrice(try withOpened(operands, site, rest, prices), basis: price.basis)
    }

    /// A product of which some operands have been opened: the others are opened now, at their own sizes.
    ///
    /// - Parameter operands: 1 the first, 2 the second, 3 both.
    private func withOpened(
        _ operands: Int, _ site: OperatorSite, _ product: Call, _ prices: any ProtocolLevelPrices
    ) throws -> Call {
        guard (1...3).contains(operands), let left = site.input(0), let right = site.input(1),
            left.visibility == .private, right.visibility == .private
        else { throw Unpriced("only shared operands of a product can have been opened") }
        let closed = (operands & 1 == 0 ? left.count : 0) + (operands & 2 == 0 ? right.count : 0)
        guard let opening = prices.open(closed) else {
            throw Unpriced("\(framework.info.title)'s products open no masked operands")
        }
        let randomness = Call("randomness", cost: Cost(offline: product.total.offline))
        let rest = product.removing(prices.openings).withoutOffline
        return Call(product.name, (closed > 0 ? [opening] : []) + [rest.renamed("rest"), randomness])
    }
}

extension Call {
    /// The tree without its first truncation, and that truncation; nil if it has none.
    ///
    /// - Parameter names: what the framework calls truncations.
    package func cutting(_ names: Set<String>) -> (rest: Call, truncation: Call?) {
        guard count == 1 else { return (self, nil) }
        for (index, child) in children.enumerated() {
            if names.contains(child.name), child.count == 1 {
                var others = children
                others.remove(at: index)
                return (Call(name, sizes: sizes, others), child)
            }
            let (rest, truncation) = child.cutting(names)
            guard let truncation else { continue }
            var others = children
            others[index] = rest
            return (Call(name, sizes: sizes, others), truncation)
        }
        return (self, nil)
    }

    /// The tree without the calls of those names.
    package func removing(_ names: Set<String>) -> Call {
        if names.contains(name) { return Call(name, []) }
        guard !children.isEmpty else { return self }
        return Call(name, sizes: sizes, children.map { $0.removing(names) })
            .repeated(count, independent: isIndependent)
    }

    /// The tree with its online part only.
    fileprivate var withoutOffline: Call {
        guard children.isEmpty else {
            return Call(name, sizes: sizes, children.map(\.withoutOffline)).repeated(count, independent: isIndependent)
        }
        return Call(name, cost: Cost(online: cost.online), count: count, sizes: sizes)
    }
}
