import IR

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Which initializers of a model stay in or go to another file.
struct WeightPlan {
    /// References to other files, by the initializer's name. Those of all others go into the model.
    private(set) var references: [String: ExternalReference] = [:]
    /// Data for the new file beside the model, with the place there.
    private(set) var separate: [(payload: Tensor.Payload, offset: Int)] = []
    /// The path of the new file.
    let separatePath: String

    /// Data in the new file begins at multiples of this, so that it can be mapped and used in place.
    private static let alignment = 64

    /// Plans where the weights of a model go that will be written to that path.
    init(_ graph: Graph, path: String, placement: ONNXWriter.WeightPlacement) {
        separatePath = Self.separatePath(for: path)
        let folder = folderPath(of: path)
        let newLocation = String(separatePath.dropFirst(folder.count))
        var moving: [(name: String, payload: Tensor.Payload)] = []
        var staying: [(name: String, payload: Tensor.Payload, reference: ExternalReference)] = []
        for value in graph.values {
            guard let constant = value.constant, constant.form == .initializer else { continue }
            let tensor = constant.tensor
            if placement == .automatic, let reference = tensor.external, case .file(let slice) = tensor.payload,
                Self.isSameFile(folder + reference.location, slice.path)
            {
                staying.append((value.name, tensor.payload, reference))
            } else if tensor.payload.byteCount > WeightCutter.largestKept {
                moving.append((value.name, tensor.payload))
            }
        }
        let total = moving.reduce(0) { $0 + $1.payload.byteCount }
        if placement == .separate || placement == .automatic && total > ONNXWriter.largestEmbedded {
            // The new file may replace one that weights stay in: those move along.
            moving += staying.filter { $0.reference.location == newLocation }.map { ($0.name, $0.payload) }
            staying.removeAll { $0.reference.location == newLocation }
            place(moving, in: newLocation)
        }
        for (name, _, reference) in staying { references[name] = reference }
    }

    private mutating func place(_ weights: [(name: String, payload: Tensor.Payload)], in location: String) {
        var offset = 0
        for (name, payload) in weights {
            references[name] = ExternalReference(location: location, offset: offset, length: payload.byteCount)
            separate.append((payload, offset))
            offset += (payload.byteCount + Self.alignment - 1) / Self.alignment * Self.alignment
        }
    }

    /// Writes the new file, if there is one.
    func writeSeparate() throws {
        if separate.isEmpty { return }
        try WholeFile.write(to: separatePath) { file in
            var end = 0
            for (payload, offset) in separate {
                try file.append([UInt8](repeating: 0, count: offset - end))
                try file.append(payload)
                end = offset + payload.byteCount
            }
        }
    }

    private static func separatePath(for path: String) -> String {
        let folder = folderPath(of: path)
        let name = path.dropFirst(folder.count)
        let stem = name.lastIndex(of: ".").map { $0 == name.startIndex ? name : name[..<$0] } ?? name
        return folder + stem + ".weights"
    }

    private static func isSameFile(_ one: String, _ two: String) -> Bool {
        guard let first = canonical(one), let second = canonical(two) else { return false }
        return first == second
    }

    /// A path free of links and detours; nil if there is no such file.
    private static func canonical(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
