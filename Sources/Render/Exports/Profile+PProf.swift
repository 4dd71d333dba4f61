import Foundation
import IR
import Pricing
import SwiftProtobuf

extension Profile {
    /// The profile in pprof's format, not compressed: a sample a leaf of the call tree, with online and offline bytes and
    /// rounds as sample types, so that `pprof -sample_index=online_rounds` switches between them and `pprof -base` compares two files.
    ///
    /// - Throws: what SwiftProtobuf throws if the message is too large.
    public func pprof() throws -> Data {
        var writer = PProfWriter(model: model.printable)
        tree.walk { path, tree in
            guard tree.children.isEmpty, tree.cost != .zero else { return }
            writer.add(stack: ([model] + path).map(\.printable), tree.cost)
        }
        return try writer.profile(comment: "\(framework.title) \(framework.version), \(framework.parties) parties")
            .serializedData()
    }
}

/// Numbers texts, functions and places as pprof's format wants them.
private struct PProfWriter {
    private var profile = Harrier_Pprof_Profile()
    private var texts: [String: Int64] = ["": 0]
    private var places: [String: UInt64] = [:]

    /// Readers want every place in a program; the model stands for it.
    private static let mapping: UInt64 = 1

    init(model: String) {
        profile.stringTable = [""]
        for (type, unit) in [
            ("online_bytes", "bytes"), ("online_rounds", "count"), ("offline_bytes", "bytes"),
            ("offline_rounds", "count"),
        ] {
            var valueType = Harrier_Pprof_ValueType()
            valueType.type = text(type)
            valueType.unit = text(unit)
            profile.sampleType.append(valueType)
        }
        profile.defaultSampleType = text("online_bytes")
        var mapping = Harrier_Pprof_Mapping()
        mapping.id = Self.mapping
        mapping.filename = text(model)
        (mapping.hasFunctions_p, mapping.hasFilenames_p, mapping.hasLineNumbers_p, mapping.hasInlineFrames_p) =
            (true, true, true, true)
        profile.mapping = [mapping]
    }

    mutating func add(stack: [String], _ cost: Cost) {
        var sample = Harrier_Pprof_Sample()
        sample.locationID = stack.reversed().map { place($0) }
        sample.value = [cost.online.bytes, cost.online.rounds, cost.offline.bytes, cost.offline.rounds].map {
            Int64(clamping: $0)
        }
        profile.sample.append(sample)
    }

    func profile(comment: String) -> Harrier_Pprof_Profile {
        var writer = self
        writer.profile.comment = [writer.text(comment)]
        return writer.profile
    }

    private mutating func text(_ text: String) -> Int64 {
        if let known = texts[text] { return known }
        let position = Int64(profile.stringTable.count)
        profile.stringTable.append(text)
        texts[text] = position
        return position
    }

    private mutating func place(_ name: String) -> UInt64 {
        if let known = places[name] { return known }
        let number = UInt64(places.count + 1)
        var function = Harrier_Pprof_Function()
        function.id = number
        function.name = text(name)
        function.systemName = function.name
        profile.function.append(function)
        var line = Harrier_Pprof_Line()
        line.functionID = number
        var location = Harrier_Pprof_Location()
        location.id = number
        location.mappingID = Self.mapping
        location.line = [line]
        profile.location.append(location)
        places[name] = number
        return number
    }
}
