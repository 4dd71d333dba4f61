import IR

/// A tensor that the interpreter computes with: elements in memory, row-major, in a few storage types.
public struct NumericArray: Sendable, Equatable {
    /// The elements.
    public enum Storage: Sendable, Equatable {
        /// Floating-point elements of any width, or of type float64.
        case doubles([Double])
        /// Floating-point elements of at most 32 bits.
        case floats([Float])
        /// Integers, in range of their element type (unsigned 64-bit ones by bit pattern), and booleans as 0 and 1.
        case integers([Int64])
        /// Strings, which are only moved about and compared.
        case strings([String])
        /// The tensors of an ONNX sequence, or none or one for an ONNX optional.
        case sequence([NumericArray])
    }

    /// The ONNX type of one element, which need not be as wide as the storage.
    public let elementType: ElementType
    /// Axis lengths, outermost first.
    public let shape: [Int]
    /// The elements, as many as the product of the shape.
    public let storage: Storage

    /// The most elements that one array may have (2 GiB of 64-bit elements): a file that asks for more gets an error.
    public static let maximumCount = 1 << 28

    /// An array whose parts are known to fit together.
    init(unchecked elementType: ElementType, _ shape: [Int], _ storage: Storage) {
        self.elementType = elementType
        self.shape = shape
        self.storage = storage
    }

    /// An array of the given elements.
    ///
    /// - Throws: ``HarrierError`` if the storage does not suit the type or has not as many elements as the shape says.
    public init(_ elementType: ElementType, shape: [Int], storage: Storage) throws {
        let suits =
            switch storage {
            case .doubles: elementType.isFloatingPoint
            case .floats: elementType.isFloatingPoint && elementType != .float64
            case .integers: elementType.isInteger || elementType == .bool
            case .strings: elementType == .string
            case .sequence: true
            }
        guard suits else { throw HarrierError("elements of type \(elementType.onnxName) are not stored that way") }
        let expected = if case .sequence = storage { storage.count } else { try checkedCount(shape) }
        guard storage.count == expected else {
            throw HarrierError("\(storage.count) elements do not make a tensor of shape \(shape)")
        }
        self.init(unchecked: elementType, shape, storage.wrapped(to: elementType))
    }

    /// An array of floating-point numbers.
    ///
    /// - Throws: ``HarrierError`` if there are not as many as the shape says.
    public init(_ values: [Double], shape: [Int], elementType: ElementType = .float64) throws {
        try self.init(elementType, shape: shape, storage: .doubles(values))
    }

    /// Number of elements.
    public var count: Int { storage.count }

    /// Number of axes.
    public var rank: Int { shape.count }

    /// The elements as 64-bit floating-point numbers.
    ///
    /// - Throws: ``HarrierError`` for strings and sequences.
    /// - Complexity: constant if that is how they are stored, else linear.
    public func doubles() throws -> [Double] {
        switch storage {
        case .doubles(let values): return values
        case .floats(let values): return values.map { Double($0) }
        case .integers(let values):
            return elementType == .uint64
                ? values.map { Double(UInt64(bitPattern: $0)) } : values.map { Double($0) }
        case .strings, .sequence: throw HarrierError("expects a tensor of numbers, not \(kindName)")
        }
    }

    /// The elements of a tensor of integers or booleans.
    ///
    /// - Throws: ``HarrierError`` for other tensors.
    public func integers() throws -> [Int64] {
        guard case .integers(let values) = storage else {
            throw HarrierError("expects a tensor of integers, not \(kindName)")
        }
        return values
    }

    /// The same numbers as an array of type float64.
    func asFloat64() throws -> NumericArray { NumericArray(unchecked: .float64, shape, .doubles(try doubles())) }

    /// What messages call an array of this kind.
    var kindName: String {
        if case .sequence = storage { "a sequence" } else { elementType.onnxName }
    }

    /// The same elements in another shape with as many of them.
    func reshaped(_ shape: [Int]) throws -> NumericArray {
        guard try checkedCount(shape) == count else {
            throw HarrierError("\(count) elements of shape \(self.shape) cannot take the shape \(shape)")
        }
        return NumericArray(unchecked: elementType, shape, storage)
    }
}

extension NumericArray.Storage {
    /// Number of elements.
    var count: Int {
        switch self {
        case .doubles(let values): values.count
        case .floats(let values): values.count
        case .integers(let values): values.count
        case .strings(let values): values.count
        case .sequence(let values): values.count
        }
    }

    /// Integers brought into the range of their type; anything else as it is.
    func wrapped(to type: ElementType) -> Self {
        guard case .integers(let values) = self, type != .int64, type != .uint64 else { return self }
        return .integers(values.map { $0.wrapped(to: type) })
    }
}

extension Int64 {
    /// The integer of the given type with the same low bits; for booleans whether it is not 0.
    func wrapped(to type: ElementType) -> Int64 {
        switch type {
        case .bool: self == 0 ? 0 : 1
        case .int8: Int64(Int8(truncatingIfNeeded: self))
        case .uint8: Int64(UInt8(truncatingIfNeeded: self))
        case .int16: Int64(Int16(truncatingIfNeeded: self))
        case .uint16: Int64(UInt16(truncatingIfNeeded: self))
        case .int32: Int64(Int32(truncatingIfNeeded: self))
        case .uint32: Int64(UInt32(truncatingIfNeeded: self))
        case .int4: (self << 60) >> 60
        case .uint4: self & 15
        case .int2: (self << 62) >> 62
        case .uint2: self & 3
        default: self
        }
    }

    /// The integer nearest to zero of those next to a number; the type's ends for numbers beyond them, 0 for NaN.
    init(saturating value: Double) {
        self = Int64(exactly: value.rounded(.towardZero)) ?? (value.isNaN ? 0 : value > 0 ? .max : .min)
    }
}

/// The product of axis lengths.
///
/// - Throws: ``HarrierError`` if one is negative or there are more elements than ``NumericArray/maximumCount``.
func checkedCount(_ shape: [Int]) throws -> Int {
    guard shape.allSatisfy({ $0 >= 0 }) else { throw HarrierError("a negative dimension in the shape \(shape)") }
    // Without the zeros, too, so that products of some of the lengths cannot overflow.
    let count = shape.filter { $0 != 0 }.saturatingProduct()
    guard count <= NumericArray.maximumCount else {
        throw HarrierError(
            "a tensor of shape \(shape) is too large to compute with",
            hint: "at most \(NumericArray.maximumCount) elements")
    }
    return shape.contains(0) ? 0 : count
}

/// How many elements apart neighbours along each axis of a row-major array are.
func rowMajorStrides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] &* shape[axis + 1] }
    return strides
}
