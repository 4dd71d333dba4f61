import Foundation

/// A small number with three significant digits: `0`, `1.23e-07`.
package func shortScientific(_ number: Double) -> String {
    number == 0 ? "0" : String(format: "%.2e", number)
}
