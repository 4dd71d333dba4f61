import IR
import Pricing

/// CrypTen's primitives: `mpc/primitives/beaver.py`, `circuit.py`, `converters.py`, `arithmetic.py`.
extension CrypTen.Functions {
    typealias Function = CrypTen.Function

    /// All parties open that many ring elements to each other: an `all_reduce`, priced as direct messages.
    func opening(_ elements: Int, tuple: Tuple? = nil) -> Cost {
        Cost(
            online: Traffic(bytes: bytes(opening: elements), rounds: 1),
            offline: tuple.map(provide) ?? .zero)
    }

    /// Bytes that all parties together send to open that many ring elements.
    func bytes(opening elements: Int) -> Int { 8 * parties * (parties - 1) *| elements }

    /// Shares a tensor: nothing is sent, because sharings of zero come from common seeds, unless the other parties have
    /// to be told its shape (`broadcast_size=True`).
    func share(_ extent: Extent, tellingShape: Bool = false) -> Call {
        guard tellingShape else { return Call("share", cost: .zero) }
        let bytes = (parties - 1) *| Pickle.answer(extent)
        return Call("share", cost: Cost(online: Traffic(bytes: bytes, rounds: 1)))
    }

    /// Opens a result to all parties (`get_plain_text`).
    func reveal(_ extent: Extent) -> Call {
        Call("reveal", cost: opening(extent.count), sizes: Sizes(n: extent.count))
    }

    /// Division of shares by a public integer (`div_`, `beaver.truncate`): local with two parties; else the masked value is
    /// gathered at party 0.
    func truncate(_ extent: Extent) -> Call {
        guard parties > 2 else { return Call(Function.truncate, cost: .zero, sizes: Sizes(n: extent.count)) }
        let gather = Traffic(bytes: 8 * (parties - 1) *| extent.count, rounds: 1)
        return Call(
            Function.truncate, cost: Cost(online: gather, offline: provide(.wraps(extent))),
            sizes: Sizes(n: extent.count))
    }

    /// A primitive whose result has to be brought back to one factor of the fixed-point scale.
    private func rescaled(_ function: Function, _ primitive: Call, _ result: Extent, _ isScaled: Bool) -> Call {
        guard isScaled, parties > 2 else { return primitive }
        return Call(function, sizes: primitive.sizes, [primitive.renamed(Function.open), truncate(result)])
    }

    /// A bilinear function by a Beaver triple: both operands are opened in one round, at their own sizes.
    private func beaver(
        _ function: Function, _ left: Extent, _ right: Extent, result: Extent, isScaled: Bool,
        sizes: Sizes? = nil, arguments: [KeywordArgument] = []
    ) -> Call {
        let sizes = sizes ?? Sizes(n: result.count, p: left.count, r: right.count)
        let tuple = Tuple.additive(
            op: function.rawValue, left: left, right: right, result: result, arguments: arguments)
        var product = Call(function, cost: opening(left.count +| right.count, tuple: tuple), sizes: sizes)
        if settings.activeSecurity {
            let check = Call(
                Function.check,
                cost: opening(left.count, tuple: tuple) + opening(left.count) + opening(right.count)
                    + opening(result.count), sizes: sizes)
            product = Call(function, sizes: sizes, [check, product.renamed(Function.open)])
        }
        return rescaled(function, product, result, isScaled)
    }

    /// Elementwise product of two secrets.
    ///
    /// - Parameter isScaled: whether both operands carry the fixed-point scale; results of comparisons do not.
    func mul(_ left: Extent, _ right: Extent, isScaled: Bool = true) -> Call {
        beaver(.mul, left, right, result: left.broadcast(with: right), isScaled: isScaled)
    }

    /// Product of a secret and a public number or tensor that is not a Python integer: local but for the truncation.
    func publicProduct(_ result: Extent) -> Call { truncate(result) }

    /// Matrix product of two secrets.
    func matmul(_ left: Extent, _ right: Extent, result: Extent) -> Call {
        let product = MatrixProduct(left: left, right: right, result: result, sides: .shared)
        return beaver(.matmul, left, right, result: result, isScaled: true, sizes: product.sizes)
    }

    /// Convolution or transposed convolution of two secrets: input and kernel are opened as they are, without im2col.
    func convolution(
        _ input: Extent, _ kernel: Extent, result: Extent, isTransposed: Bool = false,
        arguments: [ConvolutionArgument] = []
    ) -> Call {
        let function = Function.convolution(axes: kernel.rank - 2, isTransposed: isTransposed)
        return beaver(
            function, input, kernel, result: result, isScaled: true,
            arguments: arguments.map {
                switch $0 {
                case .number(let name, let value): KeywordArgument(name: name, values: [value], form: .number)
                case .list(let name, let values): KeywordArgument(name: name, values: values, form: .list)
                case .tuple(let name, let values): KeywordArgument(name: name, values: values, form: .tuple)
                }
            })
    }

    /// A keyword argument that CrypTen's tuple requests for convolutions carry.
    enum ConvolutionArgument: Hashable, Sendable {
        case number(String, Int)
        case list(String, [Int])
        case tuple(String, [Int])
    }

    /// Square of a secret.
    func square(_ extent: Extent) -> Call {
        let cost = opening(extent.count, tuple: .square(extent))
        return rescaled(.square, Call(Function.square, cost: cost, sizes: Sizes(n: extent.count)), extent, true)
    }

    /// AND of two shared 64-bit words.
    func and(_ extent: Extent) -> Call {
        Call(
            Function.and, cost: opening(2 *| extent.count, tuple: .binary(extent)),
            sizes: Sizes(n: extent.count, bits: 64))
    }

    /// Sum of two 64-bit words shared bitwise: generate bits, then log2(64) levels on the stacked set and propagate
    /// bits (`circuit.__SPK_circuit`).
    func binaryAdd(_ extent: Extent) -> Call {
        call(.binaryAdd, extent, [and(extent), and(extent.stacked(2)).repeated(6)])
    }

    /// Arithmetic to binary sharing: each party's share is shared bitwise and all are added in a tree.
    func a2b(_ extent: Extent) -> Call {
        var levels: [Call] = []
        var summands = parties
        while summands > 1 {
            levels.append(binaryAdd(extent.stacked(summands / 2)))
            summands -= summands / 2
        }
        return call(.a2b, extent, levels)
    }

    /// Binary to arithmetic sharing of the lowest bits.
    func b2a(_ extent: Extent, bits: Int = 1) -> Call {
        let stacked = bits == 1 ? extent : extent.stacked(bits)
        return Call(
            Function.b2a, cost: opening(stacked.count, tuple: .bit(stacked)), sizes: Sizes(n: extent.count, bits: bits))
    }
}
