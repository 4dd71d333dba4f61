// Writes a Swift file with the texts of rule files in it: embed-passes OUTPUT.swift FILE.yaml...
import Foundation

let arguments = Array(CommandLine.arguments.dropFirst())
guard let output = arguments.first else {
    FileHandle.standardError.write(Data("usage: embed-passes OUTPUT.swift FILE.yaml...\n".utf8))
    exit(2)
}

var source = """
    /// The rule files of `Passes/`, as they were when the program was built.
    enum EmbeddedPasses {
        static let files: [(family: String, name: String, text: String)] = [

    """
for path in arguments.dropFirst() {
    let file = URL(fileURLWithPath: path)
    let text = try String(contentsOf: file, encoding: .utf8)
    let family = file.deletingLastPathComponent().lastPathComponent
    let name = file.deletingPathExtension().lastPathComponent
    source += "        (\"\(family)\", \"\(name)\", ####\"\"\"\n\(text)\n\"\"\"####),\n"
}
source += "    ]\n}\n"
try source.write(toFile: output, atomically: true, encoding: .utf8)
