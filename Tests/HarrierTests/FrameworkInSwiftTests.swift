import Foundation
import Harrier
import TestSupport
import Testing

// What the article "Writing a framework in Swift" shows, as it stands there.

/// CrypTen with a protocol for Gelu that looks the value up in a shared table: two elements of 64 bits an element, in one round.
struct CrypTenWithTables: Framework {
    let base: any Framework
    let facts: FrameworkFacts

    init() throws {
        base = try FrameworkCatalog.make("crypten")
        var facts = base.facts
        (facts.info.name, facts.info.title, facts.info.version) = ("crypten-tables", "CrypTen with tables", "1")
        facts.secureFunctions.insert("lookup")
        self.facts = facts
    }

    func price(_ site: OperatorSite) throws -> OperatorPrice? {
        guard site.node.op == "Gelu" else { return try base.price(site) }
        guard let count = site.output(0)?.count else { throw Unpriced("the shape of a Gelu must be known") }
        let lookup = Call("lookup", cost: Cost(online: Traffic(bytes: 2 * 8 * count, rounds: 1)))
        return OperatorPrice(Call("Gelu", [lookup]))
    }
}

@Suite("A framework in Swift")
struct FrameworkInSwiftTests {
    @Test("is priced, compared and searched by like those of Harrier")
    func use() throws {
        let graph = try ONNXText.parseModel(
            """
            <ir_version: 8, opset_import: ["" : 20]>
            model (float[2,8] x) => (float[2,8] y) { y = Gelu (x) }
            """)
        let (model, tables) = (Model(try graph.typed()), try CrypTenWithTables())
        #expect(try model.profile(under: tables).total == Cost(online: Traffic(bytes: 256, rounds: 1)))
        #expect(
            try model.compare(under: [FrameworkCatalog.make("crypten"), tables]).profiles[0].framework.name
                == "crypten-tables")
        #expect(try model.optimize(under: tables).after.online.bytes == 256)
    }

    @Test("the article shows this file's framework")
    func article() throws {
        let article = try String(
            contentsOf: Fixtures.packageRoot.appending(path: "Sources/Harrier/Harrier.docc/WritingAFramework.md"),
            encoding: .utf8)
        let shown = article.components(separatedBy: "```swift\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
        let tested = try String(contentsOfFile: #filePath, encoding: .utf8)
        #expect(!shown.isEmpty)
        for block in shown where block.contains("struct ") { #expect(tested.contains(block)) }
    }
}

extension Graph {
    /// The graph with the types of all values.
    func typed() throws -> Graph {
        var result = self
        try result.inferTypes(evaluator: Interpreter())
        return result
    }
}
