import DataFiles
import IR

extension Expression {
    /// The parts of a condition that decide it, each with its value at a place.
    func parts(in scope: RuleScope) -> [String] {
        switch self {
        case .literal: []
        case .list where names.isEmpty && calls.isEmpty: []
        case .binary(.and, let left, let right), .binary(.or, let left, let right):
            left.parts(in: scope) + right.parts(in: scope)
        case .unary(.not, let operand): operand.parts(in: scope)
        case .binary(let operation, let left, let right) where Self.comparisons.contains(operation):
            left.parts(in: scope) + right.parts(in: scope)
        default: ["\(description) is \(value(in: scope))"]
        }
    }

    private static let comparisons: Set<Operator> = [.equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual]

    private func value(in scope: RuleScope) -> String {
        do {
            return try evaluate(in: scope).description + (remark(in: scope) ?? "")
        } catch let error as HarrierError {
            return "not known: \(error.message)"
        } catch {
            return "not known"
        }
    }

    /// What a person should know beside the value: how often something is read that should be read once.
    private func remark(in scope: RuleScope) -> String? {
        guard case .call("used_once", let arguments) = self, let argument = arguments.first,
            let id = try? scope.value(argument)
        else { return nil }
        let readers = scope.facts.uses[id.index].map { scope.facts.graph.nodes[$0].op.description }
        if scope.facts.isOutput(id) { return ": it is an output of the model" }
        return ": \(readers.count) operands read it (\(readers.joined(separator: ", ")))"
    }
}
