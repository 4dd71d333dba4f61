/// The equation of an Einsum node, taken apart.
package struct EinsumEquation: Hashable, Sendable {
    /// One axis of an operand or of the result.
    package enum Subscript: Hashable, Sendable {
        /// An axis with a letter.
        case letter(Character)
        /// All axes that `...` stands for, which broadcast.
        case ellipsis
    }

    /// The axes of each operand.
    package let operands: [[Subscript]]
    /// The axes of the result: as written, or for an equation without `->` the ellipsis and then, in alphabetical
    /// order, the letters that occur once.
    package let output: [Subscript]

    /// Reads an equation such as `bij, bjk -> bik`. Spaces mean nothing.
    ///
    /// - Throws: ``HarrierError`` if it is not well formed.
    package init(_ text: String) throws {
        let sides = text.filter { $0 != " " }.split(separator: "->", omittingEmptySubsequences: false)
        guard sides.count <= 2, let left = sides.first else {
            throw HarrierError("the equation '\(text)' has more than one arrow")
        }
        operands = try left.split(separator: ",", omittingEmptySubsequences: false).map {
            try Self.subscripts(String($0), of: text)
        }
        let inputs = operands.joined()
        if sides.count == 2 {
            output = try Self.subscripts(String(sides[1]), of: text)
            guard Set(output).count == output.count else {
                throw HarrierError("the equation '\(text)' gives an axis of the result twice")
            }
            guard output.allSatisfy({ $0 == .ellipsis || inputs.contains($0) }) else {
                throw HarrierError("the equation '\(text)' has a letter in the result that no operand has")
            }
        } else {
            let counts = inputs.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            let single = counts.compactMap { entry -> Character? in
                if case .letter(let letter) = entry.key, entry.value == 1 { letter } else { nil }
            }
            output = (inputs.contains(.ellipsis) ? [.ellipsis] : []) + single.sorted().map(Subscript.letter)
        }
    }

    private static func subscripts(_ term: String, of equation: String) throws -> [Subscript] {
        let parts = term.components(separatedAt: "...")
        guard parts.count <= 2 else { throw HarrierError("the equation '\(equation)' has two ellipses in one operand") }
        guard parts.joined().allSatisfy({ $0.isASCII && $0.isLetter }) else {
            throw HarrierError("the equation '\(equation)' has something else than letters in '\(term)'")
        }
        return Array(parts.map { $0.map(Subscript.letter) }.joined(separator: [.ellipsis]))
    }

    /// The shape of the result for operands of the given shapes; nil if the rank depends on one that is not known.
    ///
    /// - Throws: ``HarrierError`` if the shapes do not fit the equation.
    func outputShape(of shapes: [[Dimension]?]) throws -> [Dimension]? {
        guard shapes.count == operands.count else {
            throw HarrierError("Einsum has \(shapes.count) operands, its equation \(operands.count)")
        }
        var lengths: [Character: Dimension] = [:]
        var broadcast: [Dimension]? = []
        for (subscripts, shape) in zip(operands, shapes) {
            guard let shape else {
                if subscripts.contains(.ellipsis) { broadcast = nil }
                continue
            }
            let covered = shape.count - (subscripts.count - (subscripts.contains(.ellipsis) ? 1 : 0))
            guard covered >= 0, covered == 0 || subscripts.contains(.ellipsis) else {
                throw HarrierError("Einsum has an operand of shape \(display(shape)) that does not fit its equation")
            }
            var axis = 0
            for item in subscripts {
                switch item {
                case .ellipsis:
                    broadcast = try broadcastShape(broadcast, Array(shape[axis..<axis + covered]))
                    axis += covered
                case .letter(let letter):
                    let known = lengths[letter] ?? shape[axis]
                    // A letter of length 1 broadcasts.
                    guard let merged = try broadcastShape([known], [shape[axis]])?.first else { break }
                    lengths[letter] = merged
                    axis += 1
                }
            }
        }
        if output.contains(.ellipsis), broadcast == nil { return nil }
        return output.flatMap { item -> [Dimension] in
            switch item {
            case .ellipsis: broadcast ?? []
            case .letter(let letter): [lengths[letter] ?? .unknown]
            }
        }
    }
}

extension String {
    /// The parts between occurrences of a separator.
    fileprivate func components(separatedAt separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}
