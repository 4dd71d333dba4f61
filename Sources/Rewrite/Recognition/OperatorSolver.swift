import Evaluate
import IR

/// Finds the operator that a cone spells out: attributes and public operands are solved from the numbers in the cone, the defaults
/// first.
struct OperatorSolver {
    /// Ways of filling in attributes that are tried for one operator.
    private static let mostForms = 2048
    /// Ways that pass the samples and are looked at closely.
    private static let mostProofs = 6
    /// Numbers of a cone from which others are made.
    private static let mostNumbers = 8
    /// Numbers that are tried where two have to be found.
    private static let mostChoices = 40
    /// The most elements of a tensor on which a cone is run.
    private static let largestTensor = 1 << 20

    let cone: ConeFunction

    /// The simplest node that computes what the cone does, as samples and then a proof tell; nil if there is none.
    func solution(where isProved: (RecognizedNode) -> Bool) -> RecognizedNode? {
        let known = KnownOperator.all.prefix { !isCone($0) }.filter(isPossible)
        guard !known.isEmpty, let samples = samples(), let first = samples.first,
            !(cone.isElementwise && first.isStraight), !isConstant(samples)
        else { return nil }
        for form in known {
            let found = plain(form).first { node in
                samples.allSatisfy { $0.agree(with: node) } && isProved(node)
            }
            if let found { return found }
        }
        for form in known {
            if let found = nearest(solved(form), samples).first(where: isProved) { return found }
        }
        return nil
    }

    /// Whether the cone always gives one number, as a normalization over an axis of length 1 does: that several operators can give by accident, and
    /// not all of them in all programs.
    private func isConstant(_ samples: [ConeSamples]) -> Bool {
        guard samples.count > 1, let number = samples[0].constant else { return false }
        return samples.allSatisfy { $0.constant == number }
    }

    /// The nodes that give what the cone gives on samples, the nearest first, and no more than are looked at closely. Of those that are
    /// equally near, as they are whose attributes say the same in several ways, the first.
    private func nearest(_ nodes: [RecognizedNode], _ samples: [ConeSamples]) -> [RecognizedNode] {
        var near: [(node: RecognizedNode, difference: Double)] = []
        var seen: Set<Double> = []
        for node in nodes {
            var difference = 0.0
            let agrees = samples.allSatisfy { sample in
                guard let found = sample.difference(from: node) else { return false }
                difference = max(difference, found)
                return true
            }
            guard agrees, seen.insert(difference).inserted else { continue }
            near.append((node, difference))
        }
        return near.sorted { $0.difference < $1.difference }.prefix(Self.mostProofs).map(\.node)
    }

    /// Whether an operator is the cone's only node: it is no other operator then, unless a simpler one.
    private func isCone(_ form: KnownOperator) -> Bool {
        cone.graph.nodes.count == 1 && cone.graph.nodes[0].op == form.row.name
    }

    /// Whether an operator can be what the cone spells out, by what it consists of.
    private func isPossible(_ form: KnownOperator) -> Bool {
        let parameters = cone.graph.inputs.count - 1
        return form.functions == cone.functions && form.isElementwise == !cone.reduces
            && (form.row.inputs.contains(1 + parameters) || parameters == 0 && cone.isElementwise)
            && (cone.isElementwise || !form.isElementwise || cone.graph.nodes.count > 1)
    }

    /// Elements on which a cone is run at least: in a few, bounds and kinks may not show.
    private static let fewElements = 256

    private func samples() -> [ConeSamples]? {
        let types = cone.graph.inputs.compactMap { cone.graph[$0].type }
        guard let operand = types.first, operand.elementType.isFloatingPoint, types.count == cone.graph.inputs.count,
            types.allSatisfy({ $0.lengths != nil })
        else { return nil }
        if cone.isElementwise {
            guard let vector = try? ConeSamples.vector(ConeSamples.points, like: operand) else { return nil }
            return ConeSamples(cone, [vector]).map { [$0] }
        }
        guard types.allSatisfy({ ($0.lengths ?? []).saturatingProduct() <= Self.largestTensor }) else { return nil }
        let count = max(1, Self.fewElements / max(1, (operand.lengths ?? []).saturatingProduct()))
        return (0..<count).compactMap { seed in
            (try? ConeSamples.random(types, seed: UInt64(seed))).flatMap { ConeSamples(cone, $0) }
        }
    }

    // MARK: Attributes and operands

