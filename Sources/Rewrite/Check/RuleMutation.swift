import DataFiles

/// A rule with one condition dropped. Its check must fail, or the condition guards nothing that the rule's file shows.
struct RuleMutation: Sendable {
    /// The rule without the condition, in all its forms.
    let rule: Rule
    /// The condition as the file has it, or the part of it that was dropped.
    let dropped: String
    /// The line of the file that the condition begins on.
    let line: Int?

    /// All mutations of a rule: without each condition, and without each part of one that `and` joins to others.
    ///
    /// - Throws: ``HarrierError`` if the rule's file has errors.
    static func all(of rule: Rule) throws -> [RuleMutation] {
        let forms = try rule.forms
        guard let first = forms.first else { return [] }
        func changed(_ index: Int, _ change: (Expression) -> Expression?) -> Rule {
            rule.replacing(forms: forms.map { $0.replacingCondition(index, change) })
        }
        return first.conditions.indices.flatMap { index in
            let condition = first.conditions[index]
            let parts = condition.expression.conjuncts
            let whole = RuleMutation(
                rule: changed(index) { _ in nil }, dropped: condition.text, line: condition.line)
            guard !parts.isEmpty else { return [whole] }
            let isSplit = condition.expression.isConjunction
            return (isSplit ? [] : [whole])
                + parts.indices.map { part in
                    RuleMutation(
                        rule: changed(index) { $0.dropping(part) }, dropped: parts[part].description,
                        line: condition.line)
                }
        }
    }
}

extension Rule.Form {
    /// The form with one condition changed; without it where the change gives nil.
    fileprivate func replacingCondition(_ index: Int, _ change: (Expression) -> Expression?) -> Rule.Form {
        guard conditions.indices.contains(index) else { return self }
        var form = self
        if let changed = change(conditions[index].expression) {
            form.conditions[index].expression = changed
        } else {
            form.conditions.remove(at: index)
        }
        return form
    }
}

extension Expression {
    fileprivate var isConjunction: Bool {
        if case .binary(.and, _, _) = self { true } else { false }
    }

    /// The parts that `and` joins, in order, also below `or`. Not those below `not`: without them the condition would ask for more.
    fileprivate var conjuncts: [Expression] {
        switch self {
        case .binary(.and, let left, let right):
            (left.isConjunction ? left.conjuncts : [left] + left.conjuncts)
                + (right.isConjunction ? right.conjuncts : [right] + right.conjuncts)
        case .binary(.or, let left, let right): left.conjuncts + right.conjuncts
        default: []
        }
    }

    /// The expression without the part of that position among its ``conjuncts``.
    fileprivate func dropping(_ position: Int) -> Expression {
        guard case .binary(let operation, let left, let right) = self, operation == .and || operation == .or else {
            return self
        }
        let isAnd = operation == .and
        let countsLeft = isAnd && !left.isConjunction
        let countsRight = isAnd && !right.isConjunction
        let leftParts = (countsLeft ? 1 : 0) + left.conjuncts.count
        if position < leftParts {
            if countsLeft && position == 0 { return right }
            return .binary(operation, left.dropping(position - (countsLeft ? 1 : 0)), right)
        }
        let rest = position - leftParts
        if countsRight && rest == 0 { return left }
        return .binary(operation, left, right.dropping(rest - (countsRight ? 1 : 0)))
    }
}
