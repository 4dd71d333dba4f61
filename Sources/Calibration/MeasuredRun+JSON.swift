import Foundation
import IR
import Pricing

/// Reading of JSON documents. The forms that are understood are described in `docs/CALIBRATION.md`.
extension MeasuredRun {
    init(json text: MeasuredText, _ selection: RunSelection) throws {
        let document = try JSONValue(parsing: text.data)
        if let elements = document.elements {
            // Statistics of each party, or a list of layers.
            if !elements.isEmpty, elements.allSatisfy({ $0.members?["time"] != nil && $0.members?["name"] == nil }) {
                self.init(total: try MeasuredObject(["online_statistics": document]).counters(parties: elements.count))
                return
            }
            try self.init(object: MeasuredObject(["nodes": document]))
            return
        }
        guard let members = document.members else { throw HarrierError("it holds no measurements") }
        if let rows = members["rows"]?.elements {
            let runs = rows.compactMap(\.members)
            // A file of layers may call them rows, too.
            if !runs.contains(where: { $0["model"] != nil }) {
                try self.init(object: MeasuredObject(members.merging(["nodes": .array(rows)]) { $1 }))
                return
            }
            try self.init(object: MeasuredObject(try Self.choose(runs, selection)))
            return
        }
        try self.init(object: MeasuredObject(members))
    }

    /// The run that is meant.
    private static func choose(
        _ runs: [[String: JSONValue]], _ selection: RunSelection
    ) throws -> [String: JSONValue] {
        if let number = selection.number {
            guard runs.indices.contains(number - 1) else {
                throw HarrierError("it holds \(runs.count) runs, there is no run \(number)")
            }
            return runs[number - 1]
        }
        let parties = selection.framework?.parties
        var fitting = runs.enumerated().filter { _, run in
            let model = selection.model.map { run["model"]?.text == $0 } ?? true
            return model && (parties == nil || run["parties"]?.integer ?? parties == parties)
        }
        if fitting.count > 1 {
            fitting = fitting.filter { _, run in
                ["protocol", "provider"].compactMap { run[$0]?.text }.allSatisfy(selection.isNamed)
            }
        }
        guard fitting.count != 1 else { return fitting[0].element }
        let candidates = (fitting.isEmpty ? Array(runs.enumerated()) : fitting).prefix(8).map { index, run in
            let words = ["model", "kind", "protocol", "provider"].compactMap { run[$0]?.text }
            let parties = run["parties"]?.integer.map { ["\($0) parties"] } ?? []
            return "\(index + 1): \((words + parties).joined(separator: " "))"
        }
        throw HarrierError(
            fitting.isEmpty
                ? "it holds \(runs.count) runs, none of which fits the model and the framework"
                : "it holds \(fitting.count) runs of this model",
            hint: "choose one with --run: " + candidates.joined(separator: "; "))
    }

    private init(object: MeasuredObject) throws {
        let parties = try object.integer("parties")
        self.init(model: object.text("model") ?? "", parties: parties)
        let known = ["nodes", "layers", "per_layer"].first { object.members[$0] != nil }
        var isPartial = false
        if let known, let list = object.members[known]?.elements {
            for (index, element) in list.enumerated() {
                guard let members = element.members else {
                    throw HarrierError("entry \(index + 1) of '\(known)' is not an object")
                }
                // A graph knows the forward pass only.
                if let phase = members["phase"]?.text, phase != "forward" {
                    isPartial = true
                    continue
                }
                do {
                    layers.append(try MeasuredObject(members).layer(parties: parties ?? 2))
                } catch let error as HarrierError {
                    throw error.at("entry \(index + 1) of '\(known)'")
                }
            }
        } else if let known, let named = object.members[known]?.members {
            for (name, value) in named.sorted(by: { $0.key < $1.key }) {
                let members = value.members ?? ["online_statistics": value]
                let counters = try MeasuredObject(members).counters(parties: parties ?? 2)
                layers.append(Layer(name: name, counters: counters))
            }
        } else if let known {
            throw HarrierError("its '\(known)' is neither a list nor an object")
        }
        for level in ["hlo", "hal", "mpc"] { kernels += try object.kernels(level) }
        if !isPartial { total = try object.total(parties: parties ?? 2) }
        guard !layers.isEmpty || !kernels.isEmpty || !total.isEmpty else {
            throw HarrierError(
                "it holds no measurements: no 'nodes', 'layers' or 'rows', and no counters",
                hint: "the formats are described in docs/CALIBRATION.md")
        }
    }
}