    /// The operator with the defaults of its attributes.
    private func plain(_ form: KnownOperator) -> [RecognizedNode] {
        guard !form.row.attributes.contains(where: \.isRequired) else { return [] }
        return operands(form).map {
            RecognizedNode(op: form.row.name, attributes: form.chosen, operands: $0).trimmed
        }
    }

    /// The operator with all values of attributes and public operands that the cone's numbers allow.
    private func solved(_ form: KnownOperator) -> [RecognizedNode] {
        let open = form.row.attributes.filter { form.choice[$0.name] == nil }
        let free = open.filter(\.isRequired) + open.filter { !$0.isRequired }
        let places = cone.isElementwise ? min(form.row.inputs.upperBound, 4) - 1 : 0
        let numbers = numbers(few: free.count + places > 1)
        var nodes = operands(form).map { RecognizedNode(op: form.row.name, attributes: form.chosen, operands: $0) }
        for attribute in free {
            let values = values(of: attribute, numbers)
            // The last ones, such as the precision of a normalization, keep their defaults where there are too many ways.
            guard attribute.isRequired || nodes.count * values.count <= Self.mostForms else { continue }
            nodes = nodes.flatMap { node in
                values.map { value in
                    var copy = node
                    copy.attributes[attribute.name] = value == attribute.defaultValue ? nil : value
                    return copy
                }
            }
        }
        for place in 0..<max(0, places) {
            let isOptional = place + 1 >= form.row.inputs.lowerBound
            var choices: [RecognizedNode.Operand] = numbers.map { .number($0) }
            if isOptional { choices.insert(.absent, at: 0) }
            nodes = nodes.flatMap { node in
                choices.map { choice in
                    var copy = node
                    copy.operands.append(choice)
                    return copy
                }
            }
            guard nodes.count <= Self.mostForms else { return [] }
        }
        return nodes.map(\.trimmed).filter { $0.operands.count >= form.row.inputs.lowerBound }
    }

    /// The ways in which the cone's inputs can be the operator's operands.
    private func operands(_ form: KnownOperator) -> [[RecognizedNode.Operand]] {
        let parameters = cone.graph.inputs.indices.dropFirst()
        return permutations(Array(parameters)).flatMap { order in
            order.reduce([[RecognizedNode.Operand.input(0)]]) { partial, index in
                let rank = cone.graph[cone.graph.inputs[index]].type?.rank ?? 0
                let forms: [RecognizedNode.Operand] = rank > 1 ? [.input(index), .flattened(index)] : [.input(index)]
                return partial.flatMap { head in forms.map { head + [$0] } }
            }
        }
    }

    private func permutations(_ elements: [Int]) -> [[Int]] {
        guard elements.count > 1 else { return [elements] }
        return elements.flatMap { first in
            permutations(elements.filter { $0 != first }).map { [first] + $0 }
        }
    }

    /// What an attribute can be, its default first.
    private func values(of attribute: AttributeDefinition, _ numbers: [Double]) -> [Attribute?] {
        let first: [Attribute?] = attribute.isRequired ? [] : [attribute.defaultValue]
        switch attribute.kind {
        case .float: return first + numbers.map { Attribute.float(Float($0)) }
        case .int:
            // Numbers that are neither places nor counts are switches, which keep their defaults.
            guard attribute.isRequired || attribute.name == "axis" else { return first }
            let rank = cone.operandType?.rank ?? 0
            let counted = cone.integers.flatMap { [$0, $0 < 0 ? $0 + rank : $0 - rank] }
            return first + Set(counted).sorted().map { Attribute.int($0) }
        case .ints: return first + cone.lists.map { Attribute.ints($0) }
        default: return first
        }
    }

    /// The numbers of the cone and those that simple arithmetic makes of them.
    private func numbers(few: Bool) -> [Double] {
        let given = Array(cone.numbers.prefix(Self.mostNumbers))
        var result = given + given.map { -$0 } + given.map { 1 / $0 }
        for one in given { result += given.map { one / $0 } }
        if !few {
            for one in given { result += given.flatMap { [one * $0, one + $0, one - $0] } }
        }
        var seen: Set<Float> = []
        let unique = result.filter { $0.isFinite && seen.insert(Float($0)).inserted }
        return few ? Array(unique.prefix(Self.mostChoices)) : unique
    }
}

extension KnownOperator {
    /// The attributes that tell the function apart, without those that have their default.
    var chosen: [String: Attribute] { choice.filter { row.attribute($0)?.defaultValue != $1 } }
}
