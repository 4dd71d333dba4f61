extension Tensor {
    /// A scalar, rounded to the given type: a floating-point type of 16 bits and more, or a 32 or 64-bit integer. Anything
    /// else becomes float32.
    public init(scalar value: Double, _ elementType: ElementType) {
        let bytes: [UInt8]
        switch elementType {
        case .float64: bytes = littleEndianBytes([value.bitPattern])
        case .float16: bytes = littleEndianBytes([Float16(value).bitPattern])
        case .bfloat16: bytes = littleEndianBytes([UInt16(truncatingIfNeeded: Float(value).bitPattern >> 16)])
        case .int64: bytes = littleEndianBytes([Int64(saturating: value)])
        case .int32: bytes = littleEndianBytes([Int32(clamping: Int64(saturating: value))])
        default:
            self.init(float32: [Float(value)], shape: [])
            return
        }
        self.init(elementType, shape: [], payload: .bytes(bytes))
    }
}

extension Int64 {
    /// The nearest integer, toward zero; 0 for what is not a number.
    fileprivate init(saturating value: Double) {
        self = Int64(exactly: value.rounded(.towardZero)) ?? (value.isNaN ? 0 : value < 0 ? .min : .max)
    }
}
