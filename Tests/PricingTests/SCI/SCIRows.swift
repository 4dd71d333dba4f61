import IR

@testable import Calibration
@testable import Frameworks
@testable import Pricing

/// The measured rows of SCI and OpenCheetah as calls of the functions that the operator tables use.
struct SCIRow {
    let row: Measurement

    var op: String { row.string("op") }
    var attributes: Measurement { row.part("attrs") }
    /// The one shape of the row.
    var shape: [Int] { ((row.fields["shapes"] as? [[Int]]) ?? []).first ?? [] }
    var count: Int { shape.reduce(1, *) }
    /// Bytes that each party sent.
    var measured: [Int] { row.ints("bytes_per_party") ?? [] }
    /// One-way flows, where they were counted.
    var flows: Int? { row.part("rounds").int("one_way_flows") }

    var label: String { "\(row.string("framework")) \(op) \(shape) \(attributes.fields)" }

    private func bits(_ name: String = "bw") -> Int { attributes.int(name) ?? 0 }

    /// What the row ran; nil if there is no formula for it.
    func step() throws -> SCI.Step? {
        switch row.string("framework") {
        case "EzPC-SCI-OT": comparison() ?? conversion() ?? product() ?? mathematics()
        case "OpenCheetah-SCI_HE": try field()
        default: try cheetah()
        }
    }

    // MARK: EzPC

    private var sci: SCI.Protocols { SCI.Protocols() }

    private func comparison() -> SCI.Step? {
        let bw = bits()
        switch op {
        case "millionaire": return sci.millionaires(bits: bw, count)
        case "drelu_ring", "MSB": return sci.drelu(bits: bw, count)
        case "relu_ring": return sci.relu(bits: bw, count)
        case "math_relu": return sci.multiplexedRelu(bits: bw, count)
        case "math_relu6": return sci.relu6(bits: bw, count)
        case "wrap": return sci.wrap(bits: bw, count)
        case "equality": return sci.equality(bits: bw, count)
        case "maxpool": return sci.maxPool(rows: shape[0], length: shape[1], relu: sci.relu(bits: bw, shape[0]))
        case "argmax": return sci.argMax(bits: bw, length: count) { sci.drelu(bits: bw, $0) }
        default: return nil
        }
    }

    private func conversion() -> SCI.Step? {
        let (bw, shift) = (bits(), bits("shift"))
        switch op {
        case "truncate", "truncate_unsigned": return sci.truncate(bits: bw, shift: shift, count)
        case "truncate_known_msb": return sci.truncate(bits: bw, shift: shift, count, signIsKnown: true)
        case "truncate_and_reduce": return sci.truncateAndReduce(bits: bw, shift: shift, count)
        case "truncate_red_then_ext":
            let reduced = sci.truncateAndReduce(bits: bw, shift: shift, count)
            return SCI.Step(.truncate, [reduced, sci.extend(from: bw - shift, to: bw, count)], bw, count)
        case "div_pow2": return sci.divideByPowerOfTwo(bits: bw, shift: shift, count)
        case "z_extend", "s_extend": return sci.extend(from: bits("bwA"), to: bits("bwB"), count)
        case "multiplexer": return sci.multiplexer(bits: bw, count)
        case "B2A": return sci.b2a(bits: bw, count)
        case "AND": return sci.and(count)
        case "MSB_to_wrap", "msb_to_wrap": return sci.msbToWrap(count)
        default: return nil
        }
    }

    private var owner: SCI.Owner {
        switch attributes.string("mode") {
        case "Alice_has_A": .serverHasLeft
        case "Alice_has_B": .serverHasRight
        case "Bob_has_A": .clientHasLeft
        case "Bob_has_B": .clientHasRight
        default: .nobody
        }
    }

    private func product() -> SCI.Step? {
        let widths = (bits("bwA"), bits("bwB"), bits("bwC"))
        switch op {
        case "matmul_cross_terms":
            return sci.crossTerms(SCI.Product(shape[0], shape[1], shape[2], bits: bits()), owner: owner)
        case "hadamard_cross_terms": return sci.crossTerms(SCI.Product(1, count, 1, bits: bits()), owner: owner)
        case "matrix_multiplication":
            return sci.matrixProduct(
                SCI.Product(
                    shape[0], shape[1], shape[2], leftBits: widths.0, rightBits: widths.1, bits: widths.2),
                accumulates: true)
        case "hadamard_product":
            return sci.hadamard(count, leftBits: widths.0, rightBits: widths.1, bits: widths.2)
        default: return nil
        }
    }

