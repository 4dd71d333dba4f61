import Foundation
import TestSupport

/// The largest difference of an output element for each pair of models, run in onnxruntime on the same random inputs.
func largestErrors(_ pairs: [(String, String)]) throws -> [Double] {
    struct Report: Decodable {
        var maxAbsError: Double
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let output = try Oracle.run(script: "compare_models.py", arguments: pairs.flatMap { [$0.0, $0.1] })
    return try output.split(separator: "\n").map {
        try decoder.decode(Report.self, from: Data($0.utf8)).maxAbsError
    }
}
