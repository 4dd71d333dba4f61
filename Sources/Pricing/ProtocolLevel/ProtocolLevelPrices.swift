import IR

/// What a framework charges for the parts of its operators that protocol-level graphs tell apart: truncations and masked openings.
/// What is left of an operator is its own price without them.
public protocol ProtocolLevelPrices: Sendable {
    /// Ring and scale of its numbers.
    var format: FixedPointFormat { get }
    /// Names of the calls that scale a product down.
    var truncations: Set<String> { get }
    /// Names of the calls that open the operands of a product under masks; empty if products do without.
    var openings: Set<String> { get }
    /// Whether a known sign makes a truncation cheaper.
    var usesSign: Bool { get }
    /// Whether products are left at twice the scale, and the next Relu or Clip scales down.
    var truncatesActivations: Bool { get }

    /// A truncation as an operator of its own.
    ///
    /// - Throws: ``Unpriced`` if the framework cannot run it.
    func truncate(_ truncation: Truncation) throws -> Call

    /// Opens masked ring elements to all parties in one round; nil if its products open nothing.
    func open(_ count: Int) -> Call?
}

extension ProtocolLevelPrices {
    /// None, unless the framework says otherwise.
    public var openings: Set<String> { [] }
    /// It does not, unless the framework says otherwise.
    public var usesSign: Bool { false }
    /// They are not, unless the framework says otherwise.
    public var truncatesActivations: Bool { false }
    /// Nothing is opened, unless the framework says otherwise.
    public func open(_ count: Int) -> Call? { nil }
}

/// A truncation: what it works on and what is known of it.
public struct Truncation: Hashable, Sendable {
    /// The shape of the tensor.
    public var extent: Extent
    /// How many bits it cuts off.
    public var bits: Int
    /// Whether no element is negative.
    public var isNonNegative = false
    /// Whether the framework runs it as part of the operator before it, whose result nothing else reads.
    public var followsProduct = false

    /// A truncation of so many bits.
    public init(_ extent: Extent, bits: Int) {
        self.extent = extent
        self.bits = bits
    }
}
