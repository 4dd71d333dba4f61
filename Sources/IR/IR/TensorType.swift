/// One axis length of a tensor: a number, a name the exporter left open (`batch`), or not known at all.
public enum Dimension: Hashable, Sendable, CustomStringConvertible {
    case known(Int)
    case symbol(String)
    case unknown

    /// The length, if it is a number.
    public var value: Int? {
        if case .known(let length) = self { length } else { nil }
    }

    /// The number, the name, or `?`.
    public var description: String {
        switch self {
        case .known(let length): "\(length)"
        case .symbol(let name): name
        case .unknown: "?"
        }
    }
}

extension Dimension: ExpressibleByIntegerLiteral {
    /// A length that is known.
    public init(integerLiteral value: Int) { self = .known(value) }
}

/// Element type and shape of a tensor value. A nil `shape` means that not even the rank is known.
public struct TensorType: Hashable, Sendable, CustomStringConvertible {
    /// The most elements a tensor may have before Harrier calls its type an error (2^40, 8 TiB of 64-bit
    /// elements): real models stay far below, and prices stay inside 64-bit arithmetic.
    public static let maximumElementCount = 1 << 40

    /// The most axes that inference lets an operator give a tensor whose lengths it does not know.
    static let maximumRank = 1 << 12

    /// The type of one element.
    public var elementType: ElementType
    /// Axis lengths, outermost first; nil when the rank is unknown.
    public var shape: [Dimension]?

    /// A tensor type of the given element type and shape.
    public init(_ elementType: ElementType, _ shape: [Dimension]?) {
        self.elementType = elementType
        self.shape = shape
    }

    /// A tensor type whose axis lengths are all numbers.
    public init(_ elementType: ElementType, lengths: [Int]) {
        self.init(elementType, lengths.map(Dimension.known))
    }

    /// The number of axes, if known.
    public var rank: Int? { shape?.count }

    /// Axis lengths, if all of them are numbers.
    public var lengths: [Int]? {
        guard let shape else { return nil }
        var result: [Int] = []
        result.reserveCapacity(shape.count)
        for dimension in shape {
            guard let length = dimension.value else { return nil }
            result.append(length)
        }
        return result
    }

    /// The number of elements, if all lengths are numbers; `Int.max` if it does not fit.
    public var elementCount: Int? {
        lengths.map { $0.saturatingProduct() }
    }

    /// The type in ONNX's textual syntax.
    public var description: String {
        guard let shape else { return elementType.onnxName + "[]" }
        if shape.isEmpty { return elementType.onnxName }
        return elementType.onnxName + "[" + shape.map(\.description).joined(separator: ",") + "]"
    }
}
