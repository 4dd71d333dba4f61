import DataFiles
import IR

/// Checks that the parts of a rule go together, so that a mistake is found when the file is read and not where the rule fires.
enum RuleFileChecks {
    /// - Throws: ``HarrierError`` saying what does not go together.
    static func check(_ form: Rule.Form) throws {
        let before = form.pattern.graph
        let after = form.replacement.body
        func names(_ graph: Graph, _ ids: [ValueID]) -> [String] { ids.map { graph[$0].name } }
        guard names(before, before.inputs) == names(after, after.inputs), before.outputs.count == after.outputs.count
        else {
            throw HarrierError(
                "'before' and 'after' must have the same inputs and as many outputs",
                hint: "both take (\(names(before, before.inputs).joined(separator: ", ")))")
        }
        for (index, node) in after.nodes.enumerated()
        where OperatorTable[node.op] == nil && Macros.writers[node.op] == nil
            && form.pattern.quantified[node.op] == nil
        {
            throw HarrierError("\(node.op) is not an operator Harrier knows", place: after.label(ofNode: index))
        }
        func handsOn(_ node: Node) -> Bool { node.attributes[Attribute.allOthers] != nil }
        for node in after.nodes where handsOn(node) {
            guard before.nodes.contains(where: { $0.op == node.op && handsOn($0) }) else {
                throw HarrierError(
                    "'after' hands all attributes of \(node.op) on, and no \(node.op) of 'before' has '@*'")
            }
        }
        try checkNames(form)
    }

    private static func checkNames(_ form: Rule.Form) throws {
        let values = Set(form.pattern.graph.values.map(\.name))
        var known = Set(form.pattern.graph.nodes.flatMap { variables(of: $0) })
        for definition in form.definitions {
            try check(definition.expression, variables: known, values: values)
            known.insert(definition.name)
        }
        for condition in form.conditions { try check(condition.expression, variables: known, values: values) }
        for node in form.replacement.body.nodes {
            for variable in variables(of: node) where !known.contains(variable) {
                throw HarrierError("'after' uses '@\(variable)', which neither 'before' nor 'let' gives a value")
            }
        }
    }

    private static func variables(of node: Node) -> [String] {
        node.attributes.compactMap { key, attribute in
            if key != Attribute.allOthers, case .reference(let name, _) = attribute { name } else { nil }
        }
    }

    private static func check(_ expression: Expression, variables: Set<String>, values: Set<String>) throws {
        var valueNames: Set<String> = []
        for call in expression.calls {
            guard let function = RuleVocabulary.functions[call.name] else {
                throw HarrierError(
                    "there is no function '\(call.name)'",
                    hint: "there are " + RuleVocabulary.functions.keys.sorted().joined(separator: ", "))
            }
            let takesAny = function.parameters.contains { if case .rest = $0 { true } else { false } }
            guard takesAny || call.arguments.count == function.parameters.count else {
                throw HarrierError(
                    "'\(call.name)' takes \(function.parameters.count) arguments, not \(call.arguments.count)")
            }
            for (argument, parameter) in zip(call.arguments, function.parameters) {
                guard case .value = parameter else { continue }
                guard case .name(let name) = argument, values.contains(name) else {
                    throw HarrierError("'\(call.name)' is asked of a value of the pattern")
                }
                valueNames.insert(name)
            }
        }
        for name in expression.names.sorted() where !variables.contains(name) && !valueNames.contains(name) {
            throw HarrierError("there is no attribute variable or definition '\(name)'")
        }
    }
}
