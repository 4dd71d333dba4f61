import IR

/// The paths of a module's submodules and parameters.
struct ModuleNames {
    /// All parameters, in order, each once.
    private(set) var parameters: [(name: String, parameter: Parameter)] = []
    private var paths: [ObjectIdentifier: Scope] = [:]

    init(of root: any ModuleContainer) {
        paths[ObjectIdentifier(root)] = Scope()
        visit(root, at: [])
    }

    /// The path of a submodule or parameter; nil if it is not part of the module.
    func path(of member: any ModuleMember) -> Scope? { paths[ObjectIdentifier(member)] }

    private mutating func visit(_ module: any ModuleContainer, at path: [String]) {
        for (name, member) in module.members where paths[ObjectIdentifier(member)] == nil {
            let inner = path + Scope(dotted: name).path
            paths[ObjectIdentifier(member)] = Scope(inner)
            if let parameter = member as? Parameter {
                parameters.append((inner.joined(separator: "."), parameter))
            } else if let module = member as? any ModuleContainer {
                visit(module, at: inner)
            }
        }
    }
}
