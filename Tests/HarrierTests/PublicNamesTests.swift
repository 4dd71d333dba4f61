import Foundation
import TestSupport
import Testing

/// Every type that `import Harrier` brings must be one that a program can write out.
@Suite("Names that others see")
struct PublicNamesTests {
    /// The modules that have types of that name at their top level, by name, among all that are not programs.
    private static func publicTypes() throws -> [String: Set<String>] {
        let declaration = /^public (?:final |indirect )*(?:struct|class|enum|protocol|typealias|actor) (?<name>\w+)/
            .anchorsMatchLineEndings()
        let sources = Fixtures.packageRoot.appending(path: "Sources")
        var result: [String: Set<String>] = [:]
        for module in try modules() {
            let folder = sources.appending(path: module)
            let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects ?? []
            for case let file as URL in files where file.pathExtension == "swift" {
                let text = try String(contentsOf: file, encoding: .utf8)
                for match in text.matches(of: declaration) {
                    result[String(match.output.name), default: []].insert(module)
                }
            }
        }
        return result
    }

    private static func modules() throws -> [String] {
        try FileManager.default.contentsOfDirectory(
            atPath: Fixtures.packageRoot.appending(path: "Sources").path
        ).filter { $0.first?.isUppercase ?? false }
    }

    @Test("no two modules export types of one name, and no module has a type's name")
    func names() throws {
        let types = try Self.publicTypes()
        #expect(types["Model"] == ["Harrier"] && types["Graph"] == ["IR"])
        for (name, modules) in types { #expect(modules.count == 1, "\(name): \(modules.sorted())") }
        for module in try Self.modules() { #expect(types[module] == nil, "\(module)") }
    }
}
