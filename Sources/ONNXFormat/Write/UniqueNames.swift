/// Gives out names, none of them twice.
struct UniqueNames {
    /// Names that somebody wants; a made-up name is none of them.
    private let wanted: Set<String>
    private var given: Set<String> = []
    private var counts: [String: Int] = [:]

    /// - Parameter wanted: names that will be asked for.
    init(_ wanted: some Sequence<String>) { self.wanted = Set(wanted) }

    /// The name itself if it is free, else one made from it, or from `stem` if it is empty.
    mutating func claim(_ name: String, else stem: String) -> String {
        if !name.isEmpty, given.insert(name).inserted { return name }
        let stem = name.isEmpty ? stem : name
        while true {
            let candidate = "\(stem)_\(counts[stem, default: 0])"
            counts[stem, default: 0] += 1
            if !wanted.contains(candidate), given.insert(candidate).inserted { return candidate }
        }
    }
}