/// An object of a document with measurements, with the counters that frameworks and people write into it.
struct MeasuredObject {
    let members: [String: JSONValue]

    init(_ members: [String: JSONValue]) { self.members = members }

    func text(_ name: String) -> String? { members[name]?.text }

    func integer(_ name: String) throws -> Int? {
        guard let value = members[name], value != .null else { return nil }
        guard let integer = value.integer, integer >= 0 else {
            throw HarrierError("its '\(name)' is not a whole number from 0 on")
        }
        return integer
    }

    /// A counter of each party; one number stands for all of them.
    private func counters(_ name: String, parties: Int) throws -> [Int]? {
        guard let value = members[name], value != .null else { return nil }
        if value.elements != nil {
            guard let list = value.integers, !list.isEmpty, list.allSatisfy({ $0 >= 0 }) else {
                throw HarrierError("its '\(name)' is not a list of whole numbers from 0 on")
            }
            return list
        }
        return try integer(name).map { Array(repeating: $0, count: max(1, min(parties, 64))) }
    }

    private func sum(_ values: [Int]) -> Int { values.reduce(0, +|) }

    /// What was measured online.
    func counters(parties: Int) throws -> MeasuredRun.Counters {
        if let statistics = members["online_statistics"] { return try self.statistics(statistics) }
        if members["time"] != nil, members["bytes"] != nil, members["rounds"] != nil {
            return try statistics(.object(members))
        }
        if let online = members["online"]?.members { return try MeasuredObject(online).counters(parties: parties) }
        return MeasuredRun.Counters(bytes: try bytes(parties: parties), rounds: try rounds(parties: parties))
    }

    private func bytes(parties: Int) throws -> Int? {
        // What every party sends, without what goes to the provider of correlated randomness.
        if let sent = try counters("sent", parties: parties) ?? counters("handed", parties: parties) {
            let prov = try counters("sent_prov", parties: parties) ?? counters("handed_prov", parties: parties) ?? [0]
            return max(0, sum(sent) - sum(prov))
        }
        if let own = try counters("crypten_bytes", parties: parties) {
            guard own.count == 2 else {
                throw HarrierError(
                    "CrypTen's own counter does not tell what \(own.count) parties send; give 'sent' for each of them")
            }
            let prov = try counters("crypten_bytes_prov", parties: parties) ?? [0]
            return max(0, sum(own) - sum(prov)) / 2
        }
        for name in ["bytes", "bytes_total_all_parties", "bytes_per_party"] {
            // Here one number is the total.
            if let total = members[name], total.integer != nil { return try integer(name) }
            if let each = try counters(name, parties: parties) { return sum(each) }
        }
        return nil
    }

    private func rounds(parties: Int) throws -> Int? {
        if let rounds = try counters("rounds", parties: parties) {
            let prov = try counters("rounds_prov", parties: parties) ?? []
            return rounds.enumerated().map { max(0, $1 - ($0 < prov.count ? prov[$0] : 0)) }.max()
        }
        return try counters("send_actions", parties: parties)?.max()
    }

