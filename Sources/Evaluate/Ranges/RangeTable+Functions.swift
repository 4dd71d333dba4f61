import Foundation
import IR

/// Functions of one number.
let functionRanges: [RangeRow] = [
    RangeRow("Abs", integers: true) { $0.input(0).absolute },
    RangeRow("Acos") { _ in Interval(0, Double.pi.nextUp) },
    RangeRow("Acosh") { $0.input(0).larger(Interval(1)).mapped(range: .nonnegative) { acosh($0) } },
    RangeRow("Asin") { $0.input(0).clamped(Interval(-1), Interval(1)).mapped { asin($0) } },
    RangeRow("Asinh") { $0.input(0).mapped { asinh($0) } },
    RangeRow("Atan") { $0.input(0).mapped { atan($0) } },
    RangeRow("Atanh") { $0.input(0).clamped(Interval(-1), Interval(1)).mapped { atanh($0) } },
    RangeRow("Ceil") { $0.input(0).rounded(.up) },
    RangeRow("Cos", reads: .only([])) { _ in .signedUnit },
    RangeRow("Cosh") { $0.input(0).absolute.mapped(range: Interval(1, .infinity)) { cosh($0) } },
    RangeRow("Erf") { $0.input(0).mapped(range: .signedUnit) { erf($0) } },
    RangeRow("Exp") { $0.input(0).mapped(range: .nonnegative) { exp($0) } },
    RangeRow("Floor") { $0.input(0).rounded(.down) },
    RangeRow("Log") { $0.input(0).positivePart.mapped { log($0) } },
    RangeRow("Neg", integers: true) { -$0.input(0) },
    RangeRow("Reciprocal") { Interval(1) / $0.input(0) },
    RangeRow("Round") { $0.input(0).rounded(.toNearestOrEven) },
    RangeRow("Sign", integers: true) { call in
        Interval(
            call.input(0).low > 0 ? 1 : call.input(0).low < 0 ? -1 : 0,
            call.input(0).high > 0 ? 1 : call.input(0).high < 0 ? -1 : 0)
    },
    RangeRow("Sin", reads: .only([])) { _ in .signedUnit },
    RangeRow("Sinh") { $0.input(0).mapped { sinh($0) } },
    RangeRow("Sqrt") { $0.input(0).squareRoot },
    RangeRow("Tanh") { $0.input(0).mapped(range: .signedUnit) { tanh($0) } },
    RangeRow("Cast", integers: true) { call in
        guard let type = call.int("to").flatMap(ElementType.init(rawValue:)) else { return .everything }
        return call.converted(to: type)
    },
    RangeRow("CastLike", reads: .only([0]), integers: true) { call in
        guard let type = call.node.input(1).flatMap({ call.graph[$0].type?.elementType }) else { return .everything }
        return call.converted(to: type)
    },
    RangeRow("Identity", integers: true) { $0.input(0) },
    RangeRow(results: "Dropout", reads: .only([0])) { call in
        // In training the elements that stay are enlarged.
        [call.has(2) ? .everything : call.input(0), .unit]
    },
]

extension RangeCall {
    /// The operand as elements of another type: integers toward zero.
    fileprivate func converted(to type: ElementType) -> Interval {
        guard let own = node.input(0).flatMap({ graph[$0].type?.elementType }),
            own.isInteger || own.isFloatingPoint || own == .bool
        else { return .everything }
        let operand = input(0)
        if type == .bool { return .unit }
        return type.isFloatingPoint ? operand : operand.rounded(.towardZero)
    }
}

extension Interval {
    /// Both bounds rounded to integers.
    fileprivate func rounded(_ rule: FloatingPointRoundingRule) -> Interval {
        Interval(low.rounded(rule), high.rounded(rule))
    }
}
