/// The secure functions of a framework, by the names that they have in call trees. A call is made by a case of the enumeration, so
/// that a name is said once, and all that can be called is known without pricing anything: it is what a user's file may price.
package protocol FunctionVocabulary: RawRepresentable<String>, CaseIterable, Hashable, Sendable {}

extension FunctionVocabulary {
    /// The names of some functions.
    package static func names(_ functions: some Sequence<Self>) -> Set<String> { Set(functions.map(\.rawValue)) }

    /// The names of all functions.
    package static var names: Set<String> { names(allCases) }
}

extension Call {
    /// A primitive, which sends by itself.
    package init(_ function: some FunctionVocabulary, cost: Cost, count: Int = 1, sizes: Sizes) {
        self.init(function.rawValue, cost: cost, count: count, sizes: sizes)
    }

    /// A function that costs what it calls.
    package init(_ function: some FunctionVocabulary, count: Int = 1, sizes: Sizes, _ children: [Call]) {
        self.init(function.rawValue, count: count, sizes: sizes, children)
    }

    /// The same call as one of another function.
    package func renamed(_ function: some FunctionVocabulary) -> Call { renamed(function.rawValue) }
}
