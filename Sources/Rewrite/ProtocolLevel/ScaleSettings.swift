import IR
import Pricing

/// How the scales of a graph are found.
struct ScaleSettings: Hashable, Sendable {
    /// Ring and scale.
    var format: FixedPointFormat
    /// Whether products are left at twice the scale until the next Relu or Clip, and averages divide ring elements whatever their
    /// scale, as in SCI.
    var truncatesActivations = false
    /// Whether the graph is a part of a larger one, into which values come at scales that are not known.
    var isPart = false

    /// Those of an ordinary ring, in which rules are checked.
    static let usual = ScaleSettings(format: FixedPointFormat(ringBits: 64, fractionBits: 12))

    /// The given settings.
    init(format: FixedPointFormat) { self.format = format }

    /// Those of a framework; the usual ones if it does not tell.
    init(_ framework: any Framework) {
        self.init(format: framework.protocolLevel?.format ?? Self.usual.format)
        truncatesActivations = framework.protocolLevel?.truncatesActivations ?? false
    }

    /// The settings for a part of a graph, or for a whole one.
    func seenFromPart(_ isPart: Bool) -> ScaleSettings {
        var result = self
        result.isPart = isPart
        return result
    }
}
