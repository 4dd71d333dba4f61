import Foundation
import IR

/// Comparisons, logic and selection.
let comparisonKernels: [KernelRow] = [
    KernelRow("Equal") { try $0.compare({ $0 == $1 }, { a, b, _ in a == b }, strings: { $0 == $1 }) },
    KernelRow("Less") { try $0.compare({ $0 < $1 }, { isLess($0, $1, $2) }) },
    KernelRow("LessOrEqual") { try $0.compare({ $0 <= $1 }, { !isLess($1, $0, $2) }) },
    KernelRow("Greater") { try $0.compare({ $0 > $1 }, { isLess($1, $0, $2) }) },
    KernelRow("GreaterOrEqual") { try $0.compare({ $0 >= $1 }, { !isLess($0, $1, $2) }) },
    KernelRow("And") { try $0.compareBooleans { a, b, _ in a & b != 0 } },
    KernelRow("Or") { try $0.compareBooleans { a, b, _ in a | b != 0 } },
    KernelRow("Xor") { try $0.compareBooleans { a, b, _ in a != b } },
    KernelRow("Not") { call in
        try call.checkBoolean(0)
        return try call.map(integers: { a, _ in 1 - a })
    },
    KernelRow("IsNaN") { call in
        let input = try call.input(0)
        return try call.result(try input.doubles().map(\.isNaN), shape: input.shape)
    },
    KernelRow("IsInf") { call in
        let input = try call.input(0)
        let positive = try call.node.flag("detect_positive")
        let negative = try call.node.flag("detect_negative")
        let found = try input.doubles().map { $0.isInfinite && ($0 > 0 ? positive : negative) }
        return try call.result(found, shape: input.shape)
    },
    KernelRow("Where") { call in
        try call.checkBoolean(0)
        let (condition, yes, no) = (try call.input(0), try call.input(1), try call.input(2))
        let shape = try broadcast([condition.shape, yes.shape, no.shape])
        let choice = Choosing(
            condition: try condition.integers(),
            loop: StridedLoop(
                shape: shape, strides: [condition, yes, no].map { broadcastStrides($0.shape, to: shape) },
                offsets: [0, 0, 0]))
        return try NumericArray.rearranged([yes, no], choice, shape: shape)
    },
]

/// Elements of the first source where the condition holds, of the second where it does not.
private struct Choosing: Rearrangement {
    var condition: [Int64]
    var loop: StridedLoop

    func apply<Element>(_ sources: [[Element]]) -> [Element] {
        let (yes, no) = (sources[0], sources[1])
        let steps = loop.rowStrides
        var result: [Element] = []
        result.reserveCapacity(loop.rowCount * loop.rowLength)
        loop.forEachRow { _, offsets in
            for i in 0..<loop.rowLength {
                result.append(
                    condition[offsets[0] + i * steps[0]] != 0
                        ? yes[offsets[1] + i * steps[1]] : no[offsets[2] + i * steps[2]])
            }
        }
        return result
    }
}

extension Call {
    @inline(__always)
    fileprivate func compare(
        _ reals: (Double, Double) -> Bool, _ integers: (Int64, Int64, ElementType) -> Bool,
        strings: ((String, String) -> Bool)? = nil
    ) throws -> NumericArray {
        let (left, right) = (try input(0), try input(1))
        guard left.elementType == right.elementType else {
            throw HarrierError("operands of types \(left.kindName) and \(right.kindName) do not go together")
        }
        let loop = try PairLoop(left, right)
        switch (left.storage, right.storage) {
        case (.integers(let a), .integers(let b)):
            return try result(loop.map(a, b) { integers($0, $1, left.elementType) }, shape: loop.shape)
        case (.strings(let a), .strings(let b)):
            guard let strings else { throw HarrierError("\(node.op) cannot compare strings") }
            return try result(loop.map(a, b, strings), shape: loop.shape)
        default:
            return try result(loop.map(try left.doubles(), try right.doubles(), reals), shape: loop.shape)
        }
    }

    fileprivate func compareBooleans(_ body: (Int64, Int64, ElementType) -> Bool) throws -> NumericArray {
        try checkBoolean(0)
        try checkBoolean(1)
        return try compare({ _, _ in false }, body)
    }

    /// - Throws: ``HarrierError`` if the operand is not of booleans.
    func checkBoolean(_ index: Int) throws {
        let type = try input(index).elementType
        guard type == .bool else {
            throw HarrierError("input \(index) of \(node.op) must be of type bool, not \(type.onnxName)")
        }
    }
}
