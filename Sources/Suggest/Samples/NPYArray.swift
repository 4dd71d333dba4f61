import Evaluate
import Foundation
import IR

/// NumPy's array files: the format of `numpy.lib.format`, versions 1 to 3, numbers in little-endian C order.
enum NPYArray {
    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// The array in a file's bytes.
    ///
    /// - Throws: ``HarrierError`` if they are no such file, or hold elements that are no numbers.
    static func read(_ bytes: [UInt8]) throws -> NumericArray {
        guard bytes.count >= 10, bytes.starts(with: magic) else { throw HarrierError("is no NumPy array file (.npy)") }
        let isLong = bytes[6] >= 2
        let start = isLong ? 12 : 10
        guard bytes.count >= start else { throw HarrierError("ends within its header") }
        let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count - start >= length else { throw HarrierError("ends within its header") }
        let header = try NPYHeader(String(decoding: bytes[start..<(start + length)], as: UTF8.self))
        return try array(header, bytes[(start + length)...])
    }

    private static func array(_ header: NPYHeader, _ data: ArraySlice<UInt8>) throws -> NumericArray {
        var count = 1
        for length in header.shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: length)
            guard !overflow, product <= NumericArray.maximumCount else {
                throw HarrierError("an array of shape \(header.shape) is too large")
            }
            count = product
        }
        guard data.count == count * header.type.width else {
            throw HarrierError(
                "\(data.count) bytes are no array of shape \(header.shape) with \(header.type.width) bytes an element")
        }
        return try data.withUnsafeBytes { buffer in
            func numbers<Number>(_: Number.Type) -> [Number] {
                (0..<count).map {
                    buffer.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Number>.size, as: Number.self)
                }
            }
            let storage: NumericArray.Storage
            switch header.type.element {
            case .float64: storage = .doubles(numbers(Double.self))
            case .float32: storage = .doubles(numbers(Float.self).map(Double.init))
            case .int64: storage = .integers(numbers(Int64.self))
            case .uint64: storage = .integers(numbers(UInt64.self).map(Int64.init(bitPattern:)))
            case .int32: storage = .integers(numbers(Int32.self).map(Int64.init))
            case .uint32: storage = .integers(numbers(UInt32.self).map(Int64.init))
            case .int16: storage = .integers(numbers(Int16.self).map(Int64.init))
            case .uint16: storage = .integers(numbers(UInt16.self).map(Int64.init))
            case .int8: storage = .integers(numbers(Int8.self).map(Int64.init))
            default: storage = .integers(numbers(UInt8.self).map(Int64.init))
            }
            return try NumericArray(header.type.element, shape: header.shape, storage: storage)
        }
    }

    /// A file of an array: floating-point numbers in 32 bits (64 if that is their type), integers as they are.
    ///
    /// - Throws: ``HarrierError`` for elements that are no numbers.
    static func write(_ array: NumericArray) throws -> [UInt8] {
        let isWide = array.elementType == .float64
        let isFloating = array.elementType.isFloatingPoint
        let shape = array.shape.map { "\($0)," }.joined(separator: " ")
        var header =
            "{'descr': '\(isFloating ? isWide ? "<f8" : "<f4" : "<i8")', 'fortran_order': False, 'shape': (\(shape)), }"
        // The data begins at a multiple of 64.
        header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
        let length = header.utf8.count
        var bytes = magic + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + Array(header.utf8)
        func append<Number>(_ number: Number) { withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) } }
        if isWide {
            for number in try array.doubles() { append(number.bitPattern.littleEndian) }
        } else if isFloating {
            for number in try array.doubles() { append(Float(number).bitPattern.littleEndian) }
        } else {
            for number in try array.integers() { append(number.littleEndian) }
        }
        return bytes
    }
}
