import Foundation
import Testing

@testable import Render

/// The scale's colours as people with and without full colour vision see them.
@Suite struct ColourTests {
    /// Kinds of vision as matrices on linear RGB (Machado, Oliveira and Fernandes, IEEE TVCG 15(6), 2009, severity 1).
    enum Vision: String, CaseIterable {
        case trichromat, protanope, deuteranope, tritanope

        var matrix: [[Double]] {
            switch self {
            case .trichromat: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
            case .protanope:
                [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
            case .deuteranope:
                [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
            case .tritanope:
                [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
            }
        }
    }

    private func linear(_ colour: String) -> [Double] {
        let number = Int(colour.dropFirst(), radix: 16) ?? 0
        return [16, 8, 0].map { shift in
            let part = Double(number >> shift & 0xFF) / 255
            return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
        }
    }

    private func product(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
        matrix.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
    }

    /// CIELAB under D65.
    private func lab(_ colour: String, _ vision: Vision) -> [Double] {
        let seen = product(vision.matrix, linear(colour)).map { min(1, max(0, $0)) }
        let xyz = product(
            [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], seen)
        let f = zip(xyz, [0.9505, 1, 1.089]).map { part, white in
            part / white > 0.008856 ? cbrt(part / white) : 7.787 * part / white + 16.0 / 116
        }
        return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
    }

    private func distance(_ one: [Double], _ other: [Double]) -> Double {
        zip(one, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }

    @Test("every step is darker than the one before, and apart from it", arguments: Vision.allCases)
    func order(vision: Vision) {
        let colours = HeatScale.colours.map { lab($0, vision) }
        let drops = zip(colours, colours.dropFirst()).map { $0[0] - $1[0] }
        let distances = zip(colours, colours.dropFirst()).map(distance)
        let rounded = { (number: Double) in String(format: "%.1f", number) }
        print(
            "\(vision.rawValue): lightness falls by \(rounded(drops.min() ?? 0)) at least, colours are "
                + "\(rounded(distances.min() ?? 0)) apart at least")
        #expect(drops.allSatisfy { $0 > 3 })
        #expect(distances.allSatisfy { $0 > 6 })
    }

    @Test("the colour of changes is none of the scale", arguments: Vision.allCases)
    func changes(vision: Vision) {
        let change = lab(DOTWriter.changeColour, vision)
        #expect(HeatScale.colours.allSatisfy { distance(lab($0, vision), change) > 25 })
    }

    @Test("text can be read on every step")
    func contrast() {
        let scale = HeatScale(maximum: 8100, whole: 8100)
        for step in 0...HeatScale.stepCount {
            let colours = scale.areaColours(step == 0 ? 0 : scale.upperBound(ofStep: step))
            let luminances = [colours.area, colours.text].map { colour in
                zip([0.2126, 0.7152, 0.0722], linear(colour)).reduce(0) { $0 + $1.0 * $1.1 } + 0.05
            }
            let ratio = (luminances.max() ?? 0) / (luminances.min() ?? 1)
            // The ratio that the Web Content Accessibility Guidelines ask for at level AA.
            #expect(ratio >= 4.5, "step \(step): \(ratio)")
        }
    }
}
