import ArgumentParser
import Harrier

/// What a shell offers for arguments (`harrier --generate-completion-script bash`).
extension CompletionKind {
    /// Model files.
    static var model: CompletionKind { .file(extensions: ["onnx", "onnxtxt"]) }

    /// Names of frameworks.
    static var framework: CompletionKind { .list(FrameworkCatalog.names) }

    /// Networks that have names.
    static var network: CompletionKind { .list([Network.lan.name, Network.wan.name]) }

    /// Keys of the configuration of the framework that the command line names before.
    static var configuration: CompletionKind {
        .custom { arguments, _, _ in
            guard let option = arguments.lastIndex(of: "--framework"), option + 1 < arguments.count,
                let framework = try? FrameworkCatalog.make(arguments[option + 1])
            else { return [] }
            return framework.info.configurationKeys.map { "\($0.name)=" }
        }
    }

    /// Names of built-in rules.
    static var rule: CompletionKind { .custom { _, _, _ in builtInRules(\.name) } }

    /// Names of built-in rules and of their families.
    static var ruleOrFamily: CompletionKind {
        .custom { _, _, _ in builtInRules(\.name) + builtInRules(\.family) }
    }

    /// Families of built-in rules.
    static var family: CompletionKind { .custom { _, _, _ in builtInRules(\.family) } }

    private static func builtInRules(_ property: (Rule) -> String) -> [String] {
        // A shell that asks for words has no use for an error.
        Set((try? RuleCatalog.builtIn())?.rules.map(property) ?? []).sorted()
    }
}
