import Testing

@testable import harrier_command

@Suite("assignments on the command line")
struct AssignmentTests {
    @Test(
        "the first equals sign parts name and value",
        arguments: [("a=b", "a", "b"), ("a=b=c", "a", "b=c"), ("a==", "a", "=")])
    func parts(argument: String, name: String, value: String) throws {
        let found = try #require(Assignment(argument: argument))
        #expect(found.name == name && found.value == value)
    }

    @Test("neither part is empty", arguments: ["", "=", "a=", "=b", "ab"])
    func refused(argument: String) { #expect(Assignment(argument: argument) == nil) }
}
