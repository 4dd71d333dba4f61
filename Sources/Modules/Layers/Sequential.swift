/// Modules one after another. PyTorch's `torch.nn.Sequential`: its members are called `0`, `1`, ..., or have the names given.
public final class Sequential: Module {
    /// The modules with their names.
    public let modules: [(name: String, module: any Module)]

    /// Modules that are called by their positions.
    public init(_ modules: any Module...) { self.modules = modules.enumerated().map { ("\($0)", $1) } }

    /// Modules that are called by their positions.
    public init(_ modules: [any Module]) { self.modules = modules.enumerated().map { ("\($0)", $1) } }

    /// Modules with names, as PyTorch takes them in an `OrderedDict`.
    public init(named modules: [(name: String, module: any Module)]) { self.modules = modules }

    /// The modules.
    public var members: [(name: String, member: any ModuleMember)] { modules.map { ($0.name, $0.module) } }

    /// What the last module makes of what those before it made.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        try modules.reduce(input) { try $1.module($0) }
    }
}
