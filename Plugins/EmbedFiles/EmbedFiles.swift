import Foundation
import PackagePlugin

/// Puts data files of the package into the program, so that a moved binary still has them.
@main
struct EmbedFiles: BuildToolPlugin {
    /// The folder whose YAML files a target gets, by the target's name.
    private static let folders = ["Rewrite": "Passes", "Profiler": "Frameworks"]

    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        guard let folder = Self.folders[target.name] else { return [] }
        let root = context.package.directoryURL.appending(path: folder)
        let files = (FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.allObjects ?? [])
            .compactMap { $0 as? URL }.filter { $0.pathExtension == "yaml" }.sorted { $0.path < $1.path }
        let output = context.pluginWorkDirectoryURL.appending(path: "Embedded\(folder).swift")
        return [
            .buildCommand(
                displayName: "Embedding \(files.count) files of \(folder)",
                executable: try context.tool(named: "embed-files").url,
                arguments: [output.path, folder] + files.map(\.path), inputFiles: files, outputFiles: [output])
        ]
    }
}
