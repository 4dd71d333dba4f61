import Foundation
import IR
import Pricing

/// A JSON document of which not everything is known.
indirect enum JSONValue: Hashable, Sendable, Decodable {
    case null
    case bool(Bool)
    case int(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Int.self) {
            self = .int(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else if let value = try? container.decode([String: JSONValue].self) {
            self = .object(value)
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else {
            self = .number(try container.decode(Double.self))
        }
    }

    /// Reads a document.
    ///
    /// - Throws: ``HarrierError`` if it is not JSON.
    init(parsing data: Data) throws {
        do {
            self = try JSONDecoder().decode(JSONValue.self, from: data)
        } catch {
            throw HarrierError(
                "is neither JSON nor a profile log",
                hint: "the formats are described in docs/CALIBRATION.md")
        }
    }

    /// The members of an object; nil for anything else.
    var members: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }

    /// The elements of an array; nil for anything else.
    var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }

    /// A text; nil for anything else.
    var text: String? { if case .string(let text) = self { text } else { nil } }

    /// A whole number; nil for anything else.
    var integer: Int? { if case .int(let value) = self { value } else { nil } }

    /// An array of whole numbers; nil for anything else.
    var integers: [Int]? {
        guard let elements else { return nil }
        let values = elements.compactMap(\.integer)
        return values.count == elements.count ? values : nil
    }
}
