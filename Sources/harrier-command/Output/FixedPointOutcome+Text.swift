import Harrier

extension FixedPointOutcome {
    /// Overflows that are named at most.
    private static let shown = 3

    /// A sentence or two.
    func text(_ style: Style) -> String {
        switch self {
        case .skipped(let format, let why):
            return style.yellow("Not simulated") + " in \(Self.name(format)): \(why).\n"
        case .compared(let comparison, let allowed):
            let samples = "\(comparison.samples) random \(comparison.samples == 1 ? "input" : "inputs")"
            let functions =
                comparison.simulatesFunctions ? "with the framework's functions" : "without the framework's functions"
            var text =
                "In \(Self.name(comparison.format)), simulated \(functions) on \(samples), the error is "
                + "\(shortScientific(comparison.after.typicalError)), "
                + "\(shortScientific(comparison.before.typicalError)) before"
                + (allowed.isFinite ? " (allowed: \(shortScientific(allowed))).\n" : ".\n")
            let (before, after) = (comparison.before.overflows, comparison.after.overflows)
            guard !after.isEmpty else { return text }
            let nodes = after.prefix(Self.shown).map { "\($0.node.printable) (\(shortScientific($0.magnitude)))" }
            text +=
                style.yellow("Overflow") + ": \(after.count) nodes exceed the ring, \(before.count) before: "
                + nodes.joined(separator: ", ") + (after.count > Self.shown ? ", ..." : "") + ".\n"
            return text
        }
    }

    private static func name(_ format: FixedPointFormat) -> String {
        "fixed point of \(format.ringBits) bits, \(format.fractionBits) of them fraction"
    }
}
