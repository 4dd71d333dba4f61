import Foundation
import IR
import Modules

// Writes the networks of the model zoo as ONNX text, a file each: zoo FOLDER.

guard CommandLine.arguments.count == 2 else {
    FileHandle.standardError.write(Data("usage: zoo FOLDER\n".utf8))
    exit(2)
}
let folder = URL(fileURLWithPath: CommandLine.arguments[1])
do {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for entry in ModelZoo.entries {
        try Data(entry.text().utf8).write(to: folder.appendingPathComponent(entry.name + ".onnxtxt"), options: .atomic)
    }
} catch {
    FileHandle.standardError.write(Data("zoo: \(error)\n".utf8))
    exit(1)
}
