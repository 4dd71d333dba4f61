import Foundation
import IR
import Pricing

/// The text of a file with measurements.
struct MeasuredText {
    let path: String
    let data: Data
    let lines: [Substring]

    init(readingFile path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw HarrierError("cannot be read", file: path)
        }
        self.path = path
        self.data = data
        let text = String(decoding: data, as: UTF8.self)
        lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    }

    /// Whether it is a log of SPU with a profile in it.
    var isProfileLog: Bool {
        lines.contains { $0.contains("Link details: ") || $0.contains(" profiling: total time ") }
    }

    /// Whether CrypTen's `print_communication_stats` wrote it.
    var isStatistics: Bool { lines.contains { $0.contains("====Communication Stats====") } }
}

extension MeasuredRun {
    /// The last statistics of each party in what CrypTen's `print_communication_stats` wrote
    /// (`crypten/communicator/communicator.py`): lines `Rounds: N` and `Bytes: N` behind whatever the logger writes first.
    init(printedStatistics text: MeasuredText) throws {
        var statistics: (rounds: Int?, bytes: Int?) = (nil, nil)
        for line in text.lines {
            if line.contains("====Communication Stats====") { statistics = (nil, nil) }
            if let rounds = Self.number(in: line, after: ["Rounds: "]) { statistics.rounds = rounds }
            if let bytes = Self.number(in: line, after: ["Bytes: ", "Bytes : "]) { statistics.bytes = bytes }
        }
        guard let rounds = statistics.rounds, let bytes = statistics.bytes else {
            throw HarrierError("CrypTen's statistics lack their rounds or bytes")
        }
        // Two parties: what one sends and receives is what both send.
        self.init(parties: 2, total: Counters(bytes: bytes, rounds: rounds))
    }

    /// The profiles that SPU writes at the end of an execution (`src/libspu/device/api.cc`, `printProfilingData`), one log a
    /// party. Of several executions in a log the last one counts.
    ///
    /// Bytes are summed over the parties; send actions are those of the party that sends most often.
    ///
    /// - Throws: ``HarrierError`` if a log has no complete profile.
    init(profileLogs texts: [MeasuredText]) throws {
        let runs = try texts.map(Self.lastProfile)
        self.init(parties: runs.count)
        var places: [Kernel: Int] = [:]
        for run in runs {
            for kernel in run.kernels {
                let key = Kernel(level: kernel.level, name: kernel.name, counters: Counters())
                if let place = places[key] {
                    kernels[place].counters = Self.joined(kernels[place].counters, kernel.counters)
                } else {
                    places[key] = kernels.count
                    kernels.append(kernel)
                }
            }
            total = Self.joined(total, run.total)
        }
    }

    /// The counters of two parties together.
    private static func joined(_ one: Counters, _ other: Counters) -> Counters {
        Counters(
            bytes: (one.bytes ?? 0) +| (other.bytes ?? 0), rounds: max(one.rounds ?? 0, other.rounds ?? 0))
    }

    private static func lastProfile(_ text: MeasuredText) throws -> MeasuredRun {
        var (run, complete): (MeasuredRun, MeasuredRun?) = (MeasuredRun(), nil)
        var level = ""
        for (index, line) in text.lines.enumerated() {
            if let end = line.range(of: " profiling: total time ") {
                level = String(line[..<end.lowerBound].split(separator: " ").last ?? "")
            } else if let kernel = kernel(line, level) {
                run.kernels.append(kernel)
            } else if let start = line.range(of: "Link details: ") {
                let details = line[start.upperBound...]
                guard let bytes = number(in: details, after: ["total send bytes "]),
                    let actions = number(in: details, after: ["send actions "])
                else {
                    throw HarrierError("its link details are cut off", file: text.path, line: index + 1)
                }
                run.total = Counters(bytes: bytes, rounds: actions)
                complete = run
                (run, level) = (MeasuredRun(), "")
            }
        }
        guard let complete else {
            throw HarrierError(
                "it has no complete profile of SPU: no line 'Link details'", file: text.path,
                hint: "give a JSON document, or one log a party of a run with enable_pphlo_profile, enable_hal_profile")
        }
        return complete
    }

    /// `- NAME, executed N times, duration Ts, send bytes N recv bytes N, send actions N, recv actions N`
    private static func kernel(_ line: Substring, _ level: String) -> Kernel? {
        guard let start = line.range(of: "- "), let end = line.range(of: ", executed "),
            start.upperBound < end.lowerBound,
            let calls = number(in: line[end.lowerBound...], after: [", executed "]),
            let bytes = number(in: line[end.lowerBound...], after: ["send bytes "]),
            let actions = number(in: line[end.lowerBound...], after: ["send actions "])
        else { return nil }
        // The logger's own prefix may hold a dash, too.
        let name = line[start.upperBound..<end.lowerBound].components(separatedBy: "- ").last ?? ""
        return Kernel(level: level, name: name, calls: calls, counters: Counters(bytes: bytes, rounds: actions))
    }

    /// The whole number that stands behind one of these words.
    private static func number(in text: Substring, after words: [String]) -> Int? {
        for word in words {
            guard let start = text.range(of: word) else { continue }
            return Int(text[start.upperBound...].prefix { $0.isASCII && $0.isNumber })
        }
        return nil
    }
}
