import IR
import Pricing

extension SPU {
    private static let transposed = FrameworkFault(
        "a transposed value meets a constant, whose elements the compiler takes in the wrong order; make it an input or a parameter",
        remedy: .beforeMovements)
    private static let root = FrameworkFault(
        "a root meets a constant of several numbers, at which the compiler ends ('Assertion isSplat()'); make it an input or a parameter",
        remedy: .constantFirst)
    /// What comes of constants beside the results of operators.
    private static let faults: [OperatorName: FrameworkFault] = ["Sqrt": root]

    /// What SPU 0.9.5 (and 0.9.3b0) was seen to compute wrong whatever the numbers are, or to end at. Both come from constants with several
    /// different elements. The compiler writes `transpose(x) · k` as `transpose(x · transposed k)`, computes the transposed constant, and
    /// then reads its elements in the order that they had; elementwise operators and reshapes in between do not keep it from that; another
    /// operand of the same size that was not transposed does, up to the next transposition or reshape. A constant beside a root it takes for the small number that is added to roots;
    /// `k - (-sqrt(x))` it does not look at. Secret and public inputs of the same values are right.
    @Sendable static func fault(_ site: OperatorSite) -> FrameworkFault? {
        guard let context = site.context, site.node.has(.elementwise), site.node.inputs.count > 1,
            let constant = site.node.inputs.indices.first(where: { holdsDifferentElements(site, at: $0) })
        else { return nil }
        let ids = site.node.inputs
        if let id = ids[constant], context.movement(of: id)?.isTransposed == true { return transposed }
        let others = ids.indices.filter { $0 != constant }.compactMap { position in
            ids[position].flatMap { isWhole(site, at: position) && context.graph[$0].knownTensor == nil ? $0 : nil }
        }
        let movements = others.map { context.movement(of: $0) }
        if let movement = movements.first ?? nil, movement.isTransposed, !movement.isMixed,
            movements.allSatisfy({ $0?.steps == movement.steps })
        {
            return transposed
        }
        let isSum = site.node.has(.linear) && (site.node.has(.commutative) || constant > 0)
        return isSum && others.contains { isRoot($0, context) } ? root : nil
    }

    /// Whether an operand is a public constant with different elements, as many as the result has.
    private static func holdsDifferentElements(_ site: OperatorSite, at position: Int) -> Bool {
        guard let operand = site.input(position), operand.visibility == .public, isWhole(site, at: position),
            let elements = try? operand.tensor?.doubles(), let first = elements.first
        else { return false }
        return elements.contains { $0 != first }
    }

    /// Whether an operand has as many elements as the result.
    private static func isWhole(_ site: OperatorSite, at position: Int) -> Bool {
        site.input(position)?.count == site.outputs.first.flatMap { $0?.count }
    }

    private static func isRoot(_ id: ValueID, _ context: GraphContext) -> Bool {
        context.producer(of: id).map { faults[$0.op] == root } ?? false
    }
}
