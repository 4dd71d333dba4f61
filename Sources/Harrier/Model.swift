/// A network, and what can be done with it: each verb of the command line is a method.
///
/// ```swift
/// let model = try Model(contentsOf: "resnet18.onnx")
/// let crypten = try FrameworkCatalog.make("crypten")
/// print(try model.profile(under: crypten).total)
/// try model.optimize(under: crypten).write(to: "cheaper.onnx")
/// ```
///
/// Methods that search also exist in an asynchronous form, which works on a thread of its own. Every error is a
/// ``HarrierError``: what is wrong, where, and what to do about it.
public struct Model: Sendable {
    /// What it computes.
    public var graph: Graph {
        didSet { open = nil }
    }
    /// The model with the dimensions open that its file leaves open; nil if there are none, or the graph was changed.
    package private(set) var open: OpenModel?
    /// What reports call it.
    public var name: String
    /// What a person should know of how it was read, a phrase each.
    public var notes: [String]
    /// Lengths that were given to open dimensions, by name.
    public var dimensions: [String: Int]

    /// The model in a file.
    ///
    /// Weights are not read before something runs the model; files without weights can do everything but be run with them.
    ///
    /// - Parameters:
    ///   - path: an ONNX file, binary (`.onnx`) or in ONNX's textual syntax (`.onnxtxt`).
    ///   - dimensions: lengths of dimensions that the file leaves open, by name. An open batch dimension is 1. A file without open
    ///     dimensions takes a length for `batch`, the first axis of its inputs, if its operators do.
    /// - Throws: an error that names the file and the place in it, if it cannot be read as a model, or has no dimension of a name.
    public init(contentsOf path: String, dimensions: [String: Int] = [:]) throws(HarrierError) {
        let (model, unused) = try Self.reading(path, dimensions)
        self = model
        try telling { try refuse(unused, of: path, batch: dimensions["batch"]) }
    }

    /// Models that belong together, in files. Each takes the lengths of the dimensions that it has.
    ///
    /// - Throws: an error as for one file, if none of them has a dimension of a name.
    public static func reading(_ paths: [String], dimensions: [String: Int]) throws(HarrierError) -> [Model] {
        try telling {
            let read = try paths.map { try reading($0, dimensions) }
            let unused = dimensions.keys.filter { name in read.allSatisfy { $0.unused.contains(name) } }.sorted()
            var models = read.map(\.model)
            for index in models.indices {
                try models[index].refuse(unused, of: paths[index], batch: dimensions["batch"])
            }
            return models
        }
    }

    private static func reading(
        _ path: String, _ dimensions: [String: Int]
    ) throws(HarrierError) -> (model: Model, unused: [String]) {
        let loaded = try telling { try loadModel(at: path, dimensions: dimensions, evaluator: Interpreter()) }
        var model = Model(loaded.graph, name: name(ofFile: path))
        model.open = loaded.open
        model.notes = loaded.notes
        model.dimensions = dimensions.filter { !loaded.unusedDimensions.contains($0.key) }
        return (model, loaded.unusedDimensions)
    }

    /// Complains of lengths for dimensions that the file does not have. One without open dimensions gets a batch of another size.
    private mutating func refuse(_ unused: [String], of path: String, batch: Int?) throws {
        guard let name = unused.first else { return }
        let names = Set(openDimensions).union((open?.lengths ?? [:]).keys).sorted()
        if names.isEmpty, unused == ["batch"], let size = batch, size > 0 {
            graph = try graph.withBatch(size, evaluator: Interpreter())
            return
        }
        throw HarrierError(
            "no input has a dimension '\(name)'",
            hint: names.isEmpty ? "no dimension is open" : "open dimensions: \(names.joined(separator: ", "))"
        ).inFile(path)
    }

    /// The names of the dimensions of inputs that have no length, in order.
    public var openDimensions: [String] { graph.openDimensionNames().sorted() }

    /// Makes sure that the data of weights is there which the file says to be in another file, and where in it. Files whose weights were taken
    /// out say only that there were some.
    ///
    /// - Parameter path: the file, for the message.
    /// - Throws: an error that names a weight and the file that is missing.
    public func requireData(of path: String) throws(HarrierError) {
        for value in graph.values {
            guard case .missing(let reference)? = value.constant?.tensor.payload, reference.identifiesData else {
                continue
            }
            throw HarrierError(
                "the data of '\(value.name)' is in '\(reference.location)', which is not there",
                hint: "put it beside the model"
            ).inFile(path)
        }
    }

    /// Makes sure that all lengths are known, without which operators have no price.
    ///
    /// - Parameter path: the file, for the message.
    /// - Throws: an error that names every dimension without a length, and how to give one.
    public func requireLengths(of path: String) throws(HarrierError) {
        guard !openDimensions.isEmpty else { return }
        throw HarrierError(
            "the price depends on lengths that the model leaves open: "
                + openDimensions.map { "'\($0)'" }.joined(separator: ", "),
            hint: "set them: " + openDimensions.map { "--dim '\($0)=128'" }.joined(separator: " ")
        ).inFile(path)
    }

