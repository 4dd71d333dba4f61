import IR

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Gives a file's bytes to a function by mapping it into memory: only pages that are looked at are read.
///
/// - Throws: ``HarrierError`` if it is no regular file, cannot be read or is empty; what the function throws.
func withMappedFile<Result>(_ path: String, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    let count = try regularFileSize(path)
    guard count > 0 else { throw HarrierError("is empty", file: path) }
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw HarrierError("cannot be opened: \(lastSystemError())", file: path) }
    defer { close(descriptor) }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
        throw HarrierError("cannot be mapped into memory: \(lastSystemError())", file: path)
    }
    defer { munmap(start, count) }
    // The walk jumps from one tensor's header to the next; reading ahead would load weights.
    madvise(start, count, Int32(MADV_RANDOM))
    return try body(UnsafeRawBufferPointer(start: start, count: count))
}

/// Gives back the memory of a part of a mapped file that was skipped: the system may have mapped it in large pages
/// together with what was read beside it. The part can still be read.
func release(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    guard range.count >= 1 << 16, let base = bytes.baseAddress else { return }
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let start = (range.lowerBound + page - 1) / page * page
    let end = range.upperBound / page * page
    madvise(UnsafeMutableRawPointer(mutating: base + start), end - start, Int32(MADV_DONTNEED))
}
