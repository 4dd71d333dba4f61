import IR

/// The names of a file's nodes: the graph's own as far as no earlier node has them.
struct NodeNames {
    private var given: Set<String> = []
    /// Makes up names that no node wants.
    private let others: UniqueNames

    /// - Parameter wanted: names that will be asked for.
    init(wanted: some Sequence<String>) { others = UniqueNames(taken: wanted, numberedFrom: 0) }

    /// The name itself if it is free, else one made from it, or from `stem` if it is empty.
    mutating func next(_ name: String, else stem: String) -> String {
        if !name.isEmpty, given.insert(name).inserted { return name }
        return others.takeNumbered(name.isEmpty ? stem : name)
    }
}
