import ArgumentParser
import Foundation
import Harrier

/// The program's end results, as scripts see them.
enum ExitStatus {
    /// Done.
    static let done: Int32 = 0
    /// Bad input, or a check that failed.
    static let failed: Int32 = 1
    /// Wrong usage.
    static let usage: Int32 = 2
}

@main
enum Main {
    static func main() {
        // A reader that goes away early (`| head`) shows as an error of write(2), which ends the program quietly.
        signal(SIGPIPE, SIG_IGN)
        ProcessorChoice.restartIfUnknown(Array(CommandLine.arguments.dropFirst()))
        exit(run(Array(CommandLine.arguments.dropFirst())))
    }

    private static func run(_ arguments: [String]) -> Int32 {
        var command: any ParsableCommand
        do {
            command = try HarrierCommand.parseAsRoot(try ArgumentExpansion.expand(arguments))
        } catch {
            return finish(parsingError: error)
        }
        do {
            try command.run()
            return ExitStatus.done
        } catch let error as HarrierError {
            return fail(error.description)
        } catch let status as ExitCode {
            return status.rawValue
        } catch is ReaderGone {
            return ExitStatus.done
        } catch {
            // What is left is a request for help, which the parser throws from `run`, or an error of the system.
            guard HarrierCommand.exitCode(for: error) == .success else { return fail(String(describing: error)) }
            return finish(parsingError: error)
        }
    }

    /// Prints what the parser has to say: help to standard output, complaints to standard error.
    private static func finish(parsingError error: any Error) -> Int32 {
        let message = HarrierCommand.fullMessage(for: error)
        if HarrierCommand.exitCode(for: error) == .success {
            print(message)
            return ExitStatus.done
        }
        let text = message.hasPrefix("Error: ") ? String(message.dropFirst("Error: ".count)) : message
        Console.say("harrier: " + text)
        return ExitStatus.usage
    }

    private static func fail(_ message: String) -> Int32 {
        Console.warn(message)
        return ExitStatus.failed
    }
}

/// The root command.
struct HarrierCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "harrier",
        abstract: "Prices neural networks under secure multi-party computation, and makes them cheaper.",
        discussion: """
            Models are ONNX files (.onnx, or .onnxtxt in ONNX's textual syntax), with or without their weights.

            Examples:
              harrier profile resnet18.onnx --framework crypten
              harrier optimize resnet18.onnx --framework crypten --output new.onnx
              harrier render resnet18.onnx --compare new.onnx --output both.svg

            'harrier --generate-completion-script bash' (zsh, fish) writes what your shell completes words with.

            Exit status: 0 done, 1 bad input or a failed check, 2 wrong usage.
            """,
        version: "0.1.0",
        subcommands: [
            ProfileCommand.self, CompareCommand.self, CalibrateCommand.self, OptimizeCommand.self, SuggestCommand.self,
            ReplayCommand.self, TrainCommand.self, RenderCommand.self, VerifyCommand.self, ExplainCommand.self,
            PassesCommand.self, FrameworksCommand.self,
        ])
}
