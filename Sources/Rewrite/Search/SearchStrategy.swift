/// How to look for cheaper graphs.
public enum SearchStrategy: String, CaseIterable, Sendable {
    /// Also through graphs that are dearer than the one before, region by region: what ``Search`` describes.
    case global
    /// Only improving rewrites, those that save most first, until there is none. Quicker and never better: what other
    /// strategies are compared with.
    case greedy
}
