#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension FileSlice {
    /// The bytes of the slice.
    ///
    /// - Throws: ``HarrierError`` if the file cannot be opened or is shorter than the slice.
    public func read() throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else {
            throw HarrierError("cannot be read", file: path)
        }
        defer { close(descriptor) }
        guard let size = try? fileSize(descriptor), offset >= 0, count >= 0, offset <= size,
            count <= size - offset
        else {
            throw HarrierError("has no \(count) bytes at offset \(offset)", file: path)
        }
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(
                    descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset + filled))
                guard got > 0 else { throw HarrierError("ends before its last byte", file: path) }
                filled += got
            }
        }
    }

    private func fileSize(_ descriptor: Int32) throws -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw HarrierError("cannot be read", file: path) }
        return Int(status.st_size)
    }
}
