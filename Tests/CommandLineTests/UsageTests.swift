import TestSupport
import Testing

@Suite("Wrong usage is told from bad input")
struct UsageTests {
    @Test(
        "exit code 2 and the reason",
        arguments: [
            (["nonsense"], "nonsense"),
            (["profile"], "model"),
            (["profile", "MODEL"], "--framework"),
            (["profile", "MODEL", "--framework"], "--framework"),
            (["profile", "MODEL", "--framework", "crypten", "--format", "xml"], "xml"),
            (["profile", "MODEL", "--framework", "crypten", "--parties", "0"], "--parties"),
            (["profile", "MODEL", "--framework", "crypten", "--parties", "two"], "two"),
            (["profile", "MODEL", "--framework", "crypten", "--config", "verbose"], "verbose"),
            (["profile", "MODEL", "--framework", "crypten", "--config", "a=1", "a=2"], "twice"),
            (["profile", "MODEL", "--framework", "crypten", "--dim", "batch=-1"], "batch=-1"),
            (["profile", "MODEL", "--framework", "crypten", "--owner", "x=alice"], "alice"),
            (["profile", "MODEL", "--framework", "crypten", "--private", "x", "--public", "x"], "'x'"),
            (["profile", "MODEL", "--framework", "crypten", "--network", "fast"], "fast"),
            (["profile", "MODEL", "--framework", "crypten", "--depth", "-1"], "--depth"),
            (["profile", "MODEL", "--framework", "crypten", "--unknown"], "--unknown"),
            (["render", "MODEL"], "--output"),
            (["render", "MODEL", "--output", "x.bmp"], "x.bmp"),
            (["render", "MODEL", "--output", "x.svg", "--parties", "3"], "--framework"),
            (["verify", "MODEL"], "second"),
            (["optimize", "MODEL", "--framework", "crypten", "--budget", "0"], "--budget"),
            (["optimize", "MODEL", "--framework", "crypten", "--budget", "inf"], "--budget"),
            (["verify", "MODEL", "MODEL", "--samples", "0"], "--samples"),
            (["verify", "MODEL", "MODEL", "--tolerance", "-1"], "--tolerance"),
        ])
    func wrong(arguments: [String], reason: String) throws {
        let model = try Fixtures.path("models/minionn.onnx")
        let outcome = try Command.run(arguments.map { $0 == "MODEL" ? model : $0 })
        #expect(outcome.status == 2, "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("harrier: "))
        #expect(outcome.errors.contains(reason), "\(outcome.errors)")
    }

    @Test("help goes to standard output", arguments: [[], ["--help"], ["profile", "--help"], ["help", "verify"]])
    func help(arguments: [String]) throws {
        let outcome = try Command.run(arguments)
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        #expect(outcome.output.contains("USAGE: harrier"))
    }

    @Test(
        "several values of one option, before or after the model",
        arguments: [
            ["MODEL", "--config", "provider=TTP", "--config", "functions.exp_iterations=9"],
            ["MODEL", "--config", "provider=TTP", "functions.exp_iterations=9"],
            ["--config", "provider=TTP", "functions.exp_iterations=9", "MODEL"],
            ["--config", "provider=TTP", "MODEL", "--config", "functions.exp_iterations=9"],
        ])
    func severalValues(arguments: [String]) throws {
        let model = try Fixtures.path("models/minionn.onnx")
        let profile = try Command.json(
            ProfileJSON.self,
            ["profile"] + arguments.map { $0 == "MODEL" ? model : $0 } + ["--framework", "crypten", "--format", "json"])
        #expect(profile.config["provider"] == "TTP")
        #expect(profile.config["functions.exp_iterations"] == "9")
    }
}
