import IR
import Testing

@Suite struct PhaseTests {
    @Test func nodesSayTheirPhase() {
        let node = Node(op: "Add", inputs: [], outputs: [], metadata: [Phase.key: "backward"])
        #expect(node.phase == .backward)
        #expect(Node(op: "Add", inputs: [], outputs: []).phase == nil)
    }
}
