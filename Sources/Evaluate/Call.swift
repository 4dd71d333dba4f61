import IR

/// How an operator is computed: from a call to its outputs, in order; nil for outputs that are not asked for.
typealias Kernel = @Sendable (Call) throws -> [NumericArray?]

/// A row of the kernel table.
struct KernelRow: Sendable {
    /// The operator.
    let op: OperatorName
    /// How it is computed.
    let run: Kernel

    /// The row of an operator with several outputs.
    init(outputs op: OperatorName, _ run: @escaping Kernel) {
        self.op = op
        self.run = run
    }

    /// The row of an operator with one output.
    init(_ op: OperatorName, _ run: @escaping @Sendable (Call) throws -> NumericArray) {
        self.op = op
        self.run = { [try run($0)] }
    }
}

/// A node with its operands, as its kernel sees it.
struct Call {
    /// The node: attributes and number of outputs.
    let node: Node
    /// The operands; nil for those left out.
    let inputs: [NumericArray?]
    /// How wide floating-point results are.
    let precision: Interpreter.Precision
    /// The graphs in attributes; none when the node stands alone.
    var bodies: [String: Body] = [:]

    /// The operand at that position, nil if it is left out.
    func optional(_ index: Int) -> NumericArray? { index < inputs.count ? inputs[index] : nil }

    /// The operand at that position.
    ///
    /// - Throws: ``HarrierError`` if it is left out.
    func input(_ index: Int) throws -> NumericArray {
        guard let input = optional(index) else { throw HarrierError("\(node.op) lacks its input \(index)") }
        return input
    }

    /// All operands of an operator that takes any number of them.
    func allInputs() throws -> [NumericArray] { try inputs.indices.map(input) }

    /// The elements of an operand as 64-bit floating-point numbers.
    func doubles(_ index: Int) throws -> [Double] { try input(index).doubles() }

    /// The elements of an integer operand; nil if it is left out.
    func integers(_ index: Int) throws -> [Int]? { try optional(index)?.integers().map { Int($0) } }

    /// The only element of an integer operand; nil if it is left out.
    func integer(_ index: Int) throws -> Int? {
        guard let values = try integers(index) else { return nil }
        guard values.count == 1 else { throw HarrierError("input \(index) of \(node.op) must have one element") }
        return values[0]
    }

    /// The only element of a numeric operand; nil if it is left out.
    func number(_ index: Int) throws -> Double? {
        guard let values = try optional(index)?.doubles() else { return nil }
        guard values.count == 1 else { throw HarrierError("input \(index) of \(node.op) must have one element") }
        return values[0]
    }

    /// A floating-point attribute as the exact value of its 32 bits.
    func double(_ name: String) throws -> Double { Double(try node.float(name)) }

    /// Whether the output at that position is asked for.
    func wants(_ output: Int) -> Bool { node.output(output) != nil }

    /// A floating-point result.
    func result(_ values: [Double], shape: [Int], type: ElementType) throws -> NumericArray {
        try NumericArray(type, shape: shape, storage: .doubles(values))
    }

    /// An integer or boolean result, wrapped to its type.
    func result(_ values: [Int64], shape: [Int], type: ElementType) throws -> NumericArray {
        try NumericArray(type, shape: shape, storage: .integers(values))
    }

    /// A boolean result.
    func result(_ values: [Bool], shape: [Int]) throws -> NumericArray {
        try result(values.map { $0 ? Int64(1) : 0 }, shape: shape, type: .bool)
    }

    /// An axis attribute or input counted from the front.
    ///
    /// - Throws: ``HarrierError`` if there is no such axis.
    func axis(_ axis: Int, rank: Int) throws -> Int { try normalizedAxis(axis, rank: rank) }
}

/// An axis counted from the front, given one that counts from the end if it is negative.
///
/// - Throws: ``HarrierError`` if there is no such axis.
func normalizedAxis(_ axis: Int, rank: Int) throws -> Int {
    guard axis >= -rank && axis < rank else {
        throw HarrierError("there is no axis \(axis) in a tensor of rank \(rank)")
    }
    return axis < 0 ? axis + rank : axis
}

/// Distinct axes counted from the front, in the order given.
///
/// - Throws: ``HarrierError`` if there is no such axis, or an axis is named twice.
func normalizedAxes(_ axes: [Int], rank: Int) throws -> [Int] {
    let result = try axes.map { try normalizedAxis($0, rank: rank) }
    guard Set(result).count == result.count else { throw HarrierError("the axes \(axes) name one axis twice") }
    return result
}
