/// Options that take several values, made into one option a value.
///
/// `--config a=1 b=2` means `--config a=1 --config b=2`. The parser's own way to read several values would take
/// the model in `--config a=1 model.onnx`, too; here the model keeps its place.
enum ArgumentExpansion {
    /// The options that can be given several values, in each command.
    private static let repeatable: Set<String> = [
        "--dim", "--config", "--private", "--public", "--owner", "--passes", "--disable", "--only", "--set",
        "--measured", "--explain", "--at", "--place",
    ]
    /// Commands that take several frameworks; the others take one.
    private static let comparing: Set<String> = ["train"]
    /// The options whose values all contain an equals sign, which no other argument needs.
    private static let assignments: Set<String> = ["--dim", "--config", "--owner", "--set"]
    /// The options without a value.
    private static let flags: Set<String> = [
        "--all", "--alternatives", "--any-operator", "--approximate", "--channels", "--check-steps", "--help", "-h",
        "--nesterov",
        "--no-alternatives", "--rounding",
        "--version",
    ]
    /// How many arguments that are no options each command takes.
    private static let positionals = [
        "profile": 1, "compare": 1, "calibrate": 1, "optimize": 1, "suggest": 1, "train": 1, "render": 1, "verify": 2,
        "replay": 2, "explain": 2,
    ]

    /// The arguments with every option that has several values written once for each.
    static func expand(_ arguments: [String]) -> [String] {
        guard let command = arguments.first, let expected = positionals[command] else { return arguments }
        var result = [command]
        var seen = 0
        var current: String?
        var rest = arguments.dropFirst()
        while let argument = rest.popFirst() {
            if argument == "--" { return result + [argument] + rest }
            if argument.hasPrefix("-"), argument != "-" {
                let isRepeatable =
                    repeatable.contains(argument) || argument == "--framework" && comparing.contains(command)
                current = isRepeatable ? argument : nil
                result.append(argument)
                let takesValue = !flags.contains(argument) && !argument.contains("=")
                if takesValue, let value = rest.popFirst() { result.append(value) }
            } else if let option = current, seen == expected || isAssignment(argument, to: option) {
                result += [option, argument]
            } else {
                seen += 1
                current = nil
                result.append(argument)
            }
        }
        return result
    }

    private static func isAssignment(_ argument: String, to option: String) -> Bool {
        assignments.contains(option) && argument.contains("=")
    }
}
