import Foundation
import TestSupport
import Testing

@Suite("Shells complete the command line")
struct CompletionTests {
    @Test(
        "a script for each shell, which knows commands, frameworks and model files", arguments: ["bash", "zsh", "fish"])
    func script(shell: String) throws {
        let script = try Command.output(["--generate-completion-script", shell])
        for word in ["profile", "optimize", "semi2k", "onnxtxt", "framework"] {
            #expect(script.contains(word), "\(word)")
        }
    }

    @Test("bash offers what fits")
    func bash() throws {
        try withTemporaryFolder { folder in
            let script = folder.appendingPathComponent("harrier.bash").path
            _ = try Command.output(["--generate-completion-script", "bash"]).write(
                toFile: script, atomically: true, encoding: .utf8)
            func offers(_ words: String...) throws -> [Substring] {
                let line = words.map { "'\($0)'" }.joined(separator: " ")
                let program = """
                    PATH="$(dirname '\(try Command.path)'):$PATH"; cd '\(folder.path)'; touch a.onnx b.txt
                    source '\(script)'
                    COMP_WORDS=(harrier \(line)); COMP_CWORD=\(words.count); COMP_LINE="${COMP_WORDS[*]}"
                    COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
                    _harrier harrier "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
                    printf '%s\\n' "${COMPREPLY[@]}"
                    """
                let outcome = try Oracle.launch(try Oracle.program("bash"), ["-c", program])
                #expect(outcome.errors.isEmpty, "\(outcome.errors)")
                return outcome.output.split(separator: "\n").map { $0.drop { $0 == " " } }
            }
            #expect(try offers("opt").contains { $0.hasPrefix("optimize") })
            #expect(try offers("profile", "--framework", "sem").contains { $0.hasPrefix("semi2k") })
            let models = try offers("profile", "")
            #expect(models.contains { $0.hasPrefix("a.onnx") } && !models.contains { $0.hasPrefix("b.txt") })
            #expect(
                try offers("profile", "a.onnx", "--framework", "crypten", "--config", "prov").contains {
                    $0.hasPrefix("provider=")
                })
            #expect(
                try offers("passes", "show", "monotone-after").contains { $0.hasPrefix("monotone-after-maxpool") })
        }
    }
}
