import IR
import Rewrite

/// Puts sites together to choices.
enum ChoiceFinder {
    /// The choices that a model's sites leave, in the order of the graph.
    ///
    /// Sites that stand in each other's way (two rules for one activation, a rule for a SiLU and one for the sigmoid in it) are options
    /// of one choice. With ``Grouping/block`` choices whose places look the same are made one.
    static func choices(_ sites: [SubstitutionSites.Site], _ grouping: Grouping) -> [Choice] {
        let places = conflicting(sites)
        guard grouping == .block else {
            return places.map { place in
                choice(named: sites[place[0]].substitution.node, [place], sites)
            }
        }
        var order: [String] = []
        var blocks: [String: [[Int]]] = [:]
        for place in places {
            let key = key(of: place, sites)
            if blocks[key] == nil { order.append(key) }
            blocks[key, default: []].append(place)
        }
        return order.compactMap { key in
            guard let block = blocks[key], let first = block.first?.first else { return nil }
            let name = sites[first].substitution.node
            return choice(named: block.count == 1 ? name : "\(pattern(name)) × \(block.count)", block, sites)
        }
    }

    private static func choice(named name: String, _ places: [[Int]], _ sites: [SubstitutionSites.Site]) -> Choice {
        var order: [String] = []
        var chosen: [String: [Int]] = [:]
        for place in places {
            var taken: Set<String> = []
            for position in place {
                let rule = sites[position].rule.name
                // A rule that fires twice at one place (at two nodes of a pattern) is used at the first.
                guard taken.insert(rule).inserted else { continue }
                if chosen[rule] == nil { order.append(rule) }
                chosen[rule, default: []].append(position)
            }
        }
        let options = order.compactMap { rule -> Choice.Option? in
            guard let positions = chosen[rule], let first = positions.first else { return nil }
            return Choice.Option(
                rule: rule, parts: positions.map { SitePart(site: $0) }, effect: EffectClass(sites[first].rule))
        }
        return Choice(name: name, options: options)
    }

    /// Sites in groups such that sites of different groups are compatible.
    private static func conflicting(_ sites: [SubstitutionSites.Site]) -> [[Int]] {
        var group = Array(sites.indices)
        func root(_ index: Int) -> Int {
            var index = index
            while group[index] != index { index = group[index] }
            return index
        }
        for second in sites.indices {
            for first in sites.indices.prefix(second) where !sites[first].isCompatible(with: sites[second]) {
                let (one, two) = (root(first), root(second))
                group[max(one, two)] = min(one, two)
            }
        }
        let members = Dictionary(grouping: sites.indices, by: root)
        return members.keys.sorted().compactMap { members[$0] }
    }

    private static func key(of place: [Int], _ sites: [SubstitutionSites.Site]) -> String {
        place.map { position in
            let site = sites[position]
            return "\(site.rule.name) \(site.op) \(site.type.map { "\($0)" } ?? "") \(pattern(site.substitution.node))"
        }.joined(separator: "\n")
    }

    /// A name with a star in place of every number.
    private static func pattern(_ name: String) -> String {
        var result = ""
        var isInNumber = false
        for character in name {
            let isDigit = character.isASCII && character.isNumber
            if !isDigit { result.append(character) } else if !isInNumber { result.append("*") }
            isInNumber = isDigit
        }
        // An exporter numbers nodes of one module from the second on: Relu, Relu_1.
        return result.hasSuffix("_*") ? String(result.dropLast(2)) : result
    }
}
