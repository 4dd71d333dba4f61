import Foundation
import IR

/// Compares outputs of two graphs that ran in the types of their files, element by element.
///
/// An element of the second graph may be off by what rounding explains: eight times what the first graph's own rounding did to elements of
/// about that size, and sixteen units in the last place of the largest of them. Elements are about as large as others if no gap
/// of more than ``gap`` powers of two lies between their magnitudes, and a difference that no framework's fixed-point numbers resolve is none: a mask of -10⁹ in an output says nothing of the elements beside it. What is
/// finite in the first graph has to be finite in the second.
struct TypedComparison {
    /// Powers of two without an element that part groups of sizes.
    private static let gap = 14
    private static let timesNoise = 8.0
    private static let units = 16.0
    private static let resolution = 0x1p-20

    /// The element type.
    let type: ElementType
    /// What rules with a stated bound may change, as a part of the largest element of a group.
    let tolerance: Double

    /// An element that is further off than rounding explains.
    struct Mismatch {
        let index: Int
        let expected: Double
        let found: Double
    }

    /// The first element that is too far off; nil if there is none.
    ///
    /// - Parameters:
    ///   - exact: the first graph's output in 64 bits.
    ///   - own: the same in its own type.
    ///   - found: the second graph's output in its own type.
    func mismatch(exact: [Double], own: [Double], found: [Double]) -> Mismatch? {
        guard let unit = type.unitInLastPlace, exact.count == own.count, own.count == found.count else { return nil }
        let groups = Groups(exact, own, gap: Self.gap)
        for index in own.indices where own[index].isFinite && own[index] != found[index] {
            let bound = groups.of(own[index])
            let allowed =
                Self.timesNoise * bound.noise + (Self.units * unit + tolerance) * bound.largest
                + max(type.leastMagnitude, Self.resolution)
            guard abs(own[index] - found[index]) <= allowed else {
                return Mismatch(index: index, expected: own[index], found: found[index])
            }
        }
        return nil
    }

    /// Why two outputs differ in their own type; nil if they do not.
    ///
    /// - Parameters:
    ///   - exact: the first graph's output in 64 bits.
    ///   - own: the same in its own type.
    ///   - found: the second graph's output in its own type.
    static func difference(
        _ name: String, exact: NumericArray, own: NumericArray, found: NumericArray, tolerance: Double
    ) throws -> String? {
        let comparison = TypedComparison(type: own.elementType, tolerance: tolerance)
        guard own.elementType.isFloatingPoint, own.shape == found.shape, own.shape == exact.shape,
            let mismatch = try comparison.mismatch(
                exact: exact.doubles(), own: own.doubles(), found: found.doubles())
        else { return nil }
        return "element \(mismatch.index) of output '\(name)' is \(mismatch.expected) in the first model and "
            + "\(mismatch.found) in the second, computed in \(own.elementType.onnxName)"
    }

    /// The elements by size.
    private struct Groups {
        /// What is known of elements of about one size.
        struct Bound {
            var largest = 0.0
            var noise = 0.0
        }

        private var bounds: [Bound]
        /// The group of each exponent, from ``lowest`` on.
        private var group = [Int](repeating: 0, count: 2 * 1100)
        private static let lowest = -1100

        init(_ exact: [Double], _ own: [Double], gap: Int) {
            var occurs = [Bool](repeating: false, count: group.count)
            for value in own where value.isFinite && value != 0 { occurs[Int(value.exponent) - Self.lowest] = true }
            var previous: Int?
            var current = 0
            for place in occurs.indices where occurs[place] {
                if let previous, place - previous > gap { current += 1 }
                group[place] = current
                previous = place
            }
            bounds = Array(repeating: Bound(), count: current + 1)
            for (reference, value) in zip(exact, own) where value.isFinite && reference.isFinite {
                let index = place(of: value)
                bounds[index].largest = max(bounds[index].largest, abs(value))
                bounds[index].noise = max(bounds[index].noise, abs(value - reference))
            }
        }

        /// The group of an element; zeros are among the smallest.
        private func place(of value: Double) -> Int { value == 0 ? 0 : group[Int(value.exponent) - Self.lowest] }

        func of(_ value: Double) -> Bound { bounds[place(of: value)] }
    }
}

extension ElementType {
    /// The distance of 1 from the next larger number; nil for types that are not of floating-point numbers of 16 bits and more.
    fileprivate var unitInLastPlace: Double? {
        switch self {
        case .float64: 0x1p-52
        case .float32: 0x1p-23
        case .float16: 0x1p-10
        case .bfloat16: 0x1p-7
        default: nil
        }
    }

    /// The smallest positive number.
    fileprivate var leastMagnitude: Double {
        switch self {
        case .float64: .leastNonzeroMagnitude
        case .float16: 0x1p-24
        default: Double(Float.leastNonzeroMagnitude)
        }
    }
}
