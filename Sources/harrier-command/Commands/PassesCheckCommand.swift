import ArgumentParser
import Foundation
import Harrier

struct PassesCheckCommand: RunsModels {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Run both sides of rules on random inputs, and exactly where that can be done.",
        discussion: """
            Every rule must fire on its examples and leave its counter-examples alone; both sides of an exact rule \
            must agree to a relative error of 1e-9 in 64-bit arithmetic. With '--mutate' every condition is dropped in \
            turn, and the check of what is left of the rule must fail.
            """)

    @Argument(
        help: ArgumentHelp("The rules to check; all of them if none is named.", valueName: "rule"),
        completion: .rule)
    var names: [String] = []

    @Flag(help: "Also drop every condition in turn and name those that the rules' own files do not miss.")
    var mutate = false

    @OptionGroup var rules: RuleOptions

    @Option(help: "How the report on standard output is written.")
    var format = ReportFormat.table

    func run() throws {
        let selected = try rules.catalog().selecting(only: names).rules
        let checker = RuleChecker()
        let parts = selected.count * (mutate ? 2 : 1)
        let report = try Progress.during("checking") { progress in
            try RuleCheckReport(
                rules: checker.check(selected) { progress.advance(of: parts, "checking \($0)") },
                mutations: mutate ? checker.mutate(selected) { progress.advance(of: parts, "mutating \($0)") } : nil)
        }
        switch format {
        case .table: try Results.write(report.table(Style(isColored: Console.outputTakesColor)), to: nil)
        case .json: try Results.write(report.json(), to: nil)
        }
        if report.failed { throw ExitCode(ExitStatus.failed) }
    }
}
