import Foundation
import IR
import Testing
import TestSupport

/// The operator table against the schemas in the onnx package.
@Suite struct OperatorSchemaTests {
    private struct Schema: Decodable {
        struct AttributeSchema: Decodable {
            var kind: Int
            var required: Bool
            var `default`: Literal?
        }
        var inputs: [Int?]
        var outputs: [Int?]
        var attributes: [String: AttributeSchema]
    }

    private static func schemas(version: Int) throws -> [String: Schema] {
        let text = try Oracle.run(script: "operator_schemas.py", arguments: ["\(version)"])
        return try JSONDecoder().decode([String: Schema].self, from: Data(text.utf8))
    }

    @Test func tableHasAllOperatorsOfONNX() throws {
        let expected = Set(try Self.schemas(version: Graph.opsetVersion).keys)
        let found = OperatorTable.rows.values
            .filter { $0.opsetVersion == Graph.opsetVersion && $0.name.domain.isEmpty }.map(\.name.type)
        #expect(expected.count > 190)
        #expect(Set(found) == expected)
    }

    @Test(arguments: Set(OperatorTable.rows.values.map(\.opsetVersion)).sorted())
    func aritiesAndAttributesAreONNXs(version: Int) throws {
        let schemas = try Self.schemas(version: version)
        for row in OperatorTable.rows.values where row.opsetVersion == version && row.name.domain.isEmpty {
            let name = row.name.type
            let schema = try #require(schemas[name], "\(name)")
            #expect([row.inputs.lowerBound, row.inputs.upperBound] == schema.inputs.map { $0 ?? .max }, "\(name)")
            #expect([row.outputs.lowerBound, row.outputs.upperBound] == schema.outputs.map { $0 ?? .max }, "\(name)")
            #expect(row.attributes.map(\.name).sorted() == schema.attributes.keys.sorted(), "\(name)")
            for (attributeName, expected) in schema.attributes {
                guard let found = row.attribute(attributeName) else { continue }
                let place: Comment = "\(name).\(attributeName)"
                #expect(found.kind.rawValue == expected.kind, place)
                #expect(found.isRequired == expected.required, place)
                #expect(found.defaultValue == expected.default?.attribute(kind: found.kind), place)
            }
        }
    }

    @Test func listsForEachSpatialAxisHaveDefaults() throws {
        let conv = try #require(OperatorTable["Conv"])
        #expect(conv.attribute("pads")?.defaultValue(spatialRank: 2) == .ints([0, 0, 0, 0]))
        #expect(conv.attribute("strides")?.defaultValue(spatialRank: 3) == .ints([1, 1, 1]))
        #expect(conv.attribute("group")?.defaultValue(spatialRank: 2) == .int(1))
        #expect(conv.attribute("kernel_shape")?.defaultValue(spatialRank: 2) == nil)
    }
}
