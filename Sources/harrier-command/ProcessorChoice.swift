import ArgumentParser
import Foundation
import Harrier

/// A command that runs models, or parts of them, on numbers.
protocol RunsModels: ParsableCommand {}

/// Helps OpenBLAS out where it does not know the processor. It then takes it for one of 2004 and multiplies matrices three times
/// slower than it could; which one it takes it for is decided when the library is loaded, by a variable of the environment.
enum ProcessorChoice {
    private static let variable = "OPENBLAS_CORETYPE"
    /// What OpenBLAS calls the processors that it falls back to.
    private static let fallbacks: Set<String> = ["Prescott", "Core2", "Generic"]

    /// Starts the program again with the variable set, if the command runs models and the processor is newer than OpenBLAS
    /// knows. Does nothing where that is not so, where somebody has set the variable, or where it fails.
    static func restartIfUnknown(_ arguments: [String]) {
        guard HarrierCommand.command(namedBy: arguments).type is any RunsModels.Type, getenv(variable) == nil,
            fallbacks.contains(MatrixKernels.processor), let known = knownProcessor
        else { return }
        setenv(variable, known, 1)
        var pointers = CommandLine.arguments.map { strdup($0) } + [nil]
        execv("/proc/self/exe", &pointers)
        for pointer in pointers { free(pointer) }
    }

    /// A processor that OpenBLAS knows and whose instructions this one has, by what Linux says of it.
    private static var knownProcessor: String? {
        guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("flags") })
        else { return nil }
        let flags = Set(line.split(separator: " "))
        if flags.isSuperset(of: ["avx512f", "avx512dq", "avx512bw", "avx512vl"]) { return "SkylakeX" }
        return flags.isSuperset(of: ["avx2", "fma"]) ? "Haswell" : nil
    }
}
