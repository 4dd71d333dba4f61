import CLibzip
import Evaluate
import Foundation
import IR

/// NumPy's archives of arrays: a ZIP file with a member `NAME.npy` for each array, stored or deflated.
enum NPZArchive {
    /// The largest member that is read, so that a wrong size in a file asks for no absurd memory.
    private static let largestMember = 1 << 32

    /// The arrays by name.
    ///
    /// - Throws: ``HarrierError`` if the file cannot be read, is no archive, or has a member that is no array.
    static func read(_ path: String) throws -> [String: NumericArray] {
        var code: Int32 = 0
        guard let archive = zip_open(path, ZIP_RDONLY, &code) else { throw failure(code, path) }
        defer { zip_discard(archive) }
        var result: [String: NumericArray] = [:]
        for index in 0..<zip_uint64_t(max(0, zip_get_num_entries(archive, 0))) {
            var status = zip_stat_t()
            guard zip_stat_index(archive, index, 0, &status) == 0, let pointer = status.name else { continue }
            let name = String(cString: pointer)
            guard name.hasSuffix(".npy") else { continue }
            do {
                result[String(name.dropLast(4))] = try NPYArray.read(
                    try member(index, size: status.size, of: archive))
            } catch let error as HarrierError { throw error.at("member '\(name)'").inFile(path) }
        }
        guard !result.isEmpty else { throw HarrierError("holds no arrays (members NAME.npy)", file: path) }
        return result
    }

    private static func member(_ index: zip_uint64_t, size: zip_uint64_t, of archive: OpaquePointer) throws -> [UInt8] {
        guard size <= largestMember else { throw HarrierError("is too large to be read: \(size) bytes") }
        guard let file = zip_fopen_index(archive, index, 0) else {
            throw HarrierError("cannot be read: \(String(cString: zip_strerror(archive)))")
        }
        defer { zip_fclose(file) }
        var bytes = [UInt8](repeating: 0, count: Int(size))
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                zip_fread(file, buffer.baseAddress.map { $0 + done }, zip_uint64_t(buffer.count - done))
            }
            guard count > 0 else { throw HarrierError("ends early, or is damaged") }
            done += Int(count)
        }
        return bytes
    }

    /// Writes an archive, which appears whole or not at all.
    ///
    /// - Throws: ``HarrierError`` if it cannot be written.
    static func write(_ arrays: [String: NumericArray], to path: String) throws {
        let temporary = "\(path).\(getpid()).part"
        var code: Int32 = 0
        guard let archive = zip_open(temporary, ZIP_CREATE | ZIP_TRUNCATE, &code) else { throw failure(code, path) }
        // The library reads the members when the archive is closed.
        let members = try arrays.sorted { $0.key < $1.key }.map { (name: $0.key, bytes: try NPYArray.write($0.value)) }
        var buffers: [UnsafeMutableRawBufferPointer] = []
        defer { for buffer in buffers { buffer.deallocate() } }
        for member in members {
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: member.bytes.count, alignment: 8)
            buffer.copyBytes(from: member.bytes)
            buffers.append(buffer)
            guard let source = zip_source_buffer(archive, buffer.baseAddress, zip_uint64_t(buffer.count), 0),
                let place = position(of: source, named: member.name + ".npy", in: archive)
            else {
                zip_discard(archive)
                throw HarrierError("cannot be written", file: path)
            }
            // Without the time of day, equal arrays make equal files.
            zip_file_set_mtime(archive, place, 315_532_800, 0)
        }
        guard zip_close(archive) == 0 else {
            let error = HarrierError("cannot be written: \(String(cString: zip_strerror(archive)))", file: path)
            zip_discard(archive)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            unlink(temporary)
            throw HarrierError("cannot be written: \(String(cString: strerror(errno)))", file: path)
        }
    }

    private static func position(of source: OpaquePointer, named name: String, in archive: OpaquePointer)
        -> zip_uint64_t?
    {
        let place = zip_file_add(archive, name, source, zip_flags_t(ZIP_FL_ENC_UTF_8))
        guard place >= 0 else {
            zip_source_free(source)
            return nil
        }
        return zip_uint64_t(place)
    }

    private static func failure(_ code: Int32, _ path: String) -> HarrierError {
        var error = zip_error_t()
        zip_error_init_with_code(&error, code)
        defer { zip_error_fini(&error) }
        return HarrierError(
            "cannot be opened as an archive: \(String(cString: zip_error_strerror(&error)))", file: path)
    }
}
