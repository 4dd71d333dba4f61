/// What single decisions were measured to do, added up: a guess at what they do together.
///
/// Costs are sums over nodes, so savings add up but for what exact rules make of neighbours. Divergences add up in squares, as the
/// lengths of independent errors do. Neither holds exactly, which is why the search measures what the guess points to.
struct Surrogate {
    /// What an option saves and what it does to the outputs, squared, when it is the only one.
    struct Effect {
        let saving: Double
        let penalty: Double
    }

    /// By choice and option; nil for an option that cannot be used.
    let effects: [[Effect?]]

    /// The sums over a selection; nil if it has an option that cannot be used.
    func sum(_ selection: Selection) -> Effect? {
        var (saving, penalty) = (0.0, 0.0)
        for (choice, decision) in selection.enumerated() where decision > 0 {
            guard let effect = effects[choice][decision - 1] else { return nil }
            saving += effect.saving
            penalty += effect.penalty
        }
        return Effect(saving: saving, penalty: penalty)
    }

    /// Selections of which none saves no more than another at no less penalty: the front of a multiple-choice knapsack, by the
    /// dynamic program of Nemhauser and Ullmann ("Discrete Dynamic Programming and Capital Allocation", Management Science 1969), from the
    /// least to the largest saving.
    ///
    /// - Parameter width: how many partial selections are kept at most; with as many as there are, the front is exact.
    /// - Complexity: O(choices × options × width × log(width)).
    func front(width: Int) -> [Selection] {
        var partial: [(selection: Selection, effect: Effect)] = [([], Effect(saving: 0, penalty: 0))]
        for options in effects {
            var next: [(selection: Selection, effect: Effect)] = []
            for (selection, sum) in partial {
                next.append((selection + [0], sum))
                for (option, effect) in options.enumerated() {
                    guard let effect, effect.saving > 0 else { continue }
                    next.append(
                        (
                            selection + [option + 1],
                            Effect(saving: sum.saving + effect.saving, penalty: sum.penalty + effect.penalty)
                        ))
                }
            }
            // By falling saving a partial selection survives if it has the least penalty so far; ties by the selection, for one order.
            next.sort {
                if $0.effect.saving != $1.effect.saving { return $0.effect.saving > $1.effect.saving }
                if $0.effect.penalty != $1.effect.penalty { return $0.effect.penalty < $1.effect.penalty }
                return $0.selection.lexicographicallyPrecedes($1.selection)
            }
            var least = Double.infinity
            partial = next.filter { entry in
                guard entry.effect.penalty < least else { return false }
                least = entry.effect.penalty
                return true
            }
            partial = thinned(partial.reversed(), to: width)
        }
        return partial.map(\.selection)
    }
}

/// So many elements at most, evenly spread, the first and the last among them.
func thinned<Element>(_ elements: [Element], to count: Int) -> [Element] {
    guard elements.count > count, count > 1 else { return elements }
    return (0..<count).map { elements[$0 * (elements.count - 1) / (count - 1)] }
}
