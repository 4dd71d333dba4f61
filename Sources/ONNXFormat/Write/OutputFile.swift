import Graph

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that appears whole or not at all: written under another name in the same folder, renamed at the end.
struct OutputFile: ~Copyable {
    private let path: String
    private let temporaryPath: String
    private let descriptor: Int32
    private var buffer: [UInt8]
    private var isFinished: Bool
    /// Number of bytes written so far.
    private(set) var count: Int

    private static let bufferSize = 1 << 20

    /// A new file that will be at that path.
    ///
    /// - Throws: ``HarrierError`` if nothing can be written there.
    init(_ path: String) throws {
        if fileExists(path) { _ = try regularFileSize(path) }
        let folder = ONNXFormat.folder(of: path)
        let temporary = folder + ".\(path.dropFirst(folder.count)).\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let opened = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard opened >= 0 else { throw HarrierError("cannot be written: \(lastSystemError())", file: path) }
        self.path = path
        temporaryPath = temporary
        descriptor = opened
        buffer = []
        isFinished = false
        count = 0
    }

    deinit {
        close(descriptor)
        if !isFinished { unlink(temporaryPath) }
    }

    /// Puts the file in its place.
    ///
    /// - Throws: ``HarrierError`` if that fails; then nothing is left behind.
    consuming func finish() throws {
        try flush()
        guard fsync(descriptor) == 0, rename(temporaryPath, path) == 0 else { throw failed() }
        isFinished = true
    }

    /// Writes bytes.
    mutating func write(_ bytes: some Collection<UInt8>) throws {
        if buffer.count + bytes.count > Self.bufferSize { try flush() }
        count += bytes.count
        guard bytes.count <= Self.bufferSize else {
            let whole: Void? = try bytes.withContiguousStorageIfAvailable { try writeNow(UnsafeRawBufferPointer($0)) }
            if whole == nil { try Array(bytes).withUnsafeBytes { try writeNow($0) } }
            return
        }
        buffer += bytes
    }

    /// Writes a tensor's data, copied in parts if it is in a file.
    mutating func write(_ payload: Tensor.Payload) throws {
        switch payload {
        case .bytes(let bytes): try write(bytes)
        case .file(let slice):
            for start in stride(from: 0, to: slice.count, by: Self.bufferSize) {
                let count = min(Self.bufferSize, slice.count - start)
                try write(try FileSlice(path: slice.path, offset: slice.offset + start, count: count).read())
            }
        case .strings, .missing: break
        }
    }

    private mutating func flush() throws {
        try buffer.withUnsafeBytes { try writeNow($0) }
        buffer.removeAll(keepingCapacity: true)
    }

    private func writeNow(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            #if canImport(Glibc)
                let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
            #elseif canImport(Musl)
                let written = Musl.write(descriptor, rest.baseAddress, rest.count)
            #else
                let written = Darwin.write(descriptor, rest.baseAddress, rest.count)
            #endif
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw failed() }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    private func failed() -> HarrierError { HarrierError("cannot be written: \(lastSystemError())", file: path) }
}
