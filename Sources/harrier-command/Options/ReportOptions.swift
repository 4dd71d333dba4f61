import ArgumentParser

/// The report for a browser.
struct ReportOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Also write a report to this file: one HTML page with drawings, charts and tables, for any browser.",
            valueName: "file.html"),
        completion: .file(extensions: ["html"]))
    var report: String?
}
