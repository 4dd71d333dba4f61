import Harrier

/// The reports for a browser that commands write besides their result.
enum ReportFile {
    /// Writes a page with the command that was given.
    ///
    /// - Throws: ``HarrierError`` if a drawing fails or the file cannot be written.
    static func write(_ page: ReportPage, to path: String) throws {
        var page = page
        page.command = command
        page.notes = page.notes.map(sentence)
        let html = try Progress.during("drawing the report") { _ in try page.html() }
        try WholeFile.write(html.utf8, to: path)
    }

    /// A note as a sentence; on the terminal they are phrases.
    private static func sentence(_ note: String) -> String {
        note.prefix(1).uppercased() + note.dropFirst() + (note.hasSuffix(".") ? "" : ".")
    }

    /// The command as it was given, in a shell's spelling.
    private static var command: String {
        (["harrier"] + CommandLine.arguments.dropFirst()).map { argument in
            let isPlain = !argument.isEmpty && argument.utf8.allSatisfy { plainBytes.contains($0) }
            return isPlain ? argument : "'" + argument.replacing("'", with: "'\\''") + "'"
        }.joined(separator: " ")
    }

    private static let plainBytes = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./,:=+@%".utf8)
}
