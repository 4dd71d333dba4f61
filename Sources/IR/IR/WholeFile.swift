#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that appears whole or not at all: it is written beside its place and renamed when it is complete.
///
/// A path that leads to something else than a regular file (a pipe, `/dev/stdout`) is written directly.
package struct WholeFile: ~Copyable {
    private let path: String
    private let descriptor: Int32
    private var pending: [UInt8] = []
    private static let bufferSize = 1 << 16

    /// Writes a file of these bytes.
    ///
    /// - Throws: ``HarrierError`` if it cannot be written. The file that was there, if any, is then unchanged.
    package static func write(_ bytes: some Collection<UInt8>, to path: String) throws {
        try write(to: path) { try $0.append(bytes) }
    }

    /// Writes a file of what the body appends.
    ///
    /// - Throws: ``HarrierError`` if it cannot be written, and what the body throws. The file that was there, if
    ///   any, is then unchanged.
    package static func write(to path: String, _ body: (inout WholeFile) throws -> Void) throws {
        var status = stat()
        let exists = stat(path, &status) == 0
        if exists && status.st_mode & S_IFMT == S_IFDIR {
            throw HarrierError("is a directory, so no file can be written there", file: path)
        }
        if exists && status.st_mode & S_IFMT != S_IFREG {
            return try write(through: path, named: path, flags: O_WRONLY, body)
        }
        let target = exists ? resolved(path) : path
        let temporary = "\(target).\(getpid()).part"
        do {
            let mode = exists ? status.st_mode & 0o777 : 0o666
            try write(through: temporary, named: path, flags: O_WRONLY | O_CREAT | O_TRUNC, mode: mode, body)
            guard rename(temporary, target) == 0 else { throw failure(path) }
        } catch {
            unlink(temporary)
            throw error
        }
    }

    /// Appends bytes.
    package mutating func append(_ bytes: some Collection<UInt8>) throws {
        if bytes.count < Self.bufferSize {
            pending.append(contentsOf: bytes)
            if pending.count >= Self.bufferSize { try flush() }
            return
        }
        try flush()
        let done: Void? = try bytes.withContiguousStorageIfAvailable { try writeAll(UnsafeRawBufferPointer($0)) }
        if done == nil { try Array(bytes).withUnsafeBytes { try writeAll($0) } }
    }

    private static func write(
        through place: String, named path: String, flags: Int32, mode: mode_t = 0o666,
        _ body: (inout WholeFile) throws -> Void
    ) throws {
        let descriptor = open(place, flags | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure(path) }
        var file = WholeFile(path: path, descriptor: descriptor)
        do {
            try body(&file)
            try file.flush()
            if flags & O_CREAT != 0 && fsync(descriptor) != 0 { throw failure(path) }
        } catch {
            close(descriptor)
            throw error
        }
        // A full disk can show as late as here.
        guard close(descriptor) == 0 else { throw failure(path) }
    }

    private mutating func flush() throws {
        try pending.withUnsafeBytes { try writeAll($0) }
        pending.removeAll(keepingCapacity: true)
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) throws {
        var done = 0
        while let base = bytes.baseAddress, done < bytes.count {
            #if canImport(Darwin)
                let count = Darwin.write(descriptor, base + done, bytes.count - done)
            #elseif canImport(Musl)
                let count = Musl.write(descriptor, base + done, bytes.count - done)
            #else
                let count = Glibc.write(descriptor, base + done, bytes.count - done)
            #endif
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw Self.failure(path) }
            done += count
        }
    }

    private static func failure(_ path: String) -> HarrierError {
        HarrierError("cannot be written: \(String(cString: strerror(errno)))", file: path)
    }

    /// Where a path leads in the end, so that renaming replaces the file and not a link to it.
    private static func resolved(_ path: String) -> String {
        guard let found = realpath(path, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
    }
}
