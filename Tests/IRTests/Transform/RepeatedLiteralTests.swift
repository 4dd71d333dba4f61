import IR
import Testing

/// Literals that a node reads twice.
@Suite struct RepeatedLiteralTests {
    @Test func everyPlaceGetsItsOwn() throws {
        let graph = try model(
            """
            g (float[4,4] x) => (float[4,2] y, float[4,4] z) {
              one = Constant<value_ints = [1]>()
              three = Constant<value_ints = [3]>()
              y = Slice(x, one, three, one, one)
              z = Add(x, x)
            }
            """)
        let separated = graph.separatingRepeatedLiterals()
        let slice = try #require(separated.nodes.first)
        #expect(Set(slice.inputs.compactMap { $0 }).count == 5)
        let numbers = try slice.inputs.dropFirst().compactMap { $0 }.map {
            try separated[$0].constant?.tensor.integers()
        }
        #expect(numbers == [[1], [3], [1], [1]])
        #expect(separated.nodes.last == graph.nodes.last, "a value that is computed is not copied")
    }
}
