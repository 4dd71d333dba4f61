import IR
import Pricing

/// Draws one graph: boxes, then the lines between them, then the frames around them.
struct PanelBuilder {
    /// Inputs and outputs beyond this number are not drawn as boxes (graphs whose weights are inputs have hundreds).
    static let terminalLimit = 40

    /// A value and what opening it costs where it is read.
    typealias Distant = (value: ValueID, bytes: Int?)

    let graph: Graph
    let profile: Profile?
    let groups: [Folding.Group]
    let changes: [Drawing.Change]
    /// What of the graph only one of two graphs has; nil if it is one graph.
    let difference: DifferenceGraph?
    let heading: String?
    let idPrefix: String
    /// Entries and reasons by the node's position in the graph.
    let entries: [Int: Profile.Entry]
    let reasons: [Int: String]
    /// For each node of the graph, the box it is in; nil for those that are not drawn.
    let groupOfNode: [Int?]
    let leftOutCount: Int
    let repetition: Repetition
    /// The node that computes each value.
    let producers: [Int?]

    var nodes: [Drawing.Node] = []
    var edges: [Drawing.Edge] = []
    var edgePositions: [Ends: Int] = [:]
    var edgeValues: [Int: Int] = [:]
    /// By box, the values that come from far away, with what opening them costs.
    var distant: [Int: [Distant]] = [:]
    /// The box of each drawn input, by value.
    var inputNodes: [ValueID: Int] = [:]
    /// The boxes of the drawn outputs, by value.
    var outputNodes: [ValueID: [Int]] = [:]
    var frames: ClusterTree

    /// Prepares to draw the graph.
    ///
    /// - Parameter difference: what the graph is made of if it is a difference.
    init(
        _ selection: Selection, folding: Folding, difference: DifferenceGraph? = nil, heading: String?, idPrefix: String
    ) {
        let model = selection.model
        graph = model.graph
        profile = model.profile
        groups = folding.groups(of: selection)
        changes = selection.changes
        self.difference = difference
        self.heading = heading
        self.idPrefix = idPrefix
        entries = Dictionary(model.profile?.entries.map { ($0.index, $0) } ?? []) { first, _ in first }
        reasons = Dictionary(model.profile?.unpriced.map { ($0.index, $0.reason) } ?? []) { first, _ in first }
        var groupOfNode = [Int?](repeating: nil, count: model.graph.nodes.count)
        for (position, group) in groups.enumerated() {
            for member in group.members { groupOfNode[member] = position }
        }
        self.groupOfNode = groupOfNode
        leftOutCount = selection.leftOutCount
        repetition = selection.repetition
        producers = graph.producers()
        frames = ClusterTree(groups.map(\.scope))
    }

    /// The finished panel.
    func build() -> Drawing.Panel {
        var builder = self
        for position in groups.indices { builder.nodes.append(box(position)) }
        builder.addTerminals()
        builder.addEdges()
        return Drawing.Panel(
            heading: heading, nodes: builder.nodes, edges: builder.edges,
            root: builder.frames.root(builder.nodes, repetition, isDifference: difference != nil),
            total: profile?.total, operatorCount: graph.nodes.count, unpricedCount: reasons.count,
            notes: notes)
    }

    /// Adds a box and returns its position; `group` is the box in whose frame it stands, nil for none.
    mutating func add(
        _ kind: Drawing.Node.Kind, _ title: String, name: String = "", shape: String = "", tooltip: String = "",
        near group: Int? = nil
    ) -> Int {
        let position = nodes.count
        nodes.append(
            Drawing.Node(
                id: "\(idPrefix)\(position)", kind: kind, members: [], title: title, name: name, shape: shape,
                cost: nil,
                copies: 1, operands: [], change: .none, tooltip: tooltip))
        frames.add(position, near: group)
        return position
    }

    private func box(_ position: Int) -> Drawing.Node {
        let group = groups[position]
        if group.module == nil, let member = group.members.first { return operatorBox(position, member, group) }
        return moduleBox(position, group)
    }

