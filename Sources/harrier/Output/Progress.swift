import Foundation
import Synchronization

/// One line on the terminal that tells what a long work is at, and for how long. Nothing is shown in the first
/// second, nor where nobody looks (standard error is no terminal).
final class Progress: Sendable {
    private struct State {
        var text: String
        var isShown = false
        var isFinished = false
    }

    private let state: Mutex<State>
    private let start = ContinuousClock.now

    private init(_ text: String) { state = Mutex(State(text: text)) }

    /// Does some work while the line is shown. The work can change the text.
    static func during<Result>(_ text: String, _ work: (Progress) throws -> Result) rethrows -> Result {
        let progress = Progress(text)
        guard Console.errorsAreSeen else { return try work(progress) }
        Thread.detachNewThread {
            Thread.sleep(forTimeInterval: 1)
            while progress.show() { Thread.sleep(forTimeInterval: 0.25) }
        }
        defer { progress.finish() }
        return try work(progress)
    }

    /// Changes the text.
    func update(_ text: @autoclosure () -> String) {
        guard Console.errorsAreSeen else { return }
        let text = text()
        state.withLock { $0.text = text }
    }

    /// Shows the line as it is now, unless the work is done.
    private func show() -> Bool {
        state.withLock { state in
            if state.isFinished { return false }
            state.isShown = true
            let seconds = (ContinuousClock.now - start).components.seconds
            Self.write("\r\u{1b}[2K\(state.text), \(seconds) s")
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
