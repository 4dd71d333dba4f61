import IR

/// Builds the graph of a module, of any number of inputs and outputs.
///
/// ```swift
/// let builder = ModelBuilder(attention, name: "attention")
/// let query = try builder.input("query", [1, 16, 64])
/// let memory = try builder.input("memory", [1, 32, 64])
/// let graph = try builder.graph(outputs: [("output", attention(query, memory, memory))])
/// ```
public final class ModelBuilder {
    /// Writes the nodes.
    public let graphBuilder: GraphBuilder
    private let name: String
    private let data: ParameterData
    private let names: ModuleNames
    private var parameters: [ObjectIdentifier: GraphBuilder.Term] = [:]
    /// The path that the error being thrown carries, so that modules further out leave it alone.
    private var placeOfError: String?

    /// A builder for a module.
    ///
    /// - Parameters:
    ///   - root: the whole network; its parts are named from here.
    ///   - name: the graph's name.
    ///   - parameters: what the graph's parameters hold.
    public init(_ root: any ModuleContainer, name: String, parameters: ParameterData = .none) {
        self.name = name
        data = parameters
        names = ModuleNames(of: root)
        graphBuilder = GraphBuilder(name: name)
    }

    /// A new input of that shape.
    ///
    /// - Throws: ``HarrierError`` if there is a value of that name, or a length is not positive.
    public func input(
        _ name: String, _ shape: [Int], _ elementType: ElementType = .float32
    ) throws -> SymbolicTensor {
        guard shape.allSatisfy({ $0 > 0 }) else {
            throw HarrierError("an input cannot have the shape \(shape)", place: "'\(name)'")
        }
        return SymbolicTensor(try graphBuilder.input(name, TensorType(elementType, lengths: shape)), of: self)
    }

    /// The graph with the given outputs, without what they do not need.
    ///
    /// - Throws: ``HarrierError`` if the graph is not sound.
    public func graph(outputs: [(name: String, tensor: SymbolicTensor)]) throws -> Graph {
        let graph = try graphBuilder.graph(outputs: outputs.map { ($0.name, $0.tensor.term) }).removingDeadCode()
        try graph.verify()
        return graph
    }

    /// Writes nodes that belong to a module.
    ///
    /// - Throws: what the closure throws, a ``HarrierError`` with the module's path.
    public func within<Result>(_ module: any ModuleContainer, _ write: () throws -> Result) throws -> Result {
        guard let path = names.path(of: module) else {
            throw HarrierError(
                "a module of type \(type(of: module)) is used that is not part of the network", place: place,
                hint: "modules must be stored in properties of the module that uses them")
        }
        return try graphBuilder.within(path) {
            do { return try write() } catch let error as HarrierError { throw located(error, path.description) }
        }
    }

    /// The tensor of a parameter: an initializer of the graph.
    ///
    /// - Throws: ``HarrierError`` if it is not part of the network.
    public func tensor(of parameter: Parameter) throws -> SymbolicTensor {
        if let known = parameters[ObjectIdentifier(parameter)] { return SymbolicTensor(known, of: self) }
        guard let path = names.path(of: parameter)?.description else {
            throw HarrierError(
                "a parameter is used that is not part of the network", place: place,
                hint: "parameters must be stored in properties of the module that uses them")
        }
        guard parameter.shape.allSatisfy({ $0 > 0 }),
            parameter.shape.saturatingProduct() <= TensorType.maximumElementCount
        else { throw HarrierError("a parameter cannot have the shape \(parameter.shape)", place: path) }
        let term = try graphBuilder.initializer(path, parameter.tensor(name: path, model: name, data))
        parameters[ObjectIdentifier(parameter)] = term
        return SymbolicTensor(term, of: self)
    }

    /// The module that is being built; nil for the network itself.
    private var place: String? { graphBuilder.scope.path.isEmpty ? nil : graphBuilder.scope.description }

    /// The error with the path of the innermost module that it passes instead of a node's name.
    private func located(_ error: HarrierError, _ path: String) -> HarrierError {
        guard !path.isEmpty, placeOfError == nil || error.place != placeOfError else { return error }
        var error = error
        error.place = path
        placeOfError = path
        return error
    }
}

extension Module {
    /// The graph of a module with one input and one output, which are called `input` and `output` as in PyTorch's exports.
    ///
    /// - Throws: ``HarrierError`` with the path of the module whose operands do not fit.
    public func graph(name: String, input shape: [Int], parameters: ParameterData = .none) throws -> Graph {
        let builder = ModelBuilder(self, name: name, parameters: parameters)
        let output = try self(builder.input("input", shape))
        return try builder.graph(outputs: [("output", output)])
    }
}
