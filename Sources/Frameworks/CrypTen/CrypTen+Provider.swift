import IR
import Pricing

/// What CrypTen's provider of correlated randomness costs: `mpc/provider/tfp_provider.py` and `ttp_provider.py`.
extension CrypTen.Functions {
    /// Correlated randomness that a primitive uses up.
    enum Tuple {
        /// `c = op(a, b)`, with the keyword arguments of convolutions.
        case additive(op: String, left: Extent, right: Extent, result: Extent, arguments: [KeywordArgument] = [])
        /// `r2 = r²`
        case square(Extent)
        /// `c = a & b` on 64-bit words of one shape
        case binary(Extent)
        /// A bit shared arithmetically and as a bit
        case bit(Extent)
        /// A mask and its number of wraps, for truncations of three and more parties
        case wraps(Extent)
    }

    /// Offline traffic of one tuple.
    ///
    /// With a trusted third party, party 0 pickles a request, gets the pickled size of the answer and then the answer
    /// itself: three rounds. The other parties draw their parts from seeds. With a trusted first party everything
    /// follows from seeds except the mask of a truncation, which party 0 scatters.
    func provide(_ tuple: Tuple) -> Traffic {
        switch settings.provider {
        case .firstParty:
            guard case .wraps(let extent) = tuple else { return .zero }
            return Traffic(bytes: 8 * (parties - 1) *| extent.count, rounds: 1)
        case .thirdParty:
            let answer = tuple.answer
            let sizes = Pickle.request(tuple) + Pickle.answer(answer)
            return Traffic(bytes: sizes +| 8 *| answer.count, rounds: 3)
        }
    }

    /// A keyword argument of a convolution, which a request carries along.
    struct KeywordArgument {
        let name: String
        let values: [Int]
        /// How Python holds them, which decides the length of their pickle.
        let form: Form

        enum Form {
            case number
            case list
            case tuple
        }
    }
}

extension CrypTen.Functions.Tuple {
    /// The shape of what the provider sends back.
    var answer: Extent {
        switch self {
        case .additive(_, _, _, let result, _): result
        case .square(let extent), .binary(let extent), .bit(let extent), .wraps(let extent): extent
        }
    }

    /// The function that a request names.
    var name: String {
        switch self {
        case .additive: "additive"
        case .square: "square"
        case .binary: "binary"
        case .bit: "B2A"
        case .wraps: "wraps"
        }
    }

    /// The shapes that a request carries.
    var operands: [Extent] {
        switch self {
        case .additive(_, let left, let right, _, _): [left, right]
        case .binary(let extent): [extent, extent]
        case .square(let extent), .bit(let extent), .wraps(let extent): [extent]
        }
    }
}

/// Lengths of Python pickles, protocol 4 (the default of Python 3.8 to 3.13), as `send_obj` of
/// `communicator/distributed_communicator.py` sends them: a four-byte length and the pickle.
enum Pickle {
    /// Protocol and frame headers, and the stop mark, and the length sent ahead.
    private static let envelope = 2 + 9 + 1 + 4
    /// The class `torch.Size` by name; a second mention is a two-byte reference.
    private static let sizeClass = (8 + 7 + 2, 2)

    /// Length of `{"function": ..., "device": "cpu", "args": (sizes..., op), "kwargs": {...}}`.
    static func request(_ tuple: CrypTen.Functions.Tuple) -> Int {
        var length = envelope + 4 + string("function") + string(tuple.name) + string("device") + string("cpu")
        length += string("args") + 2 + string("kwargs")
        for (index, extent) in tuple.operands.enumerated() {
            length += size(extent, classLength: index == 0 ? sizeClass.0 : sizeClass.1)
        }
        guard case .additive(let op, _, _, _, let arguments) = tuple else { return length + 2 }
        length += string(op) + 2
        // Two or more items are put between marks, a single one is not.
        length += arguments.isEmpty ? 0 : arguments.count == 1 ? 1 : 2
        for argument in arguments {
            length += string(argument.name) + argument.values.reduce(0) { $0 + integer($1) }
            let count = argument.values.count
            switch argument.form {
            case .number: break
            case .list: length += count == 0 ? 2 : count == 1 ? 3 : 4
            case .tuple: length += tupleMarks(count)
            }
        }
        return length
    }

    /// Length of a pickled `torch.Size`.
    static func answer(_ extent: Extent) -> Int { envelope + size(extent, classLength: sizeClass.0) }

    private static func size(_ extent: Extent, classLength: Int) -> Int {
        classLength + extent.lengths.reduce(0) { $0 + integer($1) } + tupleMarks(extent.rank) + 4
    }

    private static func tupleMarks(_ count: Int) -> Int { count == 0 ? 1 : count < 4 ? 2 : 3 }

    private static func string(_ text: String) -> Int { text.utf8.count + 3 }

    private static func integer(_ value: Int) -> Int {
        switch value {
        case 0..<256: return 2
        case 256..<65536: return 3
        case Int(Int32.min)...Int(Int32.max): return 5
        default:
            // LONG1: code, length, then as many bytes as the two's complement needs.
            let bits = Int.bitWidth - (value < 0 ? ~value : value).leadingZeroBitCount + 1
            return 2 + (bits + 7) / 8
        }
    }
}
