// Measures whole runs of the command: wall time and peak memory, best and median of several runs.
// Usage: measure COMMAND LIST, where each line of LIST is: limit in ms, limit in MB, arguments. Behind the word 'search' the time is what
// the command's JSON report says the search took; comparing the result with the original takes longer than that.
import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// One run of a program: how long it took and how much memory it held at most.
struct Run {
    let milliseconds: Double
    let megabytes: Double
}

/// Runs a program with its output put aside, and waits for it.
///
/// - Parameter isSearch: whether the time is that of the search in its report.
func measure(_ program: String, _ arguments: [String], isSearch: Bool) throws -> Run {
    let output = FileManager.default.temporaryDirectory.appendingPathComponent("measure-\(getpid()).out").path
    defer { try? FileManager.default.removeItem(atPath: output) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }

    let clock = ContinuousClock()
    let start = clock.now
    var child: pid_t = 0
    guard posix_spawn(&child, program, &actions, nil, &words, environ) == 0 else {
        throw MeasureError(description: "cannot run \(program)")
    }
    var status: Int32 = 0
    var usage = rusage()
    wait4(child, &status, 0, &usage)
    guard status == 0 else {
        throw MeasureError(description: "'\(arguments.joined(separator: " "))' failed")
    }
    let elapsed = (clock.now - start) / .milliseconds(1)
    return Run(
        milliseconds: isSearch ? try searchSeconds(in: output) * 1000 : elapsed,
        megabytes: Double(usage.ru_maxrss) * 1024 / 1_000_000)
}

/// What the report of an optimization says that the search took.
func searchSeconds(in path: String) throws -> Double {
    let report = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
    guard let seconds = (report as? [String: Any])?["seconds"] as? Double else {
        throw MeasureError(description: "the report does not say how long the search took")
    }
    return seconds
}

struct MeasureError: Error, CustomStringConvertible {
    let description: String
}

/// The text padded with blanks on the left.
func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}

func report(_ program: String, _ list: String) throws -> Bool {
    var withinLimits = true
    print("best ms  median ms  limit   peak MB  limit   command")
    for line in list.split(separator: "\n") where !line.hasPrefix("#") {
        var words = line.split(separator: " ").map(String.init)
        let isSearch = words.first == "search"
        if isSearch { words.removeFirst() }
        guard words.count > 2, let timeLimit = Double(words[0]), let memoryLimit = Double(words[1]) else {
            throw MeasureError(description: "not a line of limits and arguments: \(line)")
        }
        let isLong = isSearch || timeLimit > 10_000
        let runs = try (0..<(isLong ? 3 : 10))
            .map { _ in try measure(program, Array(words.dropFirst(2)), isSearch: isSearch) }
            .sorted { $0.milliseconds < $1.milliseconds }
        let median = runs[runs.count / 2].milliseconds
        let peak = runs.map(\.megabytes).max() ?? 0
        withinLimits = withinLimits && median <= timeLimit && peak <= memoryLimit
        print(
            right(String(format: "%.1f", runs[0].milliseconds), 7),
            right(String(format: "%.1f", median), 10),
            right(words[0], 6), right(String(format: "%.1f", peak), 9), right(words[1], 6),
            isSearch ? "  search of harrier" : "  harrier",
            words.dropFirst(2).joined(separator: " "))
    }
    return withinLimits
}

do {
    guard CommandLine.arguments.count == 3 else { throw MeasureError(description: "usage: measure COMMAND LIST") }
    let list = try String(contentsOfFile: CommandLine.arguments[2], encoding: .utf8)
    exit(try report(CommandLine.arguments[1], list) ? 0 : 1)
} catch {
    FileHandle.standardError.write(Data("measure: \(error)\n".utf8))
    exit(2)
}
