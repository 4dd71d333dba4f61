import Foundation
import PackagePlugin

/// Puts the rule files of `Passes/` into the program, so that a moved binary still has its rules.
@main
struct EmbedPasses: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let passes = context.package.directoryURL.appending(path: "Passes")
        let files = (FileManager.default.enumerator(at: passes, includingPropertiesForKeys: nil)?.allObjects ?? [])
            .compactMap { $0 as? URL }.filter { $0.pathExtension == "yaml" }.sorted { $0.path < $1.path }
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedPasses.swift")
        return [
            .buildCommand(
                displayName: "Embedding \(files.count) rules",
                executable: try context.tool(named: "embed-passes").url,
                arguments: [output.path] + files.map(\.path), inputFiles: files, outputFiles: [output])
        ]
    }
}
