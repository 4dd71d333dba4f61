import Foundation
import IR
import TestSupport
import Testing

@Suite("Files that appear whole or not at all")
struct WholeFileTests {
    private struct Interruption: Error {}

    @Test("what is appended arrives in order", arguments: [0, 1, 65_535, 65_536, 300_000])
    func contents(count: Int) throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("file").path
        let chunk = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try WholeFile.write(to: path) { file in
            try file.append([1, 2])
            try file.append(chunk)
            try file.append("end".utf8)
        }
        let expected = [1, 2] + chunk + Array("end".utf8)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(expected))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["file"])
    }

    @Test("an interrupted write leaves the old file and nothing else")
    func interruption() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("file").path
        try WholeFile.write("old".utf8, to: path)
        #expect(throws: Interruption.self) {
            try WholeFile.write(to: path) { file in
                try file.append([UInt8](repeating: 7, count: 100_000))
                throw Interruption()
            }
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["file"])
    }

    @Test("a link stays a link")
    func link() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let target = folder.appendingPathComponent("target").path
        let link = folder.appendingPathComponent("link").path
        try WholeFile.write("old".utf8, to: target)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
        try WholeFile.write("new".utf8, to: link)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "new")
    }

    @Test("a file that is written again keeps its access rights")
    func accessRights() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("file").path
        try WholeFile.write("old".utf8, to: path)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        try WholeFile.write("new".utf8, to: path)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    }

    @Test("what is no file is written to directly, or refused")
    func specialFiles() throws {
        try WholeFile.write("gone".utf8, to: "/dev/null")
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let errors = [folder.path, folder.appendingPathComponent("no/such/folder").path].map { path in
            #expect(throws: HarrierError.self) { try WholeFile.write("x".utf8, to: path) }
        }
        #expect(errors.allSatisfy { $0?.file?.hasPrefix(folder.path) == true })
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
}
