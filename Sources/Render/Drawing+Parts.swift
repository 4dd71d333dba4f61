import IR
import Pricing

extension Drawing {
    /// One graph of a drawing.
    package struct Panel: Hashable, Sendable {
        /// "before" or "after"; nil in a drawing of one graph, or of a difference.
        package var heading: String?
        /// What is drawn, operators and modules in execution order first.
        package var nodes: [Node]
        /// What connects it.
        package var edges: [Edge]
        /// The module frames around the nodes; the outermost is the graph itself.
        package var root: Cluster
        /// What shares are parts of: the cost of the graph, of a difference that of the graph before; nil without a price.
        package var total: Cost?
        /// How many operators the graph has, folded ones included.
        package var operatorCount: Int
        /// How many of them have no price.
        package var unpricedCount: Int
        /// What is left out of this panel.
        package var notes: [String]
    }

    /// One box of a drawing.
    package struct Node: Hashable, Sendable {
        /// What the box stands for.
        package enum Kind: Hashable, Sendable {
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
        package var id: String
        /// What it stands for.
        package var kind: Kind
        /// The operators that it stands for, as positions in the graph in execution order; none for inputs, outputs and
        /// junctions.
        package var members: [Int]
        /// In a drawing of a difference, the operators that the graph after has not, as positions in the graph before;
        /// ``members`` are then those of the graph after.
        package var lostMembers: [Int] = []
        /// The operator or module.
        package var title: String
        /// The name inside its module, as the file has it; may be empty.
        package var name: String
        /// The shape of the first output, such as `1×64×56×56`; may be empty.
        package var shape: String
        /// What it costs; nil if it has no price.
        package var cost: Cost?
        /// How many modules alike it stands for; the cost is their sum.
        package var copies: Int
        /// Operands that no line leads to: constants whose opening costs something, and values from far away.
        package var operands: [Operand]
        /// What the other side of a comparison has in its place.
        package var change: Change
        /// Everything about it, whole names included, one fact a line.
        package var tooltip: String
    }

    /// Operands of a box that are named in it instead of drawn as lines.
    package struct Operand: Hashable, Sendable {
        /// The constant's name, or where the value comes from.
        package var title: String
        /// The shape, if it is one value; may be empty.
        package var shape: String
        /// Bytes that opening them costs; nil where there is no price.
        package var bytes: Int?

        /// Operands with the given text and cost.
        package init(title: String, shape: String, bytes: Int?) {
            self.title = title
            self.shape = shape
            self.bytes = bytes
        }
    }

    /// What happened to a node.
    package enum Change: Hashable, Sendable {
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
        package var isLost: Bool { self == .removed }
    }

    /// One line of a drawing.
    package struct Edge: Hashable, Sendable {
        /// Where it starts: a position in ``Panel/nodes``.
        package var from: Int
        /// Where it ends: a position in ``Panel/nodes``.
        package var to: Int
        /// Bytes that its traffic costs: opening the operand at its end, and, unless it starts at a junction, what
        /// its start sends beyond opening its own operands. Nil where there is no price.
        package var bytes: Int?
        /// Whether both graphs of a difference have it.
        package var change: Change
        /// The values it carries, one a line.
        package var tooltip: String

        /// Which of two graphs has a line.
        package enum Change: Hashable, Sendable {
            /// Both, or there is nothing to compare with.
            case none
            /// Only the graph after.
            case added
            /// Only the graph before.
            case lost
        }
    }

    /// What a whole graph costs.
    package struct Summary: Hashable, Sendable {
        /// "before" or "after"; nil in a drawing of one graph.
        package var heading: String?
        /// How many operators the graph has, folded ones included.
        package var operatorCount: Int
        /// What it costs; nil without a price.
        package var total: Cost?
    }

    /// Modules alike that are drawn once.
    package struct Repeats: Hashable, Sendable {
        /// The name of the last of them, a number.
        package var last: String
        /// How many they are.
        package var count: Int
    }

    /// A frame around the nodes of a module.
    package struct Cluster: Hashable, Sendable {
        /// The module; empty for the graph itself.
        package var scope: Scope
        /// The modules alike that it stands for, such as `layer.0` to `layer.11`; nil for one module.
        package var repetition: Repeats?
        /// What all of it costs, frames inside included; nil without a price. Of a difference, what it costs in the graph after.
        package var cost: Cost?
        /// Of a difference, what the nodes in it cost that only the graph before has; nil if there are none.
        package var lost: Cost?
        /// Positions in ``Panel/nodes`` of what is directly in it.
        package var nodes: [Int]
        /// The frames in it.
        package var children: [Cluster]
    }
}
