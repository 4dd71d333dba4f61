import IR

/// Parses ``Expression``s by recursive descent, loosest binding first: or, and, not, comparison, sum, product, sign, index.
package struct ExpressionParser {
    /// Nesting beyond this is an error instead of a stack overflow.
    private static let maximumDepth = 100

    private enum Token: Hashable {
        case number(ExpressionValue)
        case text(String)
        case word(String)
        case symbol(String)
    }

    private var tokens: [Token]
    private var position = 0
    private var depth = 0

    /// The expression a text stands for.
    ///
    /// - Throws: ``HarrierError`` that says what was expected.
    package static func parse(_ text: String) throws -> Expression {
        do {
            var parser = try ExpressionParser(tokens: tokenize(text))
            let expression = try parser.disjunction()
            guard parser.position == parser.tokens.count else { throw parser.unexpected("the end") }
            return expression
        } catch let error as HarrierError {
            throw HarrierError("in '\(text)': \(error.message)", hint: error.hint)
        }
    }

    private init(tokens: [Token]) { self.tokens = tokens }

    private static func tokenize(_ text: String) throws -> [Token] {
        var tokens: [Token] = []
        var rest = text[...]
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
            } else if first.isNumber {
                let digits = rest.prefix { $0.isNumber || $0 == "." || $0 == "e" }
                if let integer = Int(digits) {
                    tokens.append(.number(.integer(integer)))
                } else if let number = Double(digits) {
                    tokens.append(.number(.number(number)))
                } else {
                    throw HarrierError("'\(digits)' is not a number")
                }
                rest = rest.dropFirst(digits.count)
            } else if first.isLetter || first == "_" {
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                tokens.append(.word(String(word)))
                rest = rest.dropFirst(word.count)
            } else if first == "'" || first == "\"" {
                let body = rest.dropFirst().prefix { $0 != first }
                rest = rest.dropFirst(body.count + 1)
                guard rest.first == first else { throw HarrierError("a string without its closing quote") }
                rest.removeFirst()
                tokens.append(.text(String(body)))
            } else {
                let two = String(rest.prefix(2))
                let symbol = ["==", "!=", "<=", ">="].contains(two) ? two : String(first)
                guard "+-*/%<>()[],".contains(first) || symbol.count == 2 else {
                    throw HarrierError("'\(first)' means nothing here")
                }
                tokens.append(.symbol(symbol))
                rest = rest.dropFirst(symbol.count)
            }
        }
        return tokens
    }

    private mutating func disjunction() throws -> Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.maximumDepth else { throw HarrierError("an expression nested too deeply") }
        return try leftAssociative(["or"]) { try $0.leftAssociative(["and"]) { try $0.negation() } }
    }

    private mutating func negation() throws -> Expression {
        var negations = 0
        while accept(.word("not")) { negations += 1 }
        var expression = try comparison()
        for _ in 0..<negations { expression = .unary(.not, expression) }
        return expression
    }

    private mutating func comparison() throws -> Expression {
        let left = try sum()
        for symbol in ["==", "!=", "<=", ">=", "<", ">"] where accept(.symbol(symbol)) {
            guard let operation = Expression.Operator(rawValue: symbol) else { continue }
            return .binary(operation, left, try sum())
        }
        return left
    }

    private mutating func sum() throws -> Expression {
        try leftAssociative(["+", "-"]) { try $0.leftAssociative(["*", "/", "%"]) { try $0.signed() } }
    }

    private mutating func leftAssociative(
        _ symbols: [String], _ operand: (inout Self) throws -> Expression
    ) throws -> Expression {
        var left = try operand(&self)
        while let symbol = symbols.first(where: { peek == .symbol($0) || peek == .word($0) }),
            let operation = Expression.Operator(rawValue: symbol)
        {
            position += 1
            left = .binary(operation, left, try operand(&self))
        }
        return left
    }

    private mutating func signed() throws -> Expression {
        var minuses = 0
        while accept(.symbol("-")) { minuses += 1 }
        var expression = try primary()
        while accept(.symbol("[")) {
            expression = .index(expression, try disjunction())
            try expect("]")
        }
        for _ in 0..<minuses { expression = .unary(.subtract, expression) }
        return expression
    }

    private mutating func primary() throws -> Expression {
        guard let token = peek else { throw unexpected("a value") }
        position += 1
        switch token {
        case .number(let value): return .literal(value)
        case .text(let text): return .literal(.text(text))
        case .word("true"): return .literal(.truth(true))
        case .word("false"): return .literal(.truth(false))
        case .word(let name):
            guard accept(.symbol("(")) else { return .name(name) }
            return .call(name, try items(until: ")"))
        case .symbol("["): return .list(try items(until: "]"))
        case .symbol("("):
            let inner = try disjunction()
            try expect(")")
            return inner
        case .symbol:
            position -= 1
            throw unexpected("a value")
        }
    }

    private mutating func items(until closing: String) throws -> [Expression] {
        var result: [Expression] = []
        if accept(.symbol(closing)) { return result }
        repeat { result.append(try disjunction()) } while accept(.symbol(","))
        try expect(closing)
        return result
    }

    private var peek: Token? { position < tokens.count ? tokens[position] : nil }

    private mutating func accept(_ token: Token) -> Bool {
        guard peek == token else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ symbol: String) throws {
        guard accept(.symbol(symbol)) else { throw unexpected("'\(symbol)'") }
    }

    private func unexpected(_ expected: String) -> HarrierError {
        let found =
            switch peek {
            case nil: "the end"
            case .number(let value): "\(value)"
            case .text(let text): "'\(text)'"
            case .word(let word): "'\(word)'"
            case .symbol(let symbol): "'\(symbol)'"
            }
        return HarrierError("expected \(expected), not \(found)")
    }
}
