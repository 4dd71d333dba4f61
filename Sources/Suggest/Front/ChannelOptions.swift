import Evaluate
import IR
import Rewrite

/// Adds options that substitute an activation on some of its channels.
///
/// Channels are taken in the order in which the substitution changes them least, by the mean square of the difference of the activation's own output on
/// the samples. What such an option does to the model's outputs is measured like everything else.
struct ChannelOptions {
    let sites: SubstitutionSites
    let meter: DivergenceMeter

    /// Parts of the channels that are offered beside all of them.
    private static let quarters = [1, 2, 3]

    /// The choices with further options behind the ones that they have.
    ///
    /// - Throws: ``HarrierError`` if a substitution cannot be run.
    func adding(to choices: [Choice]) throws -> [Choice] {
        try choices.map { choice in
            Choice(name: choice.name, options: choice.options + (try choice.options.flatMap(parts)))
        }
    }

    private func parts(of option: Choice.Option) throws -> [Choice.Option] {
        var orders: [[Int]] = []
        for part in option.parts {
            guard sites.sites[part.site].isElementwise, let order = try order(of: part.site), order.count >= 4 else {
                return []
            }
            orders.append(order)
        }
        return Self.quarters.map { quarter in
            Choice.Option(
                rule: option.rule,
                parts: zip(option.parts, orders).map { part, order in
                    SitePart(site: part.site, channels: order.prefix(order.count * quarter / 4).sorted())
                }, effect: option.effect)
        }
    }

    /// The channels of a place from the one that changes least; nil if there are none.
    private func order(of site: Int) throws -> [Int]? {
        guard let (replacement, operands) = sites.replacement(at: site),
            let output = sites.graph.nodes[sites.sites[site].position].output(0),
            let shape = sites.graph[output].type?.lengths, shape.count > 1
        else { return nil }
        guard let changes = try meter.channelChanges(of: output, by: replacement, operands: operands) else {
            return nil
        }
        return changes.indices.sorted { changes[$0] != changes[$1] ? changes[$0] < changes[$1] : $0 < $1 }
    }
}
