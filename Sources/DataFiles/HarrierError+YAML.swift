import IR
import Yams

extension HarrierError {
    /// The YAML parser's complaint about a file, with its line.
    package init(_ error: YamlError, file: String) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            self.init(
                "not YAML: \(problem)" + (context.map { " \($0.text)" } ?? ""), file: file, line: mark.line)
        case .duplicatedKeysInMapping(let keys, let context):
            self.init(
                "'\(keys.joined(separator: "', '"))' is there twice", file: file, line: context.mark.line)
        default: self.init("not YAML: \(error)", file: file)
        }
    }
}
