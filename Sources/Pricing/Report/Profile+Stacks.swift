import Foundation
import IR

extension Profile {
    /// Online bytes as folded stacks, a line each: `module;module;operator;function;primitive bytes`. The input of
    /// flame graph tools.
    public var foldedStacks: String {
        var lines: [String] = []
        tree.walk { path, tree in
            guard tree.children.isEmpty, tree.cost.online.bytes > 0 else { return }
            let frames = path.map { $0.printable.replacing(";", with: ":") }
            lines.append(frames.joined(separator: ";") + " \(tree.cost.online.bytes)\n")
        }
        return lines.joined()
    }

    /// The profile in the file format of speedscope.app: one profile of online bytes, one of online rounds.
    public func speedscope() throws -> Data {
        var frames: [Speedscope.Frame] = []
        var places: [String: Int] = [:]
        var bytes = Speedscope.Samples(name: "\(model): online bytes", unit: "bytes")
        var rounds = Speedscope.Samples(name: "\(model): online rounds", unit: "none")
        tree.walk { path, tree in
            guard tree.children.isEmpty, tree.cost.online != .zero else { return }
            let stack = path.map { name in
                if let place = places[name] { return place }
                places[name] = frames.count
                frames.append(.init(name: name))
                return frames.count - 1
            }
            bytes.add(stack, tree.cost.online.bytes)
            rounds.add(stack, tree.cost.online.rounds)
        }
        return try JSONOutput.encode(Speedscope(name: model, shared: .init(frames: frames), profiles: [bytes, rounds]))
    }
}

/// The parts of speedscope's file format that Harrier writes.
private struct Speedscope: Encodable {
    struct Frame: Encodable { var name: String }
    struct Shared: Encodable { var frames: [Frame] }

    /// A profile of stacks with weights.
    struct Samples: Encodable {
        var type = "sampled"
        var name: String
        var unit: String
        var startValue = 0
        var endValue = 0
        var samples: [[Int]] = []
        var weights: [Int] = []

        init(name: String, unit: String) {
            self.name = name
            self.unit = unit
        }

        mutating func add(_ stack: [Int], _ weight: Int) {
            guard weight > 0 else { return }
            samples.append(stack)
            weights.append(weight)
            endValue = endValue +| weight
        }
    }

    enum CodingKeys: String, CodingKey {
        case schema = "$schema"
        case exporter, name, shared, profiles
    }

    var schema = "https://www.speedscope.app/file-format-schema.json"
    var exporter = "harrier"
    var name: String
    var shared: Shared
    var profiles: [Samples]

    init(name: String, shared: Shared, profiles: [Samples]) {
        self.name = name
        self.shared = shared
        self.profiles = profiles
    }
}
