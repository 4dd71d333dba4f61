import IR

extension GradientTable {
    /// Matrix products.
    static let products: [OperatorName: Row] = [
        "MatMul": { b in
            let (left, right) = (try b.input(0), try b.input(1))
            let labels = try MatrixLabels(left: left.rank, right: right.rank)
            try giveOperands(b, [labels.left, labels.right], result: labels.result)
        },
        "Gemm": { b in
            let (alpha, beta) = (try b.node.float("alpha"), try b.node.float("beta"))
            let left = try b.node.flag("transA") ? [2, 0] : [0, 2]
            let right = try b.node.flag("transB") ? [1, 2] : [2, 1]
            try giveOperands(b, [left, right], result: [0, 1], scale: alpha)
            if b.node.optionalInput(2) != nil {
                try b.giveSummed(2) { try b.gradient().scaled(by: beta) }
            }
        },
        "Einsum": { b in
            let equation = try EinsumEquation(b.node.node.string("equation"))
            guard let labels = equation.labels, labels.operands.count == 2 else {
                throw HarrierError(
                    "Einsum has a gradient for two operands without ellipsis and without an axis twice in one operand")
            }
            try giveOperands(b, labels.operands, result: labels.result)
        },
    ]

    /// Gives the gradients of the two operands of a product that is summed over the axes that the result lacks.
    private static func giveOperands(
        _ b: Backward, _ operands: [[Int]], result: [Int], scale: Double = 1
    ) throws {
        // The smaller tensor is scaled; a gradient that comes in is used for both.
        let gradient = try LabelledTerm(b.rankedGradient().scaled(by: scale), axes: result)
        for index in 0..<2 {
            try b.give(index) {
                let other = try LabelledTerm(b.input(1 - index), axes: operands[1 - index])
                let lengths = try b.input(index).lengths
                let kept = lengths.indices.filter { lengths[$0] != 1 }.map { operands[index][$0] }
                return try gradient.contracted(with: other, keeping: kept).inShape(of: lengths, axes: operands[index])
            }
        }
    }
}

/// Labels of the axes of a matrix product: 0 and up for leading axes from the right, negative ones for rows, columns and what
/// is summed.
private struct MatrixLabels {
    let left: [Int]
    let right: [Int]
    let result: [Int]

    init(left: Int, right: Int) throws {
        let (row, column, inner) = (-1, -2, -3)
        func leading(_ rank: Int) -> [Int] { rank > 2 ? (0..<rank - 2).reversed() : [] }
        self.left = leading(left) + (left > 1 ? [row] : []) + [inner]
        self.right = leading(right) + [inner] + (right > 1 ? [column] : [])
        result = leading(max(left, right)) + (left > 1 ? [row] : []) + (right > 1 ? [column] : [])
    }
}

extension EinsumEquation {
    /// Numbers for the letters; nil if there is an ellipsis, or a letter twice in one operand.
    fileprivate var labels: (operands: [[Int]], result: [Int])? {
        func numbers(_ subscripts: [Subscript]) -> [Int]? {
            var found: [Int] = []
            for case .letter(let letter) in subscripts { found.append(Int(letter.asciiValue ?? 0)) }
            return found.count == subscripts.count && Set(found).count == found.count ? found : nil
        }
        let numbered = operands.compactMap(numbers)
        guard let result = numbers(output), numbered.count == operands.count else { return nil }
        return (numbered, result)
    }
}
