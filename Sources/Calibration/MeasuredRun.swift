import IR
import Pricing

/// What somebody measured when a model ran under a framework: for layers, for the framework's kernels, in total. Bytes are
/// summed over what all parties send, rounds are those of the party that counts most, as in prices.
public struct MeasuredRun: Hashable, Sendable {
    /// Online traffic, as far as it was measured.
    public struct Counters: Hashable, Sendable {
        /// Bytes sent, summed over the parties.
        public var bytes: Int?
        /// Rounds.
        public var rounds: Int?

        /// The given counters.
        public init(bytes: Int? = nil, rounds: Int? = nil) {
            self.bytes = bytes
            self.rounds = rounds
        }

        /// Whether nothing was measured.
        public var isEmpty: Bool { bytes == nil && rounds == nil }
    }

    /// An operand of a layer.
    public struct Operand: Hashable, Sendable {
        /// Axis lengths.
        public var shape: [Int]
        /// Whether everybody knows it.
        public var isPublic: Bool

        /// An operand of that shape.
        public init(shape: [Int], isPublic: Bool = false) {
            self.shape = shape
            self.isPublic = isPublic
        }
    }

    /// One layer: a node of the model, or a module.
    public struct Layer: Hashable, Sendable {
        /// The name of the node, of its first output, or of a module; empty if the run does not tell.
        public var name: String
        /// The ONNX operator; empty if the run does not tell.
        public var op: String
        /// The operands, if the run tells.
        public var inputs: [Operand]
        /// The results, if the run tells.
        public var outputs: [Operand]
        /// Attributes, if the run tells.
        public var attributes: [String: Attribute]
        /// What was measured.
        public var counters: Counters

        /// A layer with the given parts.
        public init(
            name: String, op: String = "", inputs: [Operand] = [], outputs: [Operand] = [],
            attributes: [String: Attribute] = [:], counters: Counters
        ) {
            self.name = name
            self.op = op
            self.inputs = inputs
            self.outputs = outputs
            self.attributes = attributes
            self.counters = counters
        }

        /// What messages call the layer.
        public var label: String { name.isEmpty ? op : name }
    }

    /// One kind of secure function, over all its calls.
    public struct Kernel: Hashable, Sendable {
        /// The level that the framework counts it on: `HLO`, `HAL` or `MPC` in SPU.
        public var level: String
        /// Its name in the framework.
        public var name: String
        /// How often it was called, if known.
        public var calls: Int?
        /// What was measured.
        public var counters: Counters

        /// A kernel with the given parts.
        public init(level: String, name: String, calls: Int? = nil, counters: Counters) {
            self.level = level
            self.name = name
            self.calls = calls
            self.counters = counters
        }
    }

    /// The model's name, if the run tells.
    public var model: String
    /// Number of parties, if the run tells.
    public var parties: Int?
    /// Layers in the order they ran.
    public var layers: [Layer]
    /// Kernels, in the order they are listed.
    public var kernels: [Kernel]
    /// The whole run.
    public var total: Counters

    /// A run with the given parts.
    public init(
        model: String = "", parties: Int? = nil, layers: [Layer] = [], kernels: [Kernel] = [],
        total: Counters = Counters()
    ) {
        self.model = model
        self.parties = parties
        self.layers = layers
        self.kernels = kernels
        self.total = total
    }
}

extension MeasuredRun {
    /// The largest file that is read.
    static let largestFile = 256 << 20

    /// Reads one run: a JSON document, statistics that CrypTen printed, or the profile logs of SPU's parties.
    ///
    /// - Parameters:
    ///   - paths: one file; several only if each is the log of one party.
    ///   - selection: which run of a file that holds several; the model's name chooses if none is given.
    /// - Throws: ``HarrierError`` naming the file and what is wrong with it.
    public static func read(_ paths: [String], _ selection: RunSelection = RunSelection()) throws -> MeasuredRun {
        let texts = try paths.map { path in
            guard try regularFileSize(path) <= largestFile else {
                throw HarrierError("is larger than \(largestFile >> 20) MiB", file: path)
            }
            return try MeasuredText(readingFile: path)
        }
        guard let first = texts.first else { throw HarrierError("no file with measurements is given") }
        if texts.count > 1 || first.isProfileLog { return try MeasuredRun(profileLogs: texts) }
        do {
            if first.isStatistics { return try MeasuredRun(printedStatistics: first) }
            return try MeasuredRun(json: first, selection)
        } catch let error as HarrierError {
            throw error.inFile(first.path)
        }
    }
}

/// Which of several runs in a file is meant.
public struct RunSelection: Hashable, Sendable {
    /// The run's place in the file, the first being 1.
    public var number: Int?
    /// The model's name.
    public var model: String?
    /// The framework with its parties and configuration.
    public var framework: FrameworkInfo?

    /// The run that the given parts fit.
    public init(number: Int? = nil, model: String? = nil, framework: FrameworkInfo? = nil) {
        self.number = number
        self.model = model
        self.framework = framework
    }

    /// Whether a run's own word for its protocol or provider is one that the framework goes by.
    func isNamed(_ word: String) -> Bool {
        guard let framework else { return true }
        let names = [framework.name, framework.title] + framework.configuration.values
        return names.contains { $0.lowercased().contains(word.lowercased()) }
    }
}
