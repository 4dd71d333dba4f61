import DataFiles
import IR
import Yams

/// Conditions that several rules ask, defined once: a file `conditions.yaml` of lines `name(parameters): expression`.
struct NamedConditions: Sendable {
    private struct Definition: Sendable {
        let parameters: [String]
        let body: Expression
    }

    /// The name of the file beside the families of rules.
    static let fileName = "conditions"

    /// What belongs to the text of every rule that uses them.
    let text: String
    private var definitions: [String: Definition] = [:]

    /// No conditions.
    init() { text = "" }

    /// The conditions in a file's text, and others that they can use and that they come after.
    ///
    /// - Throws: ``HarrierError`` with file and line.
    init(_ text: String, file: String, after others: NamedConditions = NamedConditions()) throws {
        self.text = others.text + text
        definitions = others.definitions
        do {
            guard let mapping = try Yams.compose(yaml: text)?.mapping else {
                throw HarrierError("a file of conditions is a list of 'name(parameters): expression' lines", line: 1)
            }
            for (key, value) in mapping { try add(key, value) }
        } catch let error as HarrierError {
            throw error.inFile(file)
        } catch let error as YamlError {
            throw HarrierError(error, file: file)
        }
    }

    private mutating func add(_ key: Yams.Node, _ value: Yams.Node) throws {
        do {
            guard let head = key.string, let text = value.string,
                case .call(let name, let arguments) = try ExpressionParser.parse(head)
            else { throw HarrierError("a condition is written 'name(parameters): expression'") }
            let parameters = try arguments.map { argument in
                guard case .name(let parameter) = argument else {
                    throw HarrierError("'\(argument)' is no name of a parameter")
                }
                return parameter
            }
            guard RuleVocabulary.functions[name] == nil else {
                throw HarrierError("'\(name)' is a function that all rules have")
            }
            definitions[name] = Definition(
                parameters: parameters, body: try expanding(try ExpressionParser.parse(text)))
        } catch let error as HarrierError {
            throw HarrierError(error.message, line: key.mark?.line, hint: error.hint)
        }
    }

    /// An expression with what the names of conditions stand for.
    ///
    /// - Throws: ``HarrierError`` if one is called with another number of arguments.
    func expanding(_ expression: Expression) throws -> Expression {
        switch expression {
        case .literal, .name: return expression
        case .list(let items): return .list(try items.map(expanding))
        case .call(let name, let arguments):
            let expanded = try arguments.map(expanding)
            guard let definition = definitions[name] else { return .call(name, expanded) }
            guard definition.parameters.count == expanded.count else {
                throw HarrierError(
                    "'\(name)' takes \(definition.parameters.count) arguments, not \(expanded.count)")
            }
            return definition.body.substituting(
                Dictionary(zip(definition.parameters, expanded)) { first, _ in first })
        case .index(let list, let index): return .index(try expanding(list), try expanding(index))
        case .unary(let operation, let operand): return .unary(operation, try expanding(operand))
        case .binary(let operation, let left, let right):
            return .binary(operation, try expanding(left), try expanding(right))
        }
    }
}
