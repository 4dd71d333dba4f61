extension Model {
    /// What would have a price if everybody knew some integer inputs.
    public struct PublicOffer: Sendable {
        /// The inputs.
        public let inputs: [String]
        /// How many nodes more would have a price.
        public let priced: Int
    }

    /// The integer inputs without which nodes have no price as long as they are secret: what decides between branches, such as a sampling
    /// rate, and places in tables. Nil if it would help to know none of them.
    ///
    /// - Parameters:
    ///   - profile: what the model costs as it is.
    ///   - visibility: who knows single inputs and initializers, as for ``profile(under:visibility:)``.
    /// - Throws: an error if a name is that of no input and no initializer.
    /// - Complexity: a profile for each such input, and two.
    public func publicOffer(
        beside profile: Profile, under framework: any Framework, visibility: [String: Visibility] = [:]
    ) throws(HarrierError) -> PublicOffer? {
        if profile.unpriced.isEmpty { return nil }
        var needed = graph.inputs.map { graph[$0] }.filter {
            guard let type = $0.type?.elementType else { return false }
            return (type.isInteger || type == .bool) && visibility[$0.name] == nil
        }.map(\.name)
        func unpriced(knowing names: [String]) throws(HarrierError) -> Int {
            let known = Dictionary(names.map { ($0, Visibility.public) }) { one, _ in one }
            return try self.profile(under: framework, visibility: visibility.merging(known) { _, own in own }).unpriced
                .count
        }
        let fewest = try unpriced(knowing: needed)
        guard fewest < profile.unpriced.count else { return nil }
        for name in needed {
            let rest = needed.filter { $0 != name }
            if try unpriced(knowing: rest) == fewest { needed = rest }
        }
        return PublicOffer(inputs: needed, priced: profile.unpriced.count - fewest)
    }
}
