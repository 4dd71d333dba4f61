/// Why a graph that was found for some lengths is not one for all: a rewrite holds for these lengths only.
package struct LengthDependence: Error, Sendable {
    /// A rule, and the nodes at which it does not fire at other lengths.
    package typealias Place = (rule: String, nodes: [String])

    /// The rule at fault; nil if it is none's.
    package let rule: String?
    /// Where it does not fire, and others with it; empty if that is not known.
    package let places: [Place]
    /// What depends on the lengths, a phrase.
    package let why: String

    init(rule: String?, places: [Place] = [], why: String) {
        self.rule = rule
        self.places = places
        self.why = why
    }
}
