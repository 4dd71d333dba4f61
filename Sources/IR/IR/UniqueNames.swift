/// Gives out names, none of them twice; shared by all that write into one graph.
package final class UniqueNames {
    private var taken: Set<String>
    /// The next number to try behind a name, so that many wishes for one name do not count up from the start each time.
    private var next: [String: Int] = [:]
    private let firstNumber: Int

    /// - Parameters:
    ///   - taken: names that are not given out.
    ///   - firstNumber: the number behind a name that is given out a second time.
    package init(taken: some Sequence<String>, numberedFrom firstNumber: Int = 1) {
        self.taken = Set(taken)
        self.firstNumber = firstNumber
    }

    /// Takes exactly this name.
    ///
    /// - Returns: whether it was free.
    package func claim(_ name: String) -> Bool { taken.insert(name).inserted }

    /// Takes the name if it is free, else one with a number behind it.
    package func take(_ name: String) -> String { claim(name) ? name : takeNumbered(name) }

    /// Takes the name with a number behind it.
    package func takeNumbered(_ name: String) -> String {
        let number = freeNumber(behind: name)
        next[name] = number + 1
        taken.insert("\(name)_\(number)")
        return "\(name)_\(number)"
    }

    /// What ``take(_:)`` would give, without taking it.
    package func free(_ name: String) -> String {
        taken.contains(name) ? "\(name)_\(freeNumber(behind: name))" : name
    }

    private func freeNumber(behind name: String) -> Int {
        var number = next[name] ?? firstNumber
        while taken.contains("\(name)_\(number)") { number += 1 }
        return number
    }
}
