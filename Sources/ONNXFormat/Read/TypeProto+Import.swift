import IR
import SwiftProtobuf

extension Value {
    /// Takes over the type that a file states: a tensor's, or any other as the bytes it is written in.
    ///
    /// - Throws: ``HarrierError`` if a length is negative or the tensor is too large.
    mutating func setType(_ proto: TypeProto) throws {
        switch proto.value {
        case .tensorType(let tensor):
            if tensor.elemType == 0 { return }
            guard let elementType = ElementType(rawValue: Int(tensor.elemType)) else { fallthrough }
            type = TensorType(elementType, tensor.hasShape ? tensor.shape.dim.map(Dimension.init) : nil)
            try type?.verify(of: name)
        case .some: foreignType = try proto.serializedBytes()
        case nil: break
        }
    }
}

extension Dimension {
    init(_ proto: TensorShapeProto.Dimension) {
        switch proto.value {
        // Some exporters write -1 for a dimension that is open.
        case .dimValue(let length): self = length == -1 ? .unknown : .known(Int(length))
        case .dimParam(let name): self = name.isEmpty ? .unknown : .symbol(name)
        case nil: self = .unknown
        }
    }
}
