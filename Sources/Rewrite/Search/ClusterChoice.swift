/// Which of several clusters of steps to take together: the compatible ones that save the most between them.
struct ClusterChoice {
    /// Clusters among which every choice is tried; those that follow are taken as they come.
    private static let exact = 12

    /// What each cluster saves.
    private let gains: [Score]
    /// For each cluster the set of those that it cannot be taken together with, as bits.
    private let conflicts: [UInt64]
    private var best: (gain: Score, chosen: UInt64) = (.zero, 0)

    /// Positions of the clusters to take, in order.
    ///
    /// - Parameters:
    ///   - clusters: the footprint and the score of each, best first.
    ///   - root: the score before.
    static func chosen(from clusters: [(footprint: RewriteFootprint, score: Score)], root: Score) -> [Int] {
        let tried = Array(clusters.prefix(exact))
        var choice = ClusterChoice(tried, root: root)
        choice.extend(0, chosen: 0, gain: .zero)
        var result = tried.indices.filter { choice.best.chosen >> UInt64($0) & 1 == 1 }
        for index in tried.count..<clusters.count
        where result.allSatisfy({ clusters[$0].footprint.isCompatible(with: clusters[index].footprint) }) {
            result.append(index)
        }
        return result
    }

    private init(_ clusters: [(footprint: RewriteFootprint, score: Score)], root: Score) {
        gains = clusters.map { root - $0.score }
        conflicts = clusters.indices.map { one in
            clusters.indices.reduce(UInt64(0)) { bits, two in
                let areCompatible = one == two || clusters[one].footprint.isCompatible(with: clusters[two].footprint)
                return areCompatible ? bits : bits | 1 << UInt64(two)
            }
        }
    }

    /// Tries a choice with and without each further cluster.
    private mutating func extend(_ index: Int, chosen: UInt64, gain: Score) {
        guard index < gains.count else {
            if gain > best.gain { best = (gain, chosen) }
            return
        }
        if conflicts[index] & chosen == 0 {
            extend(index + 1, chosen: chosen | 1 << UInt64(index), gain: gain + gains[index])
            // What stands in nobody's way is always worth taking.
            if conflicts[index] == 0 { return }
        }
        extend(index + 1, chosen: chosen, gain: gain)
    }
}