    private func operatorBox(_ position: Int, _ index: Int, _ group: Folding.Group) -> Drawing.Node {
        let node = graph.nodes[index]
        let costs = group.members.compactMap { entries[$0]?.cost }
        let output = node.outputs.lazy.compactMap { $0 }.first
        return Drawing.Node(
            id: "\(idPrefix)\(position)", kind: .operator, members: group.members,
            title: node.op.description,
            name: DisplayName.inside(frames.enclosing[position], node), shape: shape(output),
            cost: costs.isEmpty ? nil : costs.reduce(.zero) { $0 + $1 }, copies: group.members.count, operands: [],
            change: index < changes.count ? changes[index] : .none,
            tooltip: tooltip(ofNode: index) + (group.members.count > 1 ? "\n× \(group.members.count)" : ""))
    }

    private func moduleBox(_ position: Int, _ group: Folding.Group) -> Drawing.Node {
        let path = (group.module ?? Scope()).path
        let count = "\(ByteFormat.count(group.members.count)) operators"
        let relative = DisplayName.path(Scope(path), inside: frames.enclosing[position])
        // What a difference has of the graph before counts where there is nothing else.
        let kept = difference == nil ? [] : group.members.filter { !changes[$0].isLost }
        let costs = (kept.isEmpty ? group.members : kept).compactMap { entries[$0]?.cost }
        let operators = group.members.reduce(into: [String: Int]()) {
            $0[graph.nodes[$1].op.description, default: 0] += 1
        }
        var lines = [path.isEmpty ? count : path.joined(separator: "."), count]
        let sum = costs.reduce(Cost.zero) { $0 + $1 }
        if !costs.isEmpty { lines += costLines(sum) }
        let output = group.members.last.flatMap { graph.nodes[$0].outputs.lazy.compactMap { $0 }.first }
        return Drawing.Node(
            id: "\(idPrefix)\(position)", kind: .module(operators: operators), members: group.members,
            title: relative.isEmpty ? count : relative,
            name: "", shape: shape(output), cost: costs.isEmpty ? nil : sum,
            copies: group.module.flatMap { repetition.run(around: $0) }?.count ?? 1, operands: [],
            change: change(of: group),
            tooltip: lines.joined(separator: "\n"))
    }

    private func change(of group: Folding.Group) -> Drawing.Change {
        var added = 0
        var changed = 0
        var removed = 0
        for member in group.members where member < changes.count {
            switch changes[member] {
            case .added: added += 1
            case .changed: changed += 1
            case .removed: removed += 1
            case .none, .inside: break
            }
        }
        if removed == group.members.count { return .removed }
        if added == group.members.count { return .added(rule: nil) }
        return added + changed + removed == 0 ? .none : .inside(added: added, changed: changed, removed: removed)
    }

    private mutating func addTerminals() {
        for id in graph.inputs.prefix(PanelBuilder.terminalLimit) where inputNodes[id] == nil {
            let value = graph[id]
            inputNodes[id] = add(.input, "input", name: value.name, shape: shape(id), tooltip: description(of: id))
        }
        for id in graph.outputs.prefix(PanelBuilder.terminalLimit) {
            let value = graph[id]
            let node = add(.output, "output", name: value.name, shape: shape(id), tooltip: description(of: id))
            outputNodes[id, default: []].append(node)
        }
    }

    private var notes: [String] {
        let place = heading.map { " (\($0))" } ?? ""
        let what =
            leftOutCount == 1
            ? "operator computes with constants only and is" : "operators compute with constants only and are"
        let leftOut = "\(ByteFormat.count(leftOutCount)) \(what) not drawn\(place)."
        let rest = [("input", graph.inputs.count), ("output", graph.outputs.count)].compactMap { what, count in
            let rest = count - PanelBuilder.terminalLimit
            return rest > 0 ? "\(ByteFormat.count(rest)) more \(what)s are not drawn\(place)." : nil
        }
        return (leftOutCount > 0 ? [leftOut] : []) + rest
    }
}
