import Foundation

/// One line on the terminal that tells what a long work is at. Nothing is shown in the first second, nor where
/// nobody looks (standard error is no terminal).
final class Progress {
    private let isShown = Console.errorsAreSeen
    private let start = ContinuousClock.now
    private var lastUpdate: ContinuousClock.Instant?

    /// Shows the text, at most ten times a second.
    func update(_ text: @autoclosure () -> String) {
        guard isShown else { return }
        let now = ContinuousClock.now
        guard now - start > .seconds(1), lastUpdate.map({ now - $0 > .milliseconds(100) }) ?? true else { return }
        lastUpdate = now
        FileHandle.standardError.write(Data("\r\u{1b}[2K\(text())".utf8))
    }

    /// Takes the line away.
    func finish() {
        if lastUpdate != nil { FileHandle.standardError.write(Data("\r\u{1b}[2K".utf8)) }
        lastUpdate = nil
    }
}
