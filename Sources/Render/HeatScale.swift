/// How bytes become colour and width: one scale for all that is drawn together, so that the same look means the
/// same traffic before and after.
package struct HeatScale: Hashable, Sendable {
    /// The bytes of the hottest operator or module, which gets the last step.
    package let maximum: Int
    /// The bytes that count as the whole for widths: the total of the dearest graph drawn.
    package let whole: Int

    /// A scale up to `maximum`, in a drawing whose dearest graph sends `whole` bytes.
    package init(maximum: Int, whole: Int) {
        self.maximum = max(0, maximum)
        self.whole = max(0, whole)
    }

    /// Number of steps above "local".
    package static let stepCount = 9

    /// Colours of the steps, from yellow over orange to dark red, in `#rrggbb`. Lightness falls evenly from 0.91 to
    /// 0.34 in the OKLCH colour space, so that the order survives a grey print and every colour vision; even the
    /// first stands out from white as a line.
    package static let colours = [
        "#fee250", "#fdbf2a", "#f1a01b", "#e08317", "#ce6711", "#ba4b0f", "#a72b0a", "#8e0a13", "#6c051c",
    ]

    /// The step of the scale: 0 for nothing sent, else 1 to ``stepCount``. Steps follow the square root of the bytes
    /// since a few operators usually send nearly everything.
    package func step(_ bytes: Int) -> Int {
        guard bytes > 0, maximum > 0 else { return 0 }
        let position = (Double(bytes) / Double(maximum)).squareRoot() * Double(Self.stepCount)
        return min(Self.stepCount, max(1, Int(min(position, 1e6).rounded(.up))))
    }

    /// The most bytes that still fall into a step from 1 to ``stepCount``.
    package func upperBound(ofStep step: Int) -> Int {
        if step >= Self.stepCount { return maximum }
        let part = Double(max(0, step)) / Double(Self.stepCount)
        return Int(min(Double(maximum) * part * part, 9e18))
    }

    /// The width of an edge in points: 1 + 7·√(share of the whole).
    package func width(_ bytes: Int) -> Double {
        guard bytes > 0, whole > 0 else { return 1 }
        return 1 + 7 * min(1, Double(bytes) / Double(whole)).squareRoot()
    }

    /// The colour of an edge: grey where nothing is sent.
    func lineColour(_ bytes: Int) -> String {
        let step = step(bytes)
        return step == 0 ? "#a8a8a8" : Self.colours[step - 1]
    }

    /// The colours of a node's area and of the text on it.
    func areaColours(_ bytes: Int) -> (area: String, text: String) {
        let step = step(bytes)
        if step == 0 { return ("#f6f6f6", "#303030") }
        return (Self.colours[step - 1], step >= 6 ? "#ffffff" : "#000000")
    }
}
