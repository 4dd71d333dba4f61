#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The folder that a file is in, ending in "/"; "" for the current one.
package func folderPath(of path: String) -> String {
    String(path[..<(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)])
}

/// The size of a regular file in bytes.
///
/// - Throws: ``HarrierError`` if it does not exist or is something else.
package func regularFileSize(_ path: String) throws -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else { throw HarrierError("cannot be read: \(lastSystemError())", file: path) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return Int(status.st_size)
    case S_IFDIR: throw HarrierError("is a directory", file: path)
    default: throw HarrierError("is not a regular file", file: path)
    }
}

/// Whether something of that name exists.
package func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// What the C library says of the last call that failed.
package func lastSystemError() -> String { String(cString: strerror(errno)) }
