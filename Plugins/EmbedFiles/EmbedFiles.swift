import Foundation
import PackagePlugin

/// Puts data files of the package into the program, so that a moved binary still has them.
@main
struct EmbedFiles: BuildToolPlugin {
    /// The folder whose files a target gets, and their extensions, by the target's name.
    private static let folders = [
        "Rewrite": ("Passes", ["yaml"]), "Frameworks": ("Frameworks", ["yaml"]),
        "Report": ("Sources/Report/Assets", ["css", "js", "mustache"]),
    ]

    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        guard let (folder, extensions) = Self.folders[target.name] else { return [] }
        let root = context.package.directoryURL.appending(path: folder)
        let files = (FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.allObjects ?? [])
            .compactMap { $0 as? URL }.filter { extensions.contains($0.pathExtension) }.sorted { $0.path < $1.path }
        let name = URL(filePath: folder).lastPathComponent
        let output = context.pluginWorkDirectoryURL.appending(path: "Embedded\(name).swift")
        return [
            .buildCommand(
                displayName: "Embedding \(files.count) files of \(name)",
                executable: try context.tool(named: "embed-files").url,
                arguments: [output.path, name] + files.map(\.path), inputFiles: files, outputFiles: [output])
        ]
    }
}
