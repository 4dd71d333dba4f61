import IR
import Yams

/// What the words of a rule file stand for, one set a form of the rule: `variants` names the texts that take a word's place.
struct RuleVariants {
    /// The sets; one, empty, where the file has no variants.
    let sets: [[String: String]]

    init(_ node: Yams.Node?) throws {
        guard let node else {
            sets = [[:]]
            return
        }
        guard let mapping = node.mapping, mapping.count == 1,
            let (word, list) = mapping.first.map({ ($0.key, $0.value) }),
            let name = word.string, let items = list.sequence, !items.isEmpty
        else {
            throw HarrierError("'variants' gives one word and the list of what it stands for", line: node.mark?.line)
        }
        sets = try items.map { item in
            guard let value = item.string else {
                throw HarrierError("a variant must be a word", line: item.mark?.line)
            }
            return [name: value]
        }
    }

    /// A text with a variant's words put in.
    static func put(_ variant: [String: String], into text: String) -> String {
        variant.reduce(text) { replaceWord($1.key, with: $1.value, in: $0) }
    }

    private static func replaceWord(_ word: String, with replacement: String, in text: String) -> String {
        var result = ""
        var current = ""
        func isWordCharacter(_ character: Character) -> Bool {
            character.isLetter || character.isNumber || character == "_"
        }
        func flush() {
            result += current == word ? replacement : current
            current = ""
        }
        for character in text {
            if isWordCharacter(character) {
                current.append(character)
            } else {
                flush()
                result.append(character)
            }
        }
        flush()
        return result
    }
}

extension Yams.Node {
    /// The text of a graph and the line that it begins on.
    ///
    /// - Throws: ``HarrierError`` if it is no text.
    func graphText() throws -> (text: String, firstLine: Int) {
        guard let scalar, let line = mark?.line else {
            throw HarrierError("a graph must be a block of ONNX text (key: |)", line: mark?.line)
        }
        // A block's text begins on the line after its '|'.
        return (scalar.string, scalar.style == .literal ? line + 1 : line)
    }
}
