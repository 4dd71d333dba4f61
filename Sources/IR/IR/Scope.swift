/// The path of the module a node belongs to, outermost first: `layer1.0.conv1`.
public struct Scope: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Module names, outermost first. Empty for the model itself.
    public var path: [String]

    /// Modules nest no deeper than this: trees of modules are walked recursively, and a name in a file must not
    /// decide how deep.
    public static let maximumDepth = 64

    /// The scope with that path, or the outermost ``maximumDepth`` modules of it.
    public init(_ path: [String] = []) {
        self.path = path.count > Self.maximumDepth ? Array(path.prefix(Self.maximumDepth)) : path
    }

    /// The scope written with dots.
    public init(dotted text: String) {
        self.init(text.split(separator: ".").map(String.init))
    }

    /// The path with dots.
    public var description: String { path.joined(separator: ".") }

    /// The first `depth` modules of the path.
    public func prefix(_ depth: Int) -> Scope { Scope(Array(path.prefix(depth))) }

    /// Module by module.
    public static func < (left: Self, right: Self) -> Bool {
        left.path.lexicographicallyPrecedes(right.path)
    }

    /// The metadata key under which PyTorch's dynamo exporter writes a node's module path.
    public static let nameScopesKey = "pkg.torch.onnx.name_scopes"

    /// The scope that an exporter wrote down with a node: in its metadata (dynamo), else in its name (TorchScript).
    public init(of node: Node) {
        if let text = node.metadata[Scope.nameScopesKey], let scope = Scope(torchNameScopes: text) {
            self = scope
        } else {
            self.init(torchScriptNodeName: node.name)
        }
    }

    /// The scope that a TorchScript export writes into a node's name. Each component of
    /// `/layer1/layer1.0/conv1/Conv` is a module, the last one the operator; a component that extends the one
    /// before it (`layer1.0` after `layer1`) is the same path spelled whole.
    public init(torchScriptNodeName name: String) {
        guard name.hasPrefix("/") else {
            self.init()
            return
        }
        var path: [String] = []
        var previous = ""
        for component in name.split(separator: "/").dropLast() {
            let parts = component.split(separator: ".").map(String.init)
            if !previous.isEmpty, component.hasPrefix(previous + ".") {
                path.removeLast(previous.split(separator: ".").count)
            }
            path += parts
            previous = String(component)
        }
        self.init(path)
    }

    /// The scope in the dynamo exporter's metadata `pkg.torch.onnx.name_scopes`, a Python list such as
    /// `['', 'layer1', 'layer1.0', 'conv2d']` whose last entry is the operator itself.
    public init?(torchNameScopes text: String) {
        guard text.hasPrefix("["), text.hasSuffix("]") else { return nil }
        let entries = text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
            .map { entry in
                entry.drop { $0 == " " || $0 == "'" || $0 == "\"" }.reversed().drop {
                    $0 == " " || $0 == "'" || $0 == "\""
                }.reversed()
            }
            .map { String($0) }
        guard let module = entries.dropLast().last else { return nil }
        self.init(dotted: module)
    }
}
