// Measures whole runs of the command: wall time and peak memory, best and median of several runs.
// Usage: measure COMMAND LIST, where each line of LIST is: limit in ms, limit in MB, arguments.
import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// One run of a program: how long it took and how much memory it held at most.
struct Run {
    let milliseconds: Double
    let megabytes: Double
}

/// Runs a program with its output thrown away, and waits for it.
func measure(_ program: String, _ arguments: [String]) throws -> Run {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for stream: Int32 in [1, 2] { posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0) }
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
    return Run(
        milliseconds: (clock.now - start) / .milliseconds(1), megabytes: Double(usage.ru_maxrss) * 1024 / 1_000_000)
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
        let words = line.split(separator: " ").map(String.init)
        guard words.count > 2, let timeLimit = Double(words[0]), let memoryLimit = Double(words[1]) else {
            throw MeasureError(description: "not a line of limits and arguments: \(line)")
        }
        let runs = try (0..<10).map { _ in try measure(program, Array(words.dropFirst(2))) }
            .sorted { $0.milliseconds < $1.milliseconds }
        let peak = runs.map(\.megabytes).max() ?? 0
        withinLimits = withinLimits && runs[5].milliseconds <= timeLimit && peak <= memoryLimit
        print(
            right(String(format: "%.1f", runs[0].milliseconds), 7),
            right(String(format: "%.1f", runs[5].milliseconds), 10),
            right(words[0], 6), right(String(format: "%.1f", peak), 9), right(words[1], 6), "  harrier",
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
