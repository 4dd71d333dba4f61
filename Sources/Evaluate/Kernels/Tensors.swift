import IR

/// General tensor algebra, and reinterpretation.
let tensorKernels: [KernelRow] = [
    KernelRow("Einsum", einsum),
    KernelRow("Det") { call in
        let input = try call.input(0)
        guard input.rank >= 2, input.shape[input.rank - 1] == input.shape[input.rank - 2] else {
            throw HarrierError("Det needs square matrices, not shape \(input.shape)")
        }
        let size = input.shape[input.rank - 1]
        let values = try Rows(input, axes: [input.rank - 2, input.rank - 1]).reduce { determinant(Array($0), size) }
        return try call.result(values, shape: input.shape.dropLast(2), type: input.elementType)
    },
    KernelRow("BitCast") { call in
        guard let type = ElementType(rawValue: try call.node.int("to")) else {
            throw HarrierError("attribute 'to' of BitCast names no element type")
        }
        let input = try call.input(0)
        guard type.bitWidth == input.elementType.bitWidth else {
            throw HarrierError("BitCast from \(input.kindName) to \(type.onnxName), which is not as wide")
        }
        return try NumericArray(
            Tensor(type, shape: input.shape, payload: .bytes(try input.tensor().bytes())), precision: call.precision)
    },
]

/// The determinant by elimination with row exchanges.
private func determinant(_ matrix: [Double], _ size: Int) -> Double {
    var (a, result) = (matrix, 1.0)
    for column in 0..<size {
        let pivot = (column..<size).max { abs(a[$0 * size + column]) < abs(a[$1 * size + column]) } ?? column
        if a[pivot * size + column] == 0 { return 0 }
        if pivot != column {
            for i in 0..<size { a.swapAt(pivot * size + i, column * size + i) }
            result = -result
        }
        result *= a[column * size + column]
        for row in column + 1..<max(size, column + 1) {
            let factor = a[row * size + column] / a[column * size + column]
            for i in column..<size { a[row * size + i] -= factor * a[column * size + i] }
        }
    }
    return result
}

/// An equation such as `bij,bjk->bik`, with the ellipsis written as letters of its own.
private struct Equation {
    var operands: [[Character]]
    var result: [Character]

    init(_ text: String, shapes: [[Int]]) throws {
        let sides = text.filter { $0 != " " }.split(separator: ">", omittingEmptySubsequences: false)
        let left = sides[0].hasSuffix("-") ? sides[0].dropLast() : sides[0]
        let terms = left.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard terms.count == shapes.count, sides.count <= 2 else {
            throw HarrierError("the equation '\(text)' is not for \(shapes.count) operands")
        }
        let widths = zip(terms, shapes).map { $1.count - $0.filter { $0 != "." }.count }
        let widest = zip(terms, widths).filter { $0.0.contains("...") }.map(\.1).max() ?? 0
        guard widest >= 0, widest <= 10 else { throw HarrierError("the equation '\(text)' does not fit its operands") }
        let dots = "0123456789".prefix(widest)
        operands = try terms.indices.map { index in
            guard terms[index].contains("...") || widths[index] == 0, widths[index] >= 0 else {
                throw HarrierError("the equation '\(text)' does not fit an operand of shape \(shapes[index])")
            }
            return Self.expanded(terms[index], dots.suffix(terms[index].contains("...") ? widths[index] : 0))
        }
        if sides.count == 2 {
            result = Self.expanded(String(sides[1]), dots)
        } else {
            let all = operands.joined()
            let once = Set(all.filter(\.isLetter)).filter { letter in all.filter { $0 == letter }.count == 1 }
            result = Array(dots) + once.sorted()
        }
        let known = Set(operands.joined())
        guard result.allSatisfy(known.contains), Set(result).count == result.count else {
            throw HarrierError("the result of the equation '\(text)' has letters that its operands have not")
        }
    }

    private static func expanded(_ term: String, _ dots: Substring) -> [Character] {
        guard let start = term.firstIndex(of: ".") else { return Array(term) }
        return Array(term[..<start]) + Array(dots) + term[start...].drop { $0 == "." }
    }
}

/// Sums over all letters that the result does not have, one multiplication of all operands at a time.
private func einsum(_ call: Call) throws -> NumericArray {
    let inputs = try call.allInputs()
    guard let first = inputs.first else { throw HarrierError("Einsum without operands") }
    let equation = try Equation(try call.node.string("equation"), shapes: inputs.map(\.shape))
    var lengths: [Character: Int] = [:]
    for (letters, input) in zip(equation.operands, inputs) {
        for (letter, length) in zip(letters, input.shape) where lengths[letter, default: 1] != length {
            guard length == 1 || lengths[letter, default: 1] == 1 else {
                throw HarrierError("the letter '\(letter)' stands for lengths \(lengths[letter] ?? 1) and \(length)")
            }
            lengths[letter] = length
        }
    }
    let summed = Set(equation.operands.joined()).subtracting(equation.result).sorted()
    let letters = equation.result + summed
    let shape = letters.map { lengths[$0, default: 1] }
    let resultShape = Array(shape.prefix(equation.result.count))
    let strides = zip(equation.operands, inputs).map { own, input in
        let steps = rowMajorStrides(input.shape)
        return letters.map { letter in
            own.indices.filter { own[$0] == letter && input.shape[$0] != 1 }.reduce(0) { $0 + steps[$1] }
        }
    }
    let inner = summed.map { lengths[$0, default: 1] }.saturatingProduct()
    guard shape.saturatingProduct() <= 1 << 36 else {
        throw HarrierError("Einsum over a space of shape \(shape) is too large")
    }
    var result = [Double](repeating: 0, count: try checkedCount(resultShape))
    let values = try inputs.map { try $0.doubles() }
    let loop = StridedLoop(shape: shape, strides: strides, offsets: inputs.map { _ in 0 })
    if inner > 0 {
        loop.forEachRow { row, offsets in
            for i in 0..<loop.rowLength {
                var product = 1.0
                for operand in values.indices {
                    product *= values[operand][offsets[operand] + i * loop.rowStrides[operand]]
                }
                result[(row * loop.rowLength + i) / inner] += product
            }
        }
    }
    guard first.elementType.isFloatingPoint else {
        return try call.result(result.map { Int64(saturating: $0) }, shape: resultShape, type: first.elementType)
    }
    return try call.result(result, shape: resultShape, type: first.elementType)
}