    private func mathematics() -> SCI.Step? {
        let format = SCI.FixedPoint(
            bits: bits("bw_x"), scale: bits("s_x"), resultBits: bits("bw_y"), resultScale: bits("s_y"))
        switch op {
        case "exp_neg": return sci.expNegative(format, count)
        case "sigmoid": return sci.sigmoid(format, count)
        case "tanh": return sci.tanh(format, count)
        case "sqrt", "rsqrt": return sci.squareRoot(format, isInverse: op == "rsqrt", count)
        case "div":
            let same = SCI.FixedPoint(bits: bits(), scale: bits("s"))
            return sci.quotient(
                numerator: same, denominator: same, count, isNormalized: !attributes.bool("compute_msnzb"))
        default: return nil
        }
    }

    // MARK: OpenCheetah

    /// The convolution of the row: images and filters are laid out channels last.
    private func convolution() -> Convolution {
        let filter = attributes.ints("filter") ?? []
        let (pad, stride) = (attributes.int("pad") ?? 0, attributes.int("stride") ?? 1)
        let (input, kernel) = ([shape[1], shape[2]], [filter[0], filter[1]])
        return Convolution(
            batch: shape[0], inputChannels: shape[3], outputChannels: filter[3], input: input, kernel: kernel,
            output: zip(input, kernel).map { ($0 + 2 * pad - $1) / stride + 1 }, strides: [stride, stride],
            padsBegin: [pad, pad], padsEnd: [pad, pad], dilations: [1, 1], group: 1, sides: .shared)
    }

    /// Rows and length of the windows of a pooling.
    private var windows: (rows: Int, length: Int) {
        let side = attributes.int("k") ?? 1
        return ((attributes.ints("out") ?? []).reduce(1, *), side * side)
    }

    private func field() throws -> SCI.Step? {
        guard let field = SCI.FieldProtocols(bits: bits("ell")) else { return nil }
        let scale = 1 << (attributes.int("sf") ?? 12)
        switch op {
        case "relu": return field.relu(count)
        case "relu_trunc":
            return SCI.Step(
                .relu, [field.relu(count), field.divide(by: scale, count, signIsKnown: true)], bits("ell"), count)
        case "scaledown": return field.divide(by: scale, count)
        case "avgpool": return field.divide(by: windows.length, windows.rows)
        case "maxpool":
            return field.ring.maxPool(
                rows: windows.rows, length: windows.length, relu: field.relu(windows.rows))
        case "argmax": return field.argMax(length: count)
        case "matmul": return try SCI.HomomorphicField.matrixVector(length: shape[1])
        case "elemwise_act_model_mult": return SCI.HomomorphicField.elementwise(count)
        case "conv2d": return try SCI.HomomorphicField.convolution(convolution())
        default: return nil
        }
    }

    private func cheetah() throws -> SCI.Step? {
        let cheetah = OpenCheetah.Protocols(bits: bits("ell"))
        let linear = OpenCheetah.Linear(bits: bits("ell"))
        let scale = attributes.int("sf") ?? 12
        switch op {
        case "relu": return cheetah.approximateRelu(dropped: scale, count)
        case "relu_trunc":
            return SCI.Step(
                .relu, [cheetah.approximateRelu(dropped: scale * 3 / 2, count), cheetah.truncate(shift: scale, count)],
                bits("ell"), count)
        case "relu_exact": return cheetah.exactRelu(count)
        case "drelu_exact": return cheetah.sci.drelu(bits: cheetah.bits, count)
        case "multiplexer": return cheetah.sci.multiplexer(bits: cheetah.bits, count)
        case "scaledown": return cheetah.truncate(shift: scale, count)
        case "avgpool": return cheetah.divide(by: windows.length, windows.rows)
        case "maxpool": return cheetah.maxPool(rows: windows.rows, length: windows.length)
        case "argmax": return cheetah.argMax(length: count)
        case "matmul": return linear.matrixProduct(rows: shape[0], length: shape[1], columns: shape[2])
        case "elemwise_act_model_mult": return linear.elementwise(count)
        case "batchnorm":
            return linear.scaleChannels(batch: shape[0], channels: shape[3], height: shape[1], width: shape[2])
        case "conv2d": return try linear.convolution(convolution())
        default: return nil
        }
    }
}
