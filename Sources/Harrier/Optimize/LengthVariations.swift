import IR

/// Other lengths of dimensions: all different ones first, then such that dimensions of equal length keep that, as two names of one length must.
struct LengthVariations {
    private let lengths: [String: Int]
    /// By how much which dimension varies, each way of varying them.
    private let places: [[String: Int]]

    private static let factors = [3, 5, 7, 11, 13]
    /// Longer dimensions grow less, as what is computed from lengths may be as large as their square.
    private static let (long, smallFactors) = (64, [2, 3, 5])
    private static let steps = [2, 4, 8, 16, 32]

    /// The variations of some lengths, by the dimensions' names.
    init(of lengths: [String: Int]) {
        self.lengths = lengths
        let known = Set(lengths.values).sorted()
        let each = Dictionary(uniqueKeysWithValues: lengths.keys.sorted().enumerated().map { ($1, $0) })
        let alike = lengths.compactMapValues { known.firstIndex(of: $0) }
        places = each == alike ? [each] : [each, alike]
    }

    /// Lengths to find out from how a graph depends on them: a little more, which operators that divide a length do not always take, and
    /// multiples, which windows do not always take.
    var choices: [[String: Int]] {
        places.flatMap { places in
            [choice(places) { $1 + 1 + $0 }]
                + Self.factors.indices.map { round in
                    choice(places) { place, length in
                        let factors = length > Self.long ? Self.smallFactors : Self.factors
                        return length *| factors[(round + place) % factors.count]
                    }
                } + Self.steps.map { step in choice(places) { $1 + step + $0 } }
        }
    }

    /// Lengths to try what was found at, most of them small.
    var untried: [[String: Int]] { places.map { choice($0) { $1 + 2 + 2 * $0 } } + choices.reversed() }

    /// - Parameter length: takes the place of a dimension, and its length.
    private func choice(_ places: [String: Int], _ length: (Int, Int) -> Int) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: lengths.map { ($0, length(places[$0] ?? 0, $1)) })
    }
}
