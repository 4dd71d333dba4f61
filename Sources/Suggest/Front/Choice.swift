import IR
import Rewrite

/// A decision that variants differ in: what is put at one place of the model, or at all places of a block.
package struct Choice: Sendable {
    /// One way to decide.
    package struct Option: Sendable {
        /// The rule's name.
        package let rule: String
        /// The places among the model's sites, and their channels.
        package let parts: [SitePart]
        /// How much is known of the effect.
        package let effect: EffectClass
    }

    /// What the places are called: a node's name, or what the names of a block have in common.
    package let name: String
    /// Ways to decide, other than leaving the places as they are.
    package let options: [Option]
}

/// How places are put together.
public enum Grouping: String, CaseIterable, Sendable {
    /// Every place is decided for itself.
    case each
    /// Equal places are decided together: of the same operators and the same shape, with names that differ in numbers only.
    case block
}

/// What has been decided: for each choice 0 to leave the places as they are, or 1 and up for its options.
package typealias Selection = [Int]
