import Foundation
import Testing

/// The data of a page, read back from its HTML as a browser's scripts would.
struct PageData: Decodable {
    struct Items: Decodable {
        var index: [Int?]
        var name: [Int]
        var op: [Int]
        var scope: [Int]
        var phase: [String?]
        var basis: [String]
        var cost: [[Int]]
        var call: [Int]
    }

    struct Missing: Decodable {
        var name: String
        var op: String
        var reason: String
    }

    struct Run: Decodable {
        var title: String
        var total: [Int]
        var inputOutput: [Int]?
        var setup: [Int]?
        var criticalPathRounds: Int?
        var items: Items
        var missing: [Missing]
    }

    struct Calls: Decodable {
        var name: [Int]
        var count: [Int]
        var cost: [[Int]]
        var children: [[Int]]
    }

    struct Box: Decodable {
        var id: String
        var members: [Int]
        var cost: [Int]?
    }

    struct Level: Decodable {
        var element: String
        var boxes: [Box]
    }

    struct Picture: Decodable {
        var title: String
        var run: Int?
        var levels: [Level]
    }

    struct Rewrite: Decodable {
        var rule: String
        var nodes: [String]
        var saved: [Int]
    }

    struct Variant: Decodable {
        var name: String
        var total: [Int]
        var changes: [String]
        var warnings: [String]
        var picture: Int?
    }

    struct NetworkData: Decodable {
        var name: String
        var bytesPerSecond: Double
        var latency: Double
    }

    var model: String
    var network: NetworkData
    var strings: [String]
    var scopes: [[String]]
    var calls: Calls
    var runs: [Run]
    var pictures: [Picture]
    var rewrites: [Rewrite]
    var variants: [Variant]

    /// Reads what stands between the tags of the page's data.
    init(html: String) throws {
        let start = try #require(html.range(of: "<script type=\"application/json\" id=\"data\">"))
        let end = try #require(html.range(of: "</script>", range: start.upperBound..<html.endIndex))
        self = try JSONDecoder().decode(Self.self, from: Data(html[start.upperBound..<end.lowerBound].utf8))
    }

    /// The names of a run's operators.
    func names(_ run: Int) -> [String] { runs[run].items.name.map { strings[$0] } }
}
