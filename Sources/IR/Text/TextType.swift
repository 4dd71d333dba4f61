/// A type as the textual syntax writes it, whether Harrier computes with it or only passes it through.
indirect enum TextType {
    case tensor(TensorType)
    case sequence(TextType)
    case map(key: ElementType, value: TextType)
    case optional(TextType)
    case sparse(TensorType)
    case opaque(domain: String, name: String)

    /// Words that start a type and so cannot be untyped names without quotes.
    static func isKeyword(_ word: String) -> Bool {
        ElementType(onnxName: word) != nil || ["seq", "map", "optional", "sparse_tensor", "opaque"].contains(word)
    }

    /// Levels of nesting that are read.
    static let deepest = 16
}

extension TextType {
    /// The serialized `TypeProto`.
    var serialized: [UInt8] {
        switch self {
        case .tensor(let type): Wire.field(1, tensorFields(type))
        case .sequence(let element): Wire.field(4, Wire.field(1, element.serialized))
        case .map(let key, let value): Wire.field(5, Wire.field(1, key.rawValue) + Wire.field(2, value.serialized))
        case .sparse(let type): Wire.field(8, tensorFields(type))
        case .optional(let element): Wire.field(9, Wire.field(1, element.serialized))
        case .opaque(let domain, let name):
            Wire.field(7, Wire.field(1, Array(domain.utf8)) + Wire.field(2, Array(name.utf8)))
        }
    }

    private func tensorFields(_ type: TensorType) -> [UInt8] {
        let shape = type.shape.map { dimensions in
            Wire.field(
                2,
                dimensions.flatMap { dimension in
                    switch dimension {
                    case .known(let length): Wire.field(1, Wire.field(1, length))
                    case .symbol(let name): Wire.field(1, Wire.field(2, Array(name.utf8)))
                    case .unknown: Wire.field(1, [])
                    }
                })
        }
        return Wire.field(1, type.elementType.rawValue) + (shape ?? [])
    }

    /// The type in a serialized `TypeProto`; nil if there is none that the syntax can write.
    init?(serialized bytes: [UInt8]) {
        guard let type = Self.read(bytes[...], depth: 0) else { return nil }
        self = type
    }

    private static func read(_ bytes: ArraySlice<UInt8>, depth: Int) -> TextType? {
        guard depth < deepest, let fields = WireFields(bytes) else { return nil }
        for (number, tag) in [(1, false), (8, true)] {
            guard let content = fields.contents(number).last else { continue }
            guard let type = tensorType(content) else { return nil }
            return tag ? .sparse(type) : .tensor(type)
        }
        if let inner = fields.contents(4).last {
            return WireFields(inner)?.contents(1).last.flatMap { read($0, depth: depth + 1) }.map { .sequence($0) }
        }
        if let inner = fields.contents(9).last {
            return WireFields(inner)?.contents(1).last.flatMap { read($0, depth: depth + 1) }.map { .optional($0) }
        }
        if let inner = fields.contents(5).last, let map = WireFields(inner) {
            guard let key = map.number(1).flatMap(ElementType.init(rawValue:)),
                let value = map.contents(2).last.flatMap({ read($0, depth: depth + 1) })
            else { return nil }
            return .map(key: key, value: value)
        }
        if let inner = fields.contents(7).last, let opaque = WireFields(inner) {
            return .opaque(domain: opaque.text(1) ?? "", name: opaque.text(2) ?? "")
        }
        return nil
    }

    private static func tensorType(_ bytes: ArraySlice<UInt8>) -> TensorType? {
        guard let fields = WireFields(bytes), let element = fields.number(1).flatMap(ElementType.init(rawValue:))
        else { return nil }
        guard let shape = fields.contents(2).last else { return TensorType(element, nil) }
        let dimensions = WireFields(shape)?.contents(1).map { bytes -> Dimension in
            guard let dimension = WireFields(bytes) else { return .unknown }
            return dimension.number(1).map(Dimension.known) ?? dimension.text(2).map(Dimension.symbol) ?? .unknown
        }
        return TensorType(element, dimensions)
    }
}
