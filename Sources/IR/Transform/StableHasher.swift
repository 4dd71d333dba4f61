/// Hashes to 64 bits that are the same in every run and on every machine, unlike those of Swift's `Hasher`. Not for
/// adversaries: whoever wants two inputs of one hash finds them.
package struct StableHasher {
    /// The hash of what was combined so far.
    package private(set) var value: UInt64

    /// A hasher for things of one kind; the same content of another kind hashes differently.
    package init(_ kind: StaticString) {
        value = 0x9e37_79b9_7f4a_7c15
        kind.withUTF8Buffer { combine(UnsafeRawBufferPointer($0)) }
    }

    /// Adds a word. The step is the folded 128-bit product that wyhash is made of.
    package mutating func combine(_ word: UInt64) {
        let product = (value ^ word ^ 0xa076_1d64_78bd_642f).multipliedFullWidth(by: 0xe703_7ed1_a0b4_28db)
        value = product.high ^ product.low &+ (value << 23 | value >> 41)
    }

    /// Adds a number.
    package mutating func combine(_ number: Int) { combine(UInt64(bitPattern: Int64(number))) }

    /// Adds a text and its length.
    package mutating func combine(_ text: String) {
        var copy = text
        copy.withUTF8 { combine(UnsafeRawBufferPointer($0)) }
    }

    /// Adds bytes and their number.
    package mutating func combine(_ bytes: [UInt8]) { bytes.withUnsafeBytes { combine($0) } }

    /// Adds bytes and their number.
    package mutating func combine(_ bytes: UnsafeRawBufferPointer) {
        combine(bytes.count)
        var offset = 0
        while offset + 8 <= bytes.count {
            combine(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < bytes.count {
            rest = rest << 8 | UInt64(bytes[offset])
            offset += 1
        }
        combine(rest)
    }

    /// Adds elements and their number, each as the closure says.
    package mutating func combine<Element>(_ elements: [Element], _ add: (inout StableHasher, Element) -> Void) {
        combine(elements.count)
        for element in elements { add(&self, element) }
    }
}
