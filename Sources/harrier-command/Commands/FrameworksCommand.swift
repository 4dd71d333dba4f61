import ArgumentParser
import Harrier

struct FrameworksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "frameworks",
        abstract: "List the frameworks that models can be priced for; with a name, tell all about it.",
        usage: "harrier frameworks [<name> ...]")

    @Argument(help: "Frameworks to tell more about: names, or paths of framework files.", completion: .framework)
    var names: [String] = []

    func run() throws {
        let style = Style(isColored: Console.outputTakesColor)
        let all = try (names.isEmpty ? FrameworkCatalog.names : names).map { try FrameworkCatalog.make($0).info }
        let text = names.isEmpty ? list(all, style) : all.map { describe($0, style) }.joined(separator: "\n")
        try Results.write(text, to: nil)
    }

    private func list(_ all: [FrameworkInfo], _ style: Style) -> String {
        var table = TextTable([.left("name"), .left("framework"), .left("parties"), .left("threat model")])
        for info in all {
            table.add([info.name, "\(info.title) \(info.version)", parties(info), info.threatModel])
        }
        return table.render(style)
            + style.dim("'harrier frameworks NAME' tells the configuration keys, what is private, and what is offline.")
            + "\n"
    }

    private func parties(_ info: FrameworkInfo) -> String {
        let supported = info.supportedParties
        return supported.count == 1 ? "\(info.parties)" : "\(supported.lowerBound) to \(supported.upperBound)"
    }

    private func describe(_ info: FrameworkInfo, _ style: Style) -> String {
        var text = "\(style.bold(info.name)): \(info.title) \(info.version), \(info.threatModel)\n"
        text += "  parties: \(parties(info)), by default \(info.parties)\n"
        text += "  private by default: \(info.privateByDefault)\n"
        text += "  offline: \(info.offline)\n\n"
        guard !info.configurationKeys.isEmpty else { return text }
        var table = TextTable([.left("  --config"), .left("default"), .left("what it does")])
        for key in info.configurationKeys { table.add(["  " + key.name, key.defaultValue, key.summary]) }
        return text + table.render(style)
    }
}
