import Foundation
import IR
import Pricing
import Render
import SwiftProtobuf
import Testing

@testable import Render

/// The file for pprof, read back as a message.
@Suite struct PProfTests {
    @Test func everyLeafIsASampleWithFourValues() throws {
        let model = Samples.residual()
        let profile = try #require(model.profile)
        let message = try Harrier_Pprof_Profile(serializedBytes: try profile.pprof())
        func text(_ position: Int64) -> String { message.stringTable[Int(position)] }
        #expect(message.stringTable.first == "")
        #expect(
            message.sampleType.map { text($0.type) } == [
                "online_bytes", "online_rounds", "offline_bytes", "offline_rounds",
            ])
        let sums = (0..<4).map { index in message.sample.reduce(0) { $0 + $1.value[index] } }
        let total = profile.total
        #expect(
            sums
                == [total.online.bytes, total.online.rounds, total.offline.bytes, total.offline.rounds].map(Int64.init))
        // Every stack ends, outermost, in the model, and every place and function exists.
        let functions = Dictionary(uniqueKeysWithValues: message.function.map { ($0.id, text($0.name)) })
        let places = Dictionary(
            uniqueKeysWithValues: message.location.map { ($0.id, functions[$0.line[0].functionID] ?? "?") })
        for sample in message.sample {
            #expect(sample.locationID.last.flatMap { places[$0] } == "sample")
            #expect(sample.locationID.allSatisfy { places[$0] != nil })
        }
    }
}
