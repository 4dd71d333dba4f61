import Foundation
import Harrier
import Synchronization

/// One line on the terminal that tells what a long work is at, for how long, and how long it may still take. Nothing is
/// shown in the first second, nor where nobody looks (standard error is no terminal).
final class Progress: Sendable {
    private struct State {
        var text: String
        var estimate = ProgressEstimate()
        var isShown = false
        var isFinished = false
    }

    private let state: Mutex<State>
    private let start = ContinuousClock.now

    private init(_ text: String) { state = Mutex(State(text: text)) }

    /// Does some work while the line is shown. The work can change the text.
    ///
    /// - Parameter isShown: whether there is somebody to show the line to.
    static func during<Result>(
        _ text: String, isShown: Bool = Console.errorsAreSeen, _ work: (Progress) throws -> Result
    ) rethrows -> Result {
        let progress = Progress(text)
        guard isShown else { return try work(progress) }
        Thread.detachNewThread {
            Thread.sleep(forTimeInterval: 1)
            while progress.show() { Thread.sleep(forTimeInterval: 0.25) }
        }
        defer { progress.finish() }
        return try work(progress)
    }

    /// Shows what a work tells of itself.
    var handler: ProgressHandler {
        { progress in self.update(progress.text, done: progress.done, of: progress.total) }
    }

    /// Changes the text.
    ///
    /// - Parameters:
    ///   - done: how many parts of the work are done.
    ///   - total: how many parts there are; nil if nobody knows.
    func update(_ text: @autoclosure () -> String, done: Int = 0, of total: Int? = nil) {
        let text = text()
        state.withLock {
            $0.text = text
            if let total { $0.estimate.note(done: done, of: total, at: .now) }
        }
    }

    /// Counts one more part of the work as done, of a known number of parts.
    func advance(of total: Int, _ text: @autoclosure () -> String) {
        let text = text()
        state.withLock {
            $0.text = text
            $0.estimate.note(done: $0.estimate.done + 1, of: total, at: .now)
        }
    }

    /// Shows the line as it is now, unless the work is done.
    private func show() -> Bool {
        state.withLock { state in
            if state.isFinished { return false }
            state.isShown = true
            let now = ContinuousClock.now
            let seconds = (now - start).components.seconds
            let left = state.estimate.text(at: now).map { ", \($0)" } ?? ""
            Self.write("\r\u{1b}[2K\(state.text.printable), \(seconds) s\(left)")
            return true
        }
    }

    private func finish() {
        state.withLock { state in
            state.isFinished = true
            if state.isShown { Self.write("\r\u{1b}[2K") }
        }
    }

    private static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
