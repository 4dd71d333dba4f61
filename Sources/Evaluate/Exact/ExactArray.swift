import IR

/// A tensor of exact numbers, row-major.
struct ExactArray: Sendable {
    /// The floating-point type that the graph declares; the numbers do not depend on it.
    let elementType: ElementType
    /// Axis lengths, outermost first.
    let shape: [Int]
    /// The elements, as many as the product of the shape.
    let elements: [ExactNumber]

    /// Element numbers in the place of the elements, counted from `first` on: what kernels that move elements can move.
    func positions(from first: Int) -> NumericArray {
        NumericArray(unchecked: .int64, shape, .integers((0..<elements.count).map { Int64(first + $0) }))
    }
}

/// What an exact run computes with: exact numbers where the graph has floating-point ones, and everything else as usual.
enum ExactValue: Sendable {
    /// Floating-point numbers.
    case exact(ExactArray)
    /// Integers, booleans and strings.
    case plain(NumericArray)

    /// The array of everything else; nil for floating-point numbers.
    var plain: NumericArray? {
        if case .plain(let array) = self { array } else { nil }
    }

    var isPlain: Bool { plain != nil }

    var shape: [Int] {
        switch self {
        case .exact(let array): array.shape
        case .plain(let array): array.shape
        }
    }

    var type: TensorType {
        switch self {
        case .exact(let array): TensorType(array.elementType, lengths: array.shape)
        case .plain(let array): TensorType(array.elementType, lengths: array.shape)
        }
    }
}

/// A node with its operands, as an exact kernel sees it.
struct ExactCall {
    let node: Node
    let inputs: [ExactValue?]
    let trace: ExactTrace

    /// The operand of floating-point numbers at that position.
    ///
    /// - Throws: ``HarrierError`` if it is left out or of another kind.
    func exact(_ index: Int) throws -> ExactArray {
        guard let array = try optional(index) else { throw HarrierError("\(node.op) lacks its input \(index)") }
        return array
    }

    /// The operand of floating-point numbers at that position; nil if it is left out.
    func optional(_ index: Int) throws -> ExactArray? {
        guard index < inputs.count, let input = inputs[index] else { return nil }
        guard case .exact(let array) = input else {
            throw HarrierError("\(node.op) of \(input.type.elementType.onnxName) is not computed exactly")
        }
        return array
    }

    /// The operand of integers or booleans at that position; nil if it is left out.
    func plain(_ index: Int) throws -> NumericArray? {
        guard index < inputs.count, let input = inputs[index] else { return nil }
        guard case .plain(let array) = input else { throw HarrierError("input \(index) of \(node.op) is no integer") }
        return array
    }

    /// A floating-point attribute as the number that is meant.
    func number(_ name: String) throws -> ExactNumber { trace.constant(Double(try node.float(name))) }

    /// The call of an ordinary kernel with element positions in the place of numbers, and what the positions stand for. Position
    /// 0 is zero, which kernels fill with.
    func onPositions() -> (call: Call, numbers: [ExactNumber], type: ElementType?) {
        var numbers = [ExactNumber.zero]
        var type: ElementType?
        let operands = inputs.map { input -> NumericArray? in
            switch input {
            case nil: return nil
            case .plain(let array)?: return array
            case .exact(let array)?:
                type = type ?? array.elementType
                defer { numbers += array.elements }
                return array.positions(from: numbers.count)
            }
        }
        return (Call(node: node, inputs: operands, precision: .float64), numbers, type)
    }

    func result(_ elements: [ExactNumber], shape: [Int], like other: ExactArray) -> [ExactValue?] {
        [.exact(ExactArray(elementType: other.elementType, shape: shape, elements: elements))]
    }
}

/// How an operator is computed exactly: from a call to its outputs, in order.
typealias ExactKernel = @Sendable (ExactCall) throws -> [ExactValue?]
