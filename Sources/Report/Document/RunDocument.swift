import Pricing

/// A run as the page's scripts read it. Costs are [online bytes, online rounds, offline bytes, offline rounds]; names, operators and
/// modules are positions in the page's tables.
struct RunDocument: Encodable {
    struct Framework: Encodable {
        var name: String
        var title: String
        var version: String
        var parties: Int
        var config: [String: String]
        var threatModel: String
        var offline: String
    }

    /// Operators, column by column.
    struct Items: Encodable {
        var index: [Int?] = []
        var name: [Int] = []
        var op: [Int] = []
        var scope: [Int] = []
        var phase: [String?] = []
        var basis: [String] = []
        var cost: [[Int]] = []
        var call: [Int] = []
    }

    struct Missing: Encodable {
        var name: String
        var op: String
        var reason: String
    }

    var title: String
    var framework: Framework
    var total: [Int]
    var inputOutput: [Int]?
    var setup: [Int]?
    var criticalPathRounds: Int?
    var items = Items()
    var missing: [Missing]

    init(_ run: PricedRun, _ tables: inout PageTables) {
        title = run.title
        let info = run.framework
        framework = Framework(
            name: info.name, title: info.title, version: info.version, parties: info.parties,
            config: info.configuration, threatModel: info.threatModel, offline: info.offline)
        total = run.total.figures
        inputOutput = run.inputOutput?.figures
        setup = run.setup?.figures
        criticalPathRounds = run.criticalPathRounds
        missing = run.missing.map { Missing(name: $0.name, op: $0.op, reason: $0.reason) }
        for item in run.items {
            items.index.append(item.index)
            items.name.append(tables.strings.position(of: item.name))
            items.op.append(tables.strings.position(of: item.op))
            items.scope.append(tables.scopes.position(of: item.scope))
            items.phase.append(item.phase?.rawValue)
            items.basis.append(item.basis.rawValue)
            items.cost.append(item.cost.figures)
            items.call.append(tables.calls.position(of: item.call, strings: &tables.strings))
        }
    }
}

/// What several runs refer to.
struct PageTables {
    var strings = Interned<String>()
    var scopes = Interned<[String]>()
    var calls = CallTable()
}
