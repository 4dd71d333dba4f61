import Autograd
import Evaluate
import IR
import Pricing
import Render
import Report
import Rewrite

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

    /// The page about one model.
    static func page(_ profile: Profile, of graph: Graph, on network: Network) -> ReportPage {
        var page = ReportPage(
            model: profile.model, subject: .profile, network: network, runs: [PricedRun(profile, title: profile.model)])
        page.pictures = [Picture(Drawing.Model(graph, profile), title: profile.model, run: 0)]
        return page
    }

    /// The page about frameworks.
    static func page(_ comparison: Comparison) -> ReportPage {
        ReportPage(
            model: comparison.profiles.first?.model ?? "", subject: .comparison, network: comparison.network,
            runs: comparison.profiles.map { PricedRun($0, title: $0.framework.name) })
    }

    /// The page about training steps.
    static func page(
        _ results: [Trainer.Priced], of subject: TrainingDocument.Subject, on network: Network
    ) -> ReportPage {
        var page = ReportPage(
            model: subject.model,
            subject: .training(loss: subject.loss, optimizer: subject.optimizer, batch: subject.batch),
            network: network,
            runs: results.map { PricedRun($0.profile, title: $0.profile.framework.title) })
        page.notes = results.map { "Gradients under \($0.profile.framework.title): \($0.description)." }
        return page
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
