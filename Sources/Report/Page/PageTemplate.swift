import IR
import Mustache

/// The page's template and what goes into it as it is: styles and scripts, which are files of the program.
enum PageTemplate {
    /// Fills in the template.
    ///
    /// - Throws: ``HarrierError`` if the program's own template is broken.
    static func render(_ context: PageContext) throws -> String {
        MustacheContentTypes.register(ScalarHTML(), named: ScalarHTML.name)
        do {
            return try MustacheTemplate(string: asset("page.mustache")).render(context)
        } catch let error as MustacheTemplate.ParserError {
            throw HarrierError("the template of reports is broken: \(error)")
        }
    }

    /// All styles.
    static var style: String { joined(suffix: ".css") }

    /// All scripts, in the order of their names, as one that sees nothing of the outside and leaves nothing there.
    static var script: String { "(() => {\n\"use strict\";\n\(joined(suffix: ".js"))})();\n" }

    private static func joined(suffix: String) -> String {
        EmbeddedAssets.files.filter { $0.name.hasSuffix(suffix) }.map(\.text).joined()
    }

    private static func asset(_ name: String) throws -> String {
        guard let file = EmbeddedAssets.files.first(where: { $0.name == name }) else {
            throw HarrierError("the program lacks its file '\(name)'")
        }
        return file.text
    }
}
