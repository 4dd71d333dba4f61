import Pricing
import Testing

@testable import Calibration

@Suite("measured over predicted")
struct CalibrationRatioTests {
    @Test(
        "where nothing was predicted, only nothing agrees",
        arguments: [(0, 0, 1.0), (0, 5, nil), (10, 5, 0.5), (10, 0, 0)] as [(Int, Int, Double?)])
    func ratio(predicted: Int, measured: Int, expected: Double?) {
        let row = CalibrationResult.Row(
            name: "row", op: "", nodes: 1, predicted: Traffic(bytes: predicted),
            measured: MeasuredRun.Counters(bytes: measured), reason: nil)
        #expect(row.ratio == expected)
        #expect(row.excessBytes == measured - predicted)
    }
}