    /// What `get_communication_stats` of CrypTen returns, of one party or of each. A party counts what it sends and what it
    /// receives; with two parties that is what both send. Party 0 counts what it gets from a third party, too.
    private func statistics(_ value: JSONValue) throws -> MeasuredRun.Counters {
        let parts = value.elements ?? [value]
        let counters = try parts.map { part -> (bytes: Int, rounds: Int) in
            guard let members = part.members, let bytes = try MeasuredObject(members).integer("bytes"),
                let rounds = try MeasuredObject(members).integer("rounds")
            else { throw HarrierError("CrypTen's statistics are objects of 'bytes' and 'rounds'") }
            return (bytes, rounds)
        }
        guard counters.count <= 2 else {
            throw HarrierError(
                "CrypTen's own counters do not tell what \(counters.count) parties send; give 'sent' for each of them")
        }
        return MeasuredRun.Counters(bytes: counters.map(\.bytes).min(), rounds: counters.map(\.rounds).min())
    }

    /// The whole run: its totals, else its forward pass, else the counters beside the layers.
    func total(parties: Int) throws -> MeasuredRun.Counters {
        if let forward = members["phases"]?.members?["forward"]?.members {
            return try MeasuredObject(forward).counters(parties: parties)
        }
        if let totals = members["totals"]?.members ?? members["total"]?.members {
            return try MeasuredObject(totals).counters(parties: parties)
        }
        return try counters(parties: parties)
    }

    /// A layer.
    func layer(parties: Int) throws -> MeasuredRun.Layer {
        let layer = MeasuredRun.Layer(
            name: text("name") ?? "", op: text("op") ?? "", inputs: try operands("inputs"),
            outputs: try operands("outputs"), attributes: attributes, counters: try counters(parties: parties))
        guard !layer.label.isEmpty else { throw HarrierError("it has neither a name nor an operator") }
        guard !layer.counters.isEmpty else { throw HarrierError("it has neither bytes nor rounds") }
        return layer
    }

    /// Shapes, each alone or together with who knows the value.
    private func operands(_ name: String) throws -> [MeasuredRun.Operand] {
        guard let list = members[name]?.elements else { return [] }
        return try list.map { element in
            if let shape = element.integers { return MeasuredRun.Operand(shape: shape) }
            if let pair = element.elements, pair.count == 2, let shape = pair[0].integers {
                return MeasuredRun.Operand(shape: shape, isPublic: pair[1].text == "public")
            }
            throw HarrierError("its '\(name)' are not shapes")
        }
    }

    /// Attributes under ONNX's names; PyTorch's names of those that windows have are understood.
    private var attributes: [String: Attribute] {
        var result: [String: Attribute] = [:]
        for (name, value) in members["attrs"]?.members ?? members["attributes"]?.members ?? [:] {
            switch (name, value) {
            case ("stride", _): result["strides"] = value.integers.map(Attribute.ints)
            case ("dilation", _): result["dilations"] = value.integers.map(Attribute.ints)
            case ("kernel_size", _): result["kernel_shape"] = value.integers.map(Attribute.ints)
            case ("groups", .int(let number)): result["group"] = .int(number)
            case ("padding", _): result["pads"] = value.integers.map { .ints($0 + $0) }
            case (_, .int(let number)): result[name] = .int(number)
            case (_, .number(let number)): result[name] = .float(Float(number))
            case (_, .string(let text)): result[name] = .string(text)
            default: result[name] = value.integers.map(Attribute.ints)
            }
        }
        return result
    }

    /// Kernels of a level: an object from names to a list of calls, bytes, and messages of each party.
    func kernels(_ level: String) throws -> [MeasuredRun.Kernel] {
        guard let named = members[level]?.members else { return [] }
        return try named.sorted { $0.key < $1.key }.map { name, value in
            guard let list = value.elements, list.count >= 2, let calls = list[0].integer, let bytes = list[1].integer,
                calls >= 0, bytes >= 0
            else { throw HarrierError("it is not a list of calls and bytes", place: "\(level) '\(name)'") }
            let messages = list.count > 2 ? list[2].integer ?? list[2].integers?.max() : nil
            return MeasuredRun.Kernel(
                level: level.uppercased(), name: name, calls: calls,
                counters: MeasuredRun.Counters(bytes: bytes, rounds: messages))
        }
    }
}
