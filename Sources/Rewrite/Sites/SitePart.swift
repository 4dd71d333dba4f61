/// A substitution that is to be made: at a place, on all of its channels or some.
package struct SitePart: Hashable, Sendable {
    /// Position among the places of a model.
    package let site: Int
    /// Places along axis 1, in increasing order; empty for all.
    package let channels: [Int]

    /// The part of a place with those channels.
    package init(site: Int, channels: [Int] = []) {
        self.site = site
        self.channels = channels
    }
}
