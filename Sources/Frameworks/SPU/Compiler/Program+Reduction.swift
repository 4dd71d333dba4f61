import IR
import Pricing

/// Rewrites of reductions. They look through what only moves elements, so that which axes are reduced, and whether the first is
/// among them, is a matter of the value behind it.
extension SPU.Program {
    mutating func simplifiedReduction(_ x: ValueID, _ instruction: Instruction, _ site: Site) -> ValueID? {
        let axes = Self.axes(instruction)
        if count(x) == site.lengths.saturatingProduct() { return reshaped(x, site.lengths, site.origin) }
        guard let argument = source(x), let inner = argument.node.input(0) else { return nil }
        switch argument.code {
        case .negate where instruction.code == .reduceSum:
            let sum = reduced(.reduceSum, inner, axes, keepsAxes: false, site.origin)
            return emit(.negate, [sum], site.lengths, origin: argument.origin)
        case .transpose:
            guard case .ints(let order)? = argument.node.attributes["perm"] else { return nil }
            return reductionOfTranspose(inner, order, axes, instruction.code, site)
        case instruction.code:
            let first = Self.axes(argument)
            let left = lengths(inner).indices.filter { !first.contains($0) }
            let both = (first + axes.map { left[$0] }).sorted()
            return reduced(instruction.code, inner, both, keepsAxes: false, site.origin)
        case .reshape: return reductionOfReshape(inner, lengths(x), axes, instruction.code, site)
        case .concatenate where concatenationAxis(argument).map(axes.contains) == true:
            return reductionOfPieces(argument.node.inputs.compactMap { $0 }, axes, instruction.code, site)
        case .broadcast: return reductionOfBroadcast(inner, Self.axes(argument), lengths(x), instruction, site)
        default: return nil
        }
    }

    private mutating func reductionOfTranspose(
        _ inner: ValueID, _ order: [Int], _ axes: [Int], _ code: Code, _ site: Site
    ) -> ValueID? {
        let new = axes.map { order[$0] }
        let result = reduced(code, inner, new.sorted(), keepsAxes: false, site.origin)
        let left = order.filter { !new.contains($0) }
        let ranks = left.sorted()
        return transposed(result, left.compactMap { ranks.firstIndex(of: $0) }, site.origin)
    }

    private mutating func reductionOfReshape(
        _ inner: ValueID, _ shape: [Int], _ axes: [Int], _ code: Code, _ site: Site
    ) -> ValueID? {
        let unmodified = Self.unmodifiedAxes(from: lengths(inner), to: shape)
        let kept = shape.indices.filter { !axes.contains($0) }
        let whole = Set(unmodified.map(\.to))
        if whole.isSuperset(of: kept) {
            let left = unmodified.filter { kept.contains($0.to) }.map(\.from)
            let reducedAxes = lengths(inner).indices.filter { !left.contains($0) }
            return reduced(code, inner, reducedAxes, keepsAxes: false, site.origin)
        }
        guard whole.isSuperset(of: axes) else { return nil }
        let before = unmodified.filter { axes.contains($0.to) }.map(\.from)
        return reshaped(reduced(code, inner, before, keepsAxes: false, site.origin), site.lengths, site.origin)
    }

    /// A sum of equal elements is a product with their number; the largest of them is compared with the initial value alone.
    private mutating func reductionOfBroadcast(
        _ inner: ValueID, _ kept: [Int], _ shape: [Int], _ instruction: Instruction, _ site: Site
    ) -> ValueID? {
        let axes = Self.axes(instruction)
        guard kept.allSatisfy({ !axes.contains($0) }) else { return nil }
        if instruction.code == .reduceSum {
            let repetitions = Double(axes.reduce(1) { $0 * shape[$1] })
            let small = Site(output: inner, lengths: lengths(inner), origin: site.origin)
            let product = pair(.multiply, inner, constant(repetitions, like: inner), small)
            return broadcast(
                product, to: site.lengths, axes: kept.map { axis in axis - axes.count { $0 < axis } }, site.origin)
        }
        guard site.lengths.isEmpty, let combine = Self.combinations[instruction.code], combine != .multiply else {
            return nil
        }
        let bound = constant(combine == .maximum ? -.infinity : .infinity, like: inner)
        return pair(combine, inner, bound, site)
    }

    /// Joined pieces are reduced one by one.
    private mutating func reductionOfPieces(
        _ pieces: [ValueID], _ axes: [Int], _ code: Code, _ site: Site
    ) -> ValueID? {
        guard let combine = Self.combinations[code], pieces.count > 1 else { return nil }
        let parts = pieces.map { piece in
            // What is made of constants is a constant; prices do not depend on which.
            isConstant(piece) ? constant(1, like: piece) : reduced(code, piece, axes, keepsAxes: false, site.origin)
        }
        return parts.dropFirst().reduce(parts[0]) { pair(combine, $0, $1, site) }
    }

    private static let combinations: [Code: Code] = [
        .reduceSum: .add, .reduceMax: .maximum, .reduceMin: .minimum, .reduceProduct: .multiply,
    ]
}
