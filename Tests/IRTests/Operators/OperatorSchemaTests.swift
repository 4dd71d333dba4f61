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
        var first: Int
        var inputs: [Int?]
        var outputs: [Int?]
        var attributes: [String: AttributeSchema]
    }

    private static func schemas(version: Int) throws -> [String: Schema] {
        let text = try Oracle.run(script: "operator_schemas.py", arguments: ["\(version)"])
        return try JSONDecoder().decode([String: Schema].self, from: Data(text.utf8))
    }

    @Test func tableHasAllOperatorsOfONNX() throws {
        let expected = Set(try Self.schemas(version: Graph.opsetVersion).keys.filter { !$0.contains("::") })
        let found = OperatorTable.rows.values
            .filter { $0.opsetVersion == Graph.opsetVersion && $0.name.domain.isEmpty }.map(\.name.type)
        #expect(expected.count > 190)
        #expect(Set(found) == expected)
    }

    @Test(arguments: Set(OperatorTable.rows.values.map(\.opsetVersion)).sorted())
    func aritiesAndAttributesAreONNXs(version: Int) throws {
        let schemas = try Self.schemas(version: version)
        for row in OperatorTable.rows.values
        where row.opsetVersion == version && row.name.domain != Graph.harrierDomain {
            let name = row.name.description
            let schema = try #require(schemas[name], "\(name)")
            #expect([row.inputs.lowerBound, row.inputs.upperBound] == schema.inputs.map { $0 ?? .max }, "\(name)")
            #expect([row.outputs.lowerBound, row.outputs.upperBound] == schema.outputs.map { $0 ?? .max }, "\(name)")
            #expect(row.firstVersion == max(schema.first, OperatorDefinition.oldestVersion), "\(name)")
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
        var conv = Node(op: "Conv", inputs: [], outputs: [])
        #expect(try conv.ints("pads", count: 4) == [0, 0, 0, 0])
        #expect(try conv.ints("strides", count: 3) == [1, 1, 1])
        conv.attributes["strides"] = .ints([])
        #expect(try conv.ints("strides", count: 2) == [1, 1])
        conv.attributes["strides"] = .ints([2])
        #expect(throws: HarrierError.self) { try conv.ints("strides", count: 2) }
        #expect(throws: HarrierError.self) { try conv.ints("kernel_shape", count: 2) }
    }

    @Test func attributesThatANodeLeavesOutHaveTheDefaultsOfTheRow() throws {
        let conv = Node(op: "Conv", inputs: [], outputs: [])
        #expect(try conv.int("group") == 1)
        #expect(try conv.string("auto_pad") == "NOTSET")
        #expect(try conv.optionalInts("kernel_shape") == nil)
        #expect { try conv.ints("kernel_shape") } throws: { error in
            "\(error)".contains("Conv lacks its attribute 'kernel_shape'")
        }
        let leaky = Node(op: "LeakyRelu", inputs: [], outputs: [], attributes: ["alpha": .int(1)])
        #expect { try leaky.float("alpha") } throws: { error in "\(error)".contains("must be of kind float, not int") }
    }
}