    /// A graph as a model, for example one that a module wrote.
    ///
    /// - Parameter name: what reports call it; the graph's own name by default.
    public init(_ graph: Graph, name: String? = nil) {
        self.graph = graph
        self.name = name ?? graph.name
        notes = []
        dimensions = [:]
    }

    /// What reports call the model of a file: the file's name without its extension.
    package static func name(ofFile path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        for suffix in [".onnx", ".onnxtxt"] where file.hasSuffix(suffix) && file.count > suffix.count {
            return String(file.dropLast(suffix.count))
        }
        return file
    }

    /// Writes the model: in ONNX's textual syntax to a file called `.onnxtxt`, else in the binary format.
    ///
    /// - Parameter newestOpset: the newest version of ONNX's operator set that the reader of the file knows
    ///   (``Framework/newestOpset``); nil for any.
    /// - Returns: what a person should know, a phrase each.
    /// - Throws: an error that names the file if it cannot be written. Nothing is left behind then.
    @discardableResult
    public func write(to path: String, newestOpset: Int? = nil) throws(HarrierError) -> [String] {
        try telling { try writeModel(graph, to: path, newestOpset: newestOpset) }
    }

    /// What the model costs under a framework, node by node. Only shapes matter: neither weights nor data are read.
    ///
    /// - Parameter visibility: who knows single inputs and initializers, by name; `inputs` and `weights` mean all of them. What
    ///   is not said is as the framework has it by default.
    /// - Throws: an error if a name is that of no input and no initializer.
    public func profile(
        under framework: any Framework, visibility: [String: Visibility] = [:]
    ) throws(HarrierError) -> Profile {
        try telling {
            try Profiler(framework, evaluator: Interpreter()).profile(
                graph, model: name, policy: policy(visibility, under: framework))
        }
    }

    /// What the model costs under several frameworks, each in its own default setting, the fastest first.
    ///
    /// - Parameters:
    ///   - frameworks: those to compare; nil for all that Harrier knows.
    ///   - network: the network that times are for.
    /// - Throws: an error if the graph is not well formed.
    public func compare(
        under frameworks: [any Framework]? = nil, on network: Network = .wan, progress: ProgressHandler? = nil
    ) throws(HarrierError) -> Comparison {
        try telling {
            let frameworks = try frameworks ?? FrameworkCatalog.names.map { try FrameworkCatalog.make($0) }
            let profiles = try frameworks.enumerated().map { position, framework in
                progress?(
                    WorkProgress("pricing under \(framework.info.title)", done: position, of: frameworks.count))
                return try Profiler(framework, evaluator: Interpreter()).profile(graph, model: name)
            }
            return Comparison(profiles, on: network)
        }
    }

    /// Runs another model beside this one on the same random inputs, in 64-bit arithmetic. Weights that are missing from the
    /// files get random values that depend on their names alone, the same in both models.
    ///
    /// - Parameter settings: how many inputs, and which difference counts as agreement.
    public func verify(
        _ other: Model, _ settings: ComparisonSettings = ComparisonSettings(), progress: ProgressHandler? = nil
    ) -> NumericCheck {
        NumericCheck.compare(graph, other.graph, settings) {
            progress?(
                WorkProgress("comparing, sample \($0 + 1) of \(settings.samples)", done: $0, of: settings.samples))
        }
    }

    /// What is different between the model and another one, and where they begin to compute something else.
    ///
    /// - Parameter settings: how both are run; one random input by default.
    public func difference(
        from other: Model, _ settings: ComparisonSettings = ComparisonSettings(samples: 1)
    ) -> DifferenceReport {
        DifferenceReport(
            first: name, second: other.name, comparison: GraphComparison(graph, other.graph, settings))
    }

    /// Puts a measured run beside the prediction.
    ///
    /// - Parameters:
    ///   - measured: the run, as `MeasuredRun.read` reads it.
    ///   - visibility: as ``profile(under:visibility:)`` takes it.
    /// - Throws: an error if the run is one of other parties, or its layers are not those of the model.
    public func calibrate(
        _ measured: MeasuredRun, under framework: any Framework, visibility: [String: Visibility] = [:]
    ) throws(HarrierError) -> CalibrationResult {
        try telling {
            try measured.checkParties(of: framework)
            return try CalibrationResult(
                of: measured, with: profile(under: framework, visibility: visibility), in: graph)
        }
    }

    /// Who knows what: as stated, else as the framework has it by default.
    package func policy(_ visibility: [String: Visibility], under framework: any Framework) -> VisibilityPolicy {
        VisibilityPolicy(stating: visibility, in: graph, under: framework)
    }
}
