import IR

/// A part of a network: parameters, submodules, and what they do to a tensor, as in PyTorch's `torch.nn`.
///
/// A module is a class whose stored properties are its parameters and submodules. Its parts are named after the
/// properties, in PyTorch's spelling, so that a network has the parameter names of its PyTorch twin:
///
/// ```swift
/// final class Block: Module {
///     let conv1 = Conv2d(64, 64, kernelSize: 3, padding: 1, bias: false)
///     let bn1 = BatchNorm2d(64)
///     let relu = ReLU()
///
///     func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
///         try relu(bn1(conv1(input)) + input)
///     }
/// }
///
/// let graph = try Block().graph(name: "block", input: [1, 64, 56, 56])
/// ```
///
/// A module is a description: nothing in it changes when a graph is built, and one module can be built many times. The graph
/// is that of evaluation mode: dropout does nothing, batch normalization uses its running statistics.
public protocol Module: ModuleContainer {
    /// What the module does. Called through ``callAsFunction(_:)``, which knows the module's path.
    func forward(_ input: SymbolicTensor) throws -> SymbolicTensor
}

/// What has parameters and submodules: a ``Module``, or one that takes other operands than one tensor and is called by a method
/// of its own, which wraps its work in ``ModelBuilder/within(_:_:)``.
public protocol ModuleContainer: ModuleMember {
    /// Names of stored properties whose PyTorch name is not the property's in snake case, by property.
    var memberNames: [String: String] { get }

    /// The module's parameters and submodules with their names, in order; by default those of its stored properties.
    var members: [(name: String, member: any ModuleMember)] { get }
}

/// What a module consists of: submodules and parameters.
public protocol ModuleMember: AnyObject {}

extension ModuleContainer {
    /// No property has an unusual name.
    public var memberNames: [String: String] { [:] }

    /// The parameters and submodules among the stored properties, those of a superclass first. `runningMean` is called
    /// `running_mean`; an array `layer` has the members `layer.0`, `layer.1`, ..., as PyTorch's `ModuleList`; an
    /// optional that is nil is left out.
    public var members: [(name: String, member: any ModuleMember)] {
        var mirrors = [Mirror(reflecting: self)]
        while let parent = mirrors.last?.superclassMirror { mirrors.append(parent) }
        return mirrors.reversed().flatMap(\.children).flatMap { property, value in
            membersOfProperty(property ?? "", value)
        }
    }

    private func membersOfProperty(_ property: String, _ value: Any) -> [(name: String, member: any ModuleMember)] {
        let name = memberNames[property] ?? property.snakeCase
        if let member = value as? any ModuleMember { return [(name, member)] }
        guard let list = value as? [any ModuleMember] else { return [] }
        return list.enumerated().map { ("\(name).\($0)", $1) }
    }

    /// All parameters and buffers with their names (`layer1.0.conv1.weight`). One that several modules share has the
    /// name at which it is met first.
    ///
    /// - Complexity: O(parameters + modules)
    public var namedParameters: [(name: String, parameter: Parameter)] { ModuleNames(of: self).parameters }

    /// How many numbers training would learn.
    public var parameterCount: Int {
        namedParameters.filter { !$0.parameter.isBuffer }.reduce(0) { $0 + $1.parameter.shape.saturatingProduct() }
    }
}

extension Module {
    /// Applies the module: writes its nodes into the graph that the tensor is of.
    ///
    /// - Throws: ``HarrierError`` with the path of the innermost module whose operands do not fit.
    public func callAsFunction(_ input: SymbolicTensor) throws -> SymbolicTensor {
        try input.model.within(self) { try forward(input) }
    }
}

extension String {
    /// The name with an underscore before each capital letter, in lower case.
    fileprivate var snakeCase: String {
        reduce(into: "") { result, letter in
            if letter.isUppercase { result += "_" }
            result += letter.lowercased()
        }
    }
}
