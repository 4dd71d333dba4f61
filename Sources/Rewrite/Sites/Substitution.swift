/// A rule at one place of a model: `relu-quadratic@/layer1/relu/Relu`.
public struct Substitution: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The rule's name.
    public let rule: String
    /// The node that the rule's pattern is found at: the one that computes the pattern's last output, by its name, or by that of
    /// its first output where other nodes have the same name or it has none.
    public let node: String
    /// The channels (places along axis 1) that are substituted, in increasing order; empty for all of them.
    public let channels: [Int]

    /// The substitution by that rule at that node.
    public init(rule: String, node: String, channels: [Int] = []) {
        self.rule = rule
        self.node = node
        self.channels = channels
    }

    /// What a text such as `rule@node` or `rule@node[0,2,5-7]` says; nil for other texts.
    public init?(_ text: String) {
        guard let sign = text.firstIndex(of: "@") else { return nil }
        var place = text[text.index(after: sign)...]
        var channels: [Int] = []
        if place.hasSuffix("]"), let bracket = place.lastIndex(of: "["),
            let listed = Self.channels(place[place.index(after: bracket)...].dropLast())
        {
            channels = listed
            place = place[..<bracket]
        }
        guard sign != text.startIndex, !place.isEmpty else { return nil }
        self.init(rule: String(text[..<sign]), node: String(place), channels: channels)
    }

    /// The text that ``init(_:)`` takes.
    public var description: String {
        channels.isEmpty ? "\(rule)@\(node)" : "\(rule)@\(node)[\(Self.text(of: channels))]"
    }

    /// By node, then by rule.
    public static func < (left: Self, right: Self) -> Bool {
        (left.node, left.rule, left.description) < (right.node, right.rule, right.description)
    }

    /// The most channels that a text can list: beyond it is a mistake.
    private static let mostChannels = 1 << 16

    private static func channels(_ text: Substring) -> [Int]? {
        var result: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first >= 0,
                first <= last,
                last < mostChannels
            else { return nil }
            result.formUnion(first...last)
        }
        return result.sorted()
    }

    private static func text(of channels: [Int]) -> String {
        var parts: [String] = []
        var rest = channels[...]
        while let first = rest.first {
            let run = rest.enumerated().prefix { $0.element == first + $0.offset }.count
            parts.append(run == 1 ? "\(first)" : "\(first)-\(first + run - 1)")
            rest = rest.dropFirst(run)
        }
        return parts.joined(separator: ",")
    }
}
