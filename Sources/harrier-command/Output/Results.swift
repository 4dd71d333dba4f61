import Foundation
import Harrier

/// The reader of standard output has gone away (`| head`): nothing failed, there is just nothing left to do.
struct ReaderGone: Error {}

/// Where results go: to a file, or to standard output.
enum Results {
    /// Writes a result.
    ///
    /// - Parameter path: the file; nil or "-" for standard output.
    /// - Throws: ``HarrierError`` if it cannot be written, ``ReaderGone`` if nobody reads it.
    static func write(_ text: String, to path: String?) throws {
        if let path, path != "-" { return try WholeFile.write(text.utf8, to: path) }
        var text = text
        try text.withUTF8 { try writeToStandardOutput(UnsafeRawBufferPointer($0)) }
    }

    /// Writes a document.
    ///
    /// - Parameter path: as ``write(_:to:)-(String,_)`` takes it.
    /// - Throws: as that does.
    static func write(_ document: Data, to path: String?) throws {
        try write(String(decoding: document, as: UTF8.self), to: path)
    }

    private static func writeToStandardOutput(_ bytes: UnsafeRawBufferPointer) throws {
        var done = 0
        while let base = bytes.baseAddress, done < bytes.count {
            let count = Foundation.write(STDOUT_FILENO, base + done, bytes.count - done)
            if count < 0 && errno == EINTR { continue }
            if count < 0 && errno == EPIPE { throw ReaderGone() }
            guard count > 0 else {
                throw HarrierError("standard output cannot be written: \(String(cString: strerror(errno)))")
            }
            done += count
        }
    }
}
