/// Looks for the selections that no other beats in both cost and penalty.
///
/// Each option is measured alone. If there are few selections, all are measured. Else the front of the sums (``Surrogate``) is measured,
/// and then, as long as that finds something, what lies one decision or one exchange beside the measured front.
struct FrontSearch {
    /// What a selection came to; both are to be small.
    struct Point: Sendable {
        /// By the objective.
        let cost: Double
        /// The squared divergence, or what stands for it; infinite if the variant cannot be used.
        let penalty: Double
    }

    /// How far to go.
    struct Limits {
        /// Measured selections at most.
        var measurements = 600
        /// Selections up to which all are measured.
        var exhaustive = 128
        /// Partial selections kept by the dynamic program.
        var width = 400
        /// Selections of the surrogate's front that are measured.
        var surrogatePoints = 64
        /// Neighbours that are measured at once.
        var batch = 32
        /// How far above the measured front the penalty of a neighbour may be guessed to be measured all the same: twice it.
        var slack = 2.0
    }

    /// How many options each choice has.
    let optionCounts: [Int]
    let limits: Limits
    /// Whether there is time left.
    let hasTime: () -> Bool
    /// Measures several selections.
    let measure: ([Selection]) throws -> [Point]

    private(set) var measured: [Selection: Point] = [:]
    /// Whether the search ended because there was no time left.
    private(set) var isCutShort = false
    /// Whether all selections were measured.
    private(set) var isExhaustive = false

    init(
        optionCounts: [Int], limits: Limits, hasTime: @escaping () -> Bool,
        measure: @escaping ([Selection]) throws -> [Point]
    ) {
        self.optionCounts = optionCounts
        self.limits = limits
        self.hasTime = hasTime
        self.measure = measure
    }

    /// What was measured of each option alone, by choice.
    private(set) var alone: [[Point?]] = []

    /// The front among all measured selections, from the cheapest to the dearest.
    mutating func run() throws -> [Selection] {
        let none = Selection(repeating: 0, count: optionCounts.count)
        try look(at: [none])
        try look(at: singles(none))
        alone = optionCounts.indices.map { choice in
            (1...max(1, optionCounts[choice])).prefix(optionCounts[choice]).map { option in
                var selection = none
                selection[choice] = option
                return measured[selection]
            }
        }
        let total = optionCounts.reduce(1) { product, count in
            let (result, overflow) = product.multipliedReportingOverflow(by: count + 1)
            return overflow ? .max : result
        }
        if total <= limits.exhaustive {
            try look(at: all())
            isExhaustive = true
        } else if let base = measured[none] {
            let surrogate = Surrogate(
                effects: alone.map { points in
                    points.map { point in
                        guard let point, point.penalty.isFinite else { return nil }
                        return .init(saving: base.cost - point.cost, penalty: point.penalty)
                    }
                })
            try look(at: thinned(surrogate.front(width: limits.width), to: limits.surrogatePoints))
            while !isCutShort, try exchange(surrogate) {}
        }
        return front()
    }

    /// The measured selections that no other beats, from the cheapest to the dearest.
    func front() -> [Selection] {
        let usable = measured.filter { $0.value.penalty.isFinite }
        let sorted = usable.sorted { one, two in
            let (a, b) = (one.value, two.value)
            if a.cost != b.cost { return a.cost < b.cost }
            if a.penalty != b.penalty { return a.penalty < b.penalty }
            return one.key.lexicographicallyPrecedes(two.key)
        }
        var least = Double.infinity
        return sorted.filter { entry in
            guard entry.value.penalty < least else { return false }
            least = entry.value.penalty
            return true
        }.map(\.key)
    }

    private func singles(_ none: Selection) -> [Selection] {
        optionCounts.indices.flatMap { choice in
            (0..<optionCounts[choice]).map { option in
                var selection = none
                selection[choice] = option + 1
                return selection
            }
        }
    }

    private func all() -> [Selection] {
        optionCounts.reduce([[]]) { partial, count in partial.flatMap { start in (0...count).map { start + [$0] } } }
    }

    /// Measures what has not been measured yet, in batches, while there is time.
    private mutating func look(at selections: [Selection]) throws {
        var seen = Set(measured.keys)
        var rest = selections.filter { seen.insert($0).inserted }[...]
        while !rest.isEmpty {
            guard hasTime() else {
                isCutShort = true
                return
            }
            let batch = Array(rest.prefix(limits.batch))
            rest = rest.dropFirst(limits.batch)
            for (selection, point) in zip(batch, try measure(batch)) { measured[selection] = point }
        }
    }

    /// Measures the most promising neighbours of the front; false if there are none, or too much has been measured.
    private mutating func exchange(_ surrogate: Surrogate) throws -> Bool {
        let room = limits.measurements - measured.count
        guard room > 0 else { return false }
        let front = front()
        var guesses: [Selection: Double] = [:]
        for selection in front {
            for neighbour in neighbours(of: selection) where measured[neighbour] == nil {
                guard let guess = guess(neighbour, beside: selection, surrogate) else { continue }
                // The penalty as a part of what the measured front has at that cost.
                let rival = front.compactMap { measured[$0] }.last { $0.cost <= guess.cost }
                let ratio = rival.map { guess.penalty / max($0.penalty, .leastNormalMagnitude) } ?? 0
                guard ratio < limits.slack else { continue }
                guesses[neighbour] = min(guesses[neighbour] ?? .infinity, ratio)
            }
        }
        let best = guesses.sorted { one, two in
            one.value != two.value ? one.value < two.value : one.key.lexicographicallyPrecedes(two.key)
        }
        guard !best.isEmpty else { return false }
        try look(at: best.prefix(min(room, limits.batch)).map(\.key))
        return true
    }

    /// What a selection is likely to come to, from a measured one beside it.
    private func guess(_ selection: Selection, beside known: Selection, _ surrogate: Surrogate) -> Point? {
        guard let point = measured[known], let there = surrogate.sum(known), let here = surrogate.sum(selection) else {
            return nil
        }
        let penalty =
            there.penalty > 0 ? point.penalty * here.penalty / there.penalty : point.penalty + here.penalty
        return Point(cost: point.cost + there.saving - here.saving, penalty: penalty)
    }

    /// Selections that differ in one decision, or in two of which one is taken back.
    private func neighbours(of selection: Selection) -> [Selection] {
        var result: [Selection] = []
        for choice in selection.indices {
            for option in 0...optionCounts[choice] where option != selection[choice] {
                var changed = selection
                changed[choice] = option
                result.append(changed)
                guard option > 0 else { continue }
                for other in selection.indices where other != choice && selection[other] > 0 {
                    var exchanged = changed
                    exchanged[other] = 0
                    result.append(exchanged)
                }
            }
        }
        return result
    }
}
