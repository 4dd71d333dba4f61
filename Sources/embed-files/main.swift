// Writes a Swift file with the texts of data files in it: embed-files OUTPUT.swift FOLDER FILE...
import Foundation

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count >= 2 else {
    FileHandle.standardError.write(Data("usage: embed-files OUTPUT.swift FOLDER FILE...\n".utf8))
    exit(2)
}

/// A Swift file with the texts of the files.
func embeddedFiles(_ folder: String, _ paths: [String]) throws -> String {
    var source = """
        /// The files of `\(folder)/`, as they were when the program was built. A family is the folder a file is in; names of
        /// YAML files are without their extension.
        enum Embedded\(folder) {
            static let files: [(family: String, name: String, text: String)] = [

        """
    for path in paths {
        let file = URL(fileURLWithPath: path)
        let text = try String(contentsOf: file, encoding: .utf8)
        let family = file.deletingLastPathComponent().lastPathComponent
        let name =
            file.pathExtension == "yaml" ? file.deletingPathExtension().lastPathComponent : file.lastPathComponent
        source += "        (\"\(family)\", \"\(name)\", \(literal(text))),\n"
    }
    return source + "    ]\n}\n"
}

let files = Array(arguments.dropFirst(2))
let source = try arguments[1] == "Passes" ? embeddedPasses(files) : embeddedFiles(arguments[1], files)
try source.write(toFile: arguments[0], atomically: true, encoding: .utf8)
