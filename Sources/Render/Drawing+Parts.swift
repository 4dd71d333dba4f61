import IR
import Pricing

extension Drawing {
    /// One graph of a drawing.
    public struct Panel: Hashable, Sendable {
        /// "before" or "after"; nil in a drawing of one graph, or of a difference.
        public var heading: String?
        /// What is drawn, operators and modules in execution order first.
        public var nodes: [Node]
        /// What connects it.
        public var edges: [Edge]
        /// The module frames around the nodes; the outermost is the graph itself.
        public var root: Cluster
        /// What shares are parts of: the cost of the graph, of a difference that of the graph before; nil without a price.
        public var total: Cost?
        /// How many operators the graph has, folded ones included.
        public var operatorCount: Int
        /// How many of them have no price.
        public var unpricedCount: Int
        /// What is left out of this panel.
        public var notes: [String]
    }

    /// One box of a drawing.
    public struct Node: Hashable, Sendable {
        /// What the box stands for.
        public enum Kind: Hashable, Sendable {
            /// An operator.
            case `operator`
            /// A module, or a run of operators without modules, folded into one box: how many operators of each type.
            case module(operators: [String: Int])
            /// An input of the graph.
            case input
            /// An output of the graph.
            case output
            /// The place where the line from a producer splits to several consumers.
            case junction
        }

        /// Unique in the drawing, and safe in DOT and SVG.
        public var id: String
        /// What it stands for.
        public var kind: Kind
        /// The operators that it stands for, as positions in the graph in execution order; none for inputs, outputs and
        /// junctions.
        public var members: [Int]
        /// In a drawing of a difference, the operators that the graph after has not, as positions in the graph before;
        /// ``members`` are then those of the graph after.
        public var lostMembers: [Int] = []
        /// The operator or module.
        public var title: String
        /// The name inside its module, as the file has it; may be empty.
        public var name: String
        /// The shape of the first output, such as `1×64×56×56`; may be empty.
        public var shape: String
        /// What it costs; nil if it has no price.
        public var cost: Cost?
        /// How many modules alike it stands for; the cost is their sum.
        public var copies: Int
        /// Operands that no line leads to: constants whose opening costs something, and values from far away.
        public var operands: [Operand]
        /// What the other side of a comparison has in its place.
        public var change: Change
        /// Everything about it, whole names included, one fact a line.
        public var tooltip: String
    }

    /// Operands of a box that are named in it instead of drawn as lines.
    public struct Operand: Hashable, Sendable {
        /// The constant's name, or where the value comes from.
        public var title: String
        /// The shape, if it is one value; may be empty.
        public var shape: String
        /// Bytes that opening them costs; nil where there is no price.
        public var bytes: Int?

        /// Operands with the given text and cost.
        public init(title: String, shape: String, bytes: Int?) {
            self.title = title
            self.shape = shape
            self.bytes = bytes
        }
    }

    /// What happened to a node.
    public enum Change: Hashable, Sendable {
        /// It is on both sides.
        case none
        /// Only the side after has it; the rule that made it, if known.
        case added(rule: String?)
        /// Both sides have it, with other attributes, constants or shapes; the rule that changed it, if known.
        case changed(rule: String?)
        /// Only the side before has it.
        case removed
        /// A module with that many new, changed and removed operators.
        case inside(added: Int, changed: Int, removed: Int)

        /// Whether all of it is on the side before only.
        public var isLost: Bool { self == .removed }
    }

    /// One line of a drawing.
    public struct Edge: Hashable, Sendable {
        /// Where it starts: a position in ``Panel/nodes``.
        public var from: Int
        /// Where it ends: a position in ``Panel/nodes``.
        public var to: Int
        /// Bytes that its traffic costs: opening the operand at its end, and, unless it starts at a junction, what
        /// its start sends beyond opening its own operands. Nil where there is no price.
        public var bytes: Int?
        /// Whether both graphs of a difference have it.
        public var change: Change
        /// The values it carries, one a line.
        public var tooltip: String

        /// Which of two graphs has a line.
        public enum Change: Hashable, Sendable {
            /// Both, or there is nothing to compare with.
            case none
            /// Only the graph after.
            case added
            /// Only the graph before.
            case lost
        }
    }

    /// What a whole graph costs.
    public struct Summary: Hashable, Sendable {
        /// "before" or "after"; nil in a drawing of one graph.
        public var heading: String?
        /// How many operators the graph has, folded ones included.
        public var operatorCount: Int
        /// What it costs; nil without a price.
        public var total: Cost?
    }

    /// Modules alike that are drawn once.
    public struct Repeats: Hashable, Sendable {
        /// The name of the last of them, a number.
        public var last: String
        /// How many they are.
        public var count: Int
    }

    /// A frame around the nodes of a module.
    public struct Cluster: Hashable, Sendable {
        /// The module; empty for the graph itself.
        public var scope: Scope
        /// The modules alike that it stands for, such as `layer.0` to `layer.11`; nil for one module.
        public var repetition: Repeats?
        /// What all of it costs, frames inside included; nil without a price. Of a difference, what it costs in the graph after.
        public var cost: Cost?
        /// Of a difference, what the nodes in it cost that only the graph before has; nil if there are none.
        public var lost: Cost?
        /// Positions in ``Panel/nodes`` of what is directly in it.
        public var nodes: [Int]
        /// The frames in it.
        public var children: [Cluster]
    }
}
