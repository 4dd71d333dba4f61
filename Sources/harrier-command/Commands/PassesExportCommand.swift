import ArgumentParser
import Foundation
import Harrier

/// For programs that try rules on more than their own graphs, as the hunt of `make soundness` does.
struct PassesExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the examples and counter-examples of rules as ONNX files.",
        discussion: """
            Weights get random data. 'index.json' in the folder says for each file which rule it belongs to, whether the \
            rule must fire on it, and what its inputs keep to.
            """)

    @Argument(help: ArgumentHelp("The folder to write to; it is made if it is not there.", valueName: "dir"))
    var folder: String

    @Argument(
        help: ArgumentHelp("The rules to write; all of them if none is named.", valueName: "rule"),
        completion: .rule)
    var names: [String] = []

    @OptionGroup var rules: RuleOptions

    func run() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var index = ExampleIndex()
        for rule in try rules.catalog().selecting(only: names).rules {
            for (number, example) in try RuleChecker().exampleGraphs(of: rule).enumerated() {
                let file = "\(rule.name)-\(number).onnx"
                try Model(example.graph).write(to: "\(folder)/\(file)")
                index.add(example, of: rule, file: file)
            }
        }
        try Results.write(index.json(), to: "\(folder)/index.json")
    }
}
