import Foundation
import Rewrite
import TestSupport

extension RuleCatalog {
    /// A catalogue with one rule, read from a file of that text in a folder of its own.
    ///
    /// - Parameter name: the rule's name, which is the file's.
    init(rule name: String, _ text: String) throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try text.write(to: folder.appendingPathComponent("\(name).yaml"), atomically: true, encoding: .utf8)
        self.init()
        try load(folder: folder.path)
    }

    /// The text of a rule that takes away a double negation, under those conditions and with those counter-examples.
    static func doubleNegation(conditions: [String], counterexamples: [String]) -> String {
        """
        summary: A double negation is nothing.
        exactness: exact
        level: portable
        saves: Nothing.
        source: Algebra.
        before: |
          before (x) => (z) {
            y = Neg (x)
            z = Neg (y)
          }
        after: |
          after (x) => (x) {
          }
        where:
        \(conditions.map { "  - \($0)" }.joined(separator: "\n"))
        examples:
          - graph: |
              twice (float[N,3] x) => (float[N,3] r) {
                y = Neg (x)
                z = Neg (y)
                r = Relu (z)
              }
            sizes: [{N: 2}]
        counterexamples:
        \(counterexamples.map { "  - graph: |\n      \($0)" }.joined(separator: "\n"))

        """
    }
}
