import ArgumentParser
import Profiler

struct FrameworksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "frameworks",
        abstract: "List the frameworks that models can be priced for, and their configuration keys.")

    func run() throws {
        let style = Style(isColored: Console.outputTakesColor)
        let descriptions = try Frameworks.names.map { name in
            describe(try Frameworks.make(name).info, style)
        }
        try Results.write(descriptions.joined(separator: "\n"), to: nil)
    }

    private func describe(_ info: FrameworkInfo, _ style: Style) -> String {
        let parties = info.supportedParties
        var text = "\(style.bold(info.name)): \(info.title) \(info.version), \(info.threatModel)\n"
        text += "  parties: \(parties.lowerBound) to \(parties.upperBound), by default \(info.parties)\n"
        text += "  private by default: \(info.privateByDefault)\n"
        text += "  offline: \(info.offline)\n\n"
        var table = TextTable([.left("  --config"), .left("default"), .left("what it does")])
        for key in info.configurationKeys { table.add(["  " + key.name, key.defaultValue, key.summary]) }
        return text + table.render(style)
    }
}
