extension TextPrinter {
    /// A name as it can stand anywhere: quoted unless it is an identifier that cannot be taken for a type.
    func name(_ name: String) -> String {
        name.isIdentifier && !TextType.isKeyword(name) ? name : name.quoted
    }

    /// The name of an attribute, for which onnx's parser only takes identifiers, keywords among them.
    func attributeName(_ name: String) -> String { name.isIdentifier ? name : name.quoted }

    /// Writes an attribute with its kind.
    mutating func attribute(_ name: String, _ attribute: Attribute) {
        guard name != Attribute.allOthers else { return write("@*") }
        guard let kind = attribute.kind ?? attribute.writableTypes?.kind else { return }
        write("\(attributeName(name)): \(kind.onnxName) = ")
        switch attribute {
        case .int(let value): write("\(value)")
        case .float(let value): write(value.onnxText)
        case .string(let value): write(value.quoted)
        case .tensor(let tensor): self.tensor(tensor)
        case .graph(let graph): body(graph)
        case .ints(let values): list(values) { $0.write("\($1)") }
        case .floats(let values): list(values) { $0.write($1.onnxText) }
        case .strings(let values): list(values) { $0.write($1.quoted) }
        case .tensors(let tensors): list(tensors) { $0.tensor($1) }
        case .graphs(let graphs): list(graphs) { $0.body($1) }
        case .reference(let target, _): write("@" + self.name(target))
        case .opaque:
            let types = attribute.writableTypes?.types ?? []
            if kind == .typeProtos {
                list(types) { $0.write($0.spelling(of: $1)) }
            } else {
                types.forEach { write(spelling(of: $0)) }
            }
        }
    }

    private mutating func list<Element>(_ elements: [Element], _ write: (inout TextPrinter, Element) -> Void) {
        self.write("[")
        separated(elements, write)
        self.write("]")
    }

    /// Writes a tensor without a name. The equals sign keeps a reference to a file apart from a type's dimensions.
    private mutating func tensor(_ tensor: Tensor) {
        write(spelling(of: tensor.type) + " = ")
        data(of: tensor)
    }

    /// The text of a type: without brackets a scalar, with empty ones a tensor of unknown rank.
    func spelling(of type: TensorType) -> String {
        guard let shape = type.shape else { return type.elementType.onnxName + "[]" }
        if shape.isEmpty { return type.elementType.onnxName }
        let dimensions = shape.map { dimension in
            switch dimension {
            case .known(let length): "\(length)"
            case .symbol(let name): name.isIdentifier ? name : name.quoted
            case .unknown: "?"
            }
        }
        return type.elementType.onnxName + "[" + dimensions.joined(separator: ",") + "]"
    }

    /// The text of a type.
    func spelling(of type: TextType) -> String {
        switch type {
        case .tensor(let type): spelling(of: type)
        case .sequence(let element): "seq(\(spelling(of: element)))"
        case .optional(let element): "optional(\(spelling(of: element)))"
        case .map(let key, let value): "map(\(key.onnxName), \(spelling(of: value)))"
        case .sparse(let type): "sparse_tensor(\(spelling(of: type)))"
        case .opaque(let domain, let name): "opaque(\(domain.isEmpty ? "" : domain + ",")\(name))"
        }
    }

    /// Writes a tensor's data in the form that ``TextParser/tensor(_:)`` reads.
    mutating func data(of tensor: Tensor) {
        if let external = tensor.external { return reference(external) }
        switch tensor.payload {
        case .missing(let external): reference(external)
        case .strings(let strings):
            write("{")
            separated(strings) { $0.write($1.quoted) }
            write("}")
        case .bytes, .file:
            guard let bytes = try? tensor.bytes() else {
                if case .file(let slice) = tensor.payload {
                    reference(ExternalReference(location: slice.path, offset: slice.offset, length: slice.count))
                } else {
                    write("...")
                }
                return
            }
            write("{")
            elements(bytes, of: tensor.elementType)
            write("}")
        }
    }

    private mutating func reference(_ external: ExternalReference) {
        write("[\"location\": " + external.location.quoted)
        if let offset = external.offset { write(", \"offset\": \"\(offset)\"") }
        if let length = external.length { write(", \"length\": \"\(length)\"") }
        write("]")
    }

    private mutating func elements(_ bytes: [UInt8], of element: ElementType) {
        switch element {
        case .float32, .complex64: numbers(bytes, UInt32.self) { Float(bitPattern: $0).onnxText }
        case .float64, .complex128: numbers(bytes, UInt64.self) { Double(bitPattern: $0).onnxText }
        case .int64: numbers(bytes, Int64.self) { "\($0)" }
        case .int32: numbers(bytes, Int32.self) { "\($0)" }
        case .int16: numbers(bytes, Int16.self) { "\($0)" }
        case .int8: numbers(bytes, Int8.self) { "\($0)" }
        case .uint64: numbers(bytes, UInt64.self) { "\($0)" }
        case .uint32: numbers(bytes, UInt32.self) { "\($0)" }
        case .uint16, .float16, .bfloat16: numbers(bytes, UInt16.self) { "\($0)" }
        default: numbers(bytes, UInt8.self) { "\($0)" }
        }
    }

    private mutating func numbers<Bits: FixedWidthInteger>(
        _ bytes: [UInt8], _ type: Bits.Type, _ spelling: (Bits) -> String
    ) {
        let width = MemoryLayout<Bits>.size
        bytes.withUnsafeBytes { buffer in
            for offset in stride(from: 0, to: bytes.count - bytes.count % width, by: width) {
                if offset > 0 { write(", ") }
                let bits = buffer.loadUnaligned(fromByteOffset: offset, as: Bits.self)
                write(spelling(Bits(littleEndian: bits)))
            }
        }
    }
}

extension BinaryFloatingPoint where Self: LosslessStringConvertible {
    /// The shortest text that reads back as this number.
    fileprivate var onnxText: String {
        if isNaN { return sign == .minus ? "-nan" : "nan" }
        return description
    }
}

extension Attribute {
    /// Whether the syntax can express this attribute.
    var isWritable: Bool { kind != nil || writableTypes != nil }

    /// The types in an attribute that Harrier does not look into; nil if it holds something else.
    var writableTypes: (kind: Kind, types: [TextType])? {
        guard case .opaque(let bytes) = self, let fields = WireFields(bytes[...]),
            let kind = fields.number(20).flatMap(Kind.init(rawValue:)), kind == .typeProto || kind == .typeProtos
        else { return nil }
        let contents = fields.contents(kind == .typeProto ? 14 : 15)
        let types = contents.compactMap { TextType(serialized: Array($0)) }
        guard types.count == contents.count, kind == .typeProtos || types.count == 1 else { return nil }
        return (kind, types)
    }
}
