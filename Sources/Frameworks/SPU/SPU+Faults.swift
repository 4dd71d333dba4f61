import IR
import Pricing

extension SPU {
    private static let transposed = FrameworkFault(
        "a transposed value meets a constant, whose elements the compiler takes in the wrong order; make it an input or a parameter",
        remedy: .flattened)
    private static let root = FrameworkFault(
        "a root meets a constant of several numbers, at which the compiler ends ('Assertion isSplat()'); make it an input or a parameter",
        remedy: .constantFirst)
    /// What comes of constants near the results of operators.
    private static let faults: [OperatorName: FrameworkFault] = ["Sqrt": root, "Transpose": transposed]

    /// What SPU 0.9.5 (and 0.9.3b0) was seen to compute wrong whatever the numbers are, or to end at. Both come from constants with several
    /// different elements, which its compiler moves through elementwise operators to a transposition, or takes for the small number that is
    /// added to a root; secret and public inputs of the same values are right. Behind a Reshape products were right, and `k - (-sqrt(x))` is not
    /// looked at.
    @Sendable static func fault(_ site: OperatorSite) -> FrameworkFault? {
        guard let context = site.context, site.node.has(.elementwise), site.node.inputs.count > 1,
            let constant = site.node.inputs.indices.first(where: { holdsDifferentElements(site, at: $0) })
        else { return nil }
        let others = site.node.inputs.indices.filter { $0 != constant }.compactMap { site.node.inputs[$0] }
        if others.contains(where: { isTransposed($0, context) }) { return transposed }
        let isSum = site.node.has(.linear) && (site.node.has(.commutative) || constant > 0)
        return isSum && others.contains { isRoot($0, context) } ? root : nil
    }

    /// Whether an operand is a public constant with different elements, as many as the result has.
    private static func holdsDifferentElements(_ site: OperatorSite, at position: Int) -> Bool {
        guard let operand = site.input(position), operand.visibility == .public,
            operand.count == site.outputs.first.flatMap({ $0?.count }),
            let elements = try? operand.tensor?.doubles(), let first = elements.first
        else { return false }
        return elements.contains { $0 != first }
    }

    private static func isRoot(_ id: ValueID, _ context: GraphContext) -> Bool {
        context.producer(of: id).map { faults[$0.op] == root } ?? false
    }

    /// Whether a value is made of a transposed one, element by element.
    private static func isTransposed(_ id: ValueID, _ context: GraphContext) -> Bool {
        var seen: Set<ValueID> = [id]
        var pending = [id]
        while let value = pending.popLast() {
            guard let producer = context.producer(of: value) else { continue }
            if faults[producer.op] == transposed { return true }
            guard producer.has(.elementwise) else { continue }
            for case let input? in producer.inputs
            where context.graph[input].type?.elementCount == context.graph[value].type?.elementCount
                && seen.insert(input).inserted
            {
                pending.append(input)
            }
        }
        return false
    }
}
