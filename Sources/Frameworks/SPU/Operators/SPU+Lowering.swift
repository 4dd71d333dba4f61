import IR
import Pricing

extension SPU {
    /// A product of tensors as XLA writes it: matrices of p × q by q × r for each entry of a batch.
    struct DotProduct: Hashable, Sendable {
        /// Entries of the batch.
        var batch: Int
        /// Rows of the left matrix.
        var p: Int
        /// Columns of the left matrix.
        var q: Int
        /// Columns of the right matrix.
        var r: Int

        /// A product that the compiler has brought to this form.
        init?(sizes: [Int]) {
            guard sizes.count == 4 else { return nil }
            (batch, p, q, r) = (sizes[0], sizes[1], sizes[2], sizes[3])
        }

        /// `jnp.matmul`: axes that both operands have are a batch, those that one operand has alone are rows or columns.
        init(left: Extent, right: Extent) {
            (batch, p, q, r) = (1, left.rank > 1 ? left[-2] : 1, left[-1], right.rank > 1 ? right[-1] : 1)
            for axis in 3..<max(3, max(left.rank, right.rank) + 1) {
                let (outer, other) = (left.rank >= axis ? left[-axis] : 1, right.rank >= axis ? right[-axis] : 1)
                if other == 1 {
                    p = p *| outer
                } else if outer == 1 {
                    r = r *| other
                } else {
                    batch = batch *| outer
                }
            }
        }

        /// `jnp.einsum` of two operands, its result written out; nil if the equation does not fit them.
        init?(equation: String, left: Extent, right: Extent) {
            let sides = equation.filter { $0 != " " }.split(separator: "-", omittingEmptySubsequences: false)
            guard sides.count == 2, sides[1].first == ">" else { return nil }
            let terms = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
            let result = Set(sides[1].dropFirst())
            guard terms.count == 2, terms[0].count == left.rank, terms[1].count == right.rank else { return nil }
            (batch, p, q, r) = (1, 1, 1, 1)
            for (label, length) in zip(terms[0], left.lengths) {
                switch (terms[1].contains(label), result.contains(label)) {
                case (true, true): batch = batch *| length
                case (true, false): q = q *| length
                case (false, true): p = p *| length
                case (false, false): break
                }
            }
            for (label, length) in zip(terms[1], right.lengths)
            where !terms[0].contains(label) && result.contains(label) {
                r = r *| length
            }
        }
    }

    /// A convolution as it reaches SPU's runtime: without groups, and with image and kernel exchanged where XLA's simplifier
    /// thinks that saves work.
    struct LoweredConvolution: Hashable, Sendable {
        var batch: Int
        var inputChannels: Int
        var outputChannels: Int
        var input: [Int]
        var kernel: [Int]
        var output: [Int]
        var strides: [Int]
        var padsBegin: [Int]
        var padsEnd: [Int]
        /// Distances between the elements of an image, more than one in transposed convolutions.
        var baseDilations: [Int]
        /// Distances between the elements of a window.
        var windowDilations: [Int]
        /// Groups of channels. One group a channel becomes one dense kernel, most of it zeros, which costs as much.
        var group: Int
    }
}

extension SPU.LoweredConvolution {
    /// A convolution of an ONNX node.
    init(_ convolution: Convolution) {
        self.init(
            batch: convolution.batch, inputChannels: convolution.inputChannels,
            outputChannels: convolution.outputChannels, input: convolution.input, kernel: convolution.kernel,
            output: convolution.output, strides: convolution.strides, padsBegin: convolution.padsBegin,
            padsEnd: convolution.padsEnd, baseDilations: convolution.input.map { _ in 1 },
            windowDilations: convolution.dilations, group: convolution.group)
    }

    /// One of its groups.
    var ofOneGroup: SPU.LoweredConvolution {
        var result = self
        result.inputChannels /= max(1, group)
        result.outputChannels /= max(1, group)
        result.group = 1
        return result
    }

    /// Whether an axis stays as it is when image and kernel change places: the kernel covers it in one place, or steps and
    /// zeros between elements make a group of it.
    private func isFixed(_ axis: Int) -> Bool {
        guard padsBegin[axis] == 0, padsEnd[axis] == 0, windowDilations[axis] == 1 else { return false }
        if baseDilations[axis] == kernel[axis], strides[axis] == kernel[axis] - 1 { return true }
        return kernel[axis] == input[axis] && baseDilations[axis] == 1 && strides[axis] == 1
    }

    /// Whether an axis of one element is padded so that every element of the kernel meets it.
    private func isFullyPaddedPoint(_ axis: Int) -> Bool {
        input[axis] == 1 && strides[axis] == 1 && windowDilations[axis] == 1 && padsBegin[axis] == kernel[axis] - 1
            && padsEnd[axis] == kernel[axis] - 1
    }

    /// Whether image and kernel change places (XLA's `SwapConvolutionOperandsIfBeneficial`): if the kernel's window has more
    /// elements than the image.
    var isSwapped: Bool {
        let axes = input.indices.filter { !isFixed($0) }
        let own = axes.map { kernel[$0] }.saturatingProduct()
        return own > axes.map { isFullyPaddedPoint($0) ? kernel[$0] : input[$0] }.saturatingProduct()
    }

    /// Elements along an axis, with the zeros that dilation puts between them.
    private func dilated(_ length: Int, by dilation: Int) -> Int {
        length == 0 ? 0 : (length - 1) *| dilation +| 1
    }

    /// Elements of the window along an axis.
    private func window(_ axis: Int) -> Int {
        isSwapped && !isFixed(axis)
            ? dilated(input[axis], by: baseDilations[axis]) : dilated(kernel[axis], by: windowDilations[axis])
    }

    /// Whether zeros are put around or between the elements of an image or a kernel.
    var isPadded: Bool {
        if (baseDilations + windowDilations).contains(where: { $0 != 1 }) { return true }
        let isSwapped = isSwapped
        return input.indices.contains { axis in
            // A swapped image is moved over the kernel.
            let shift = isSwapped && !isFixed(axis) ? input[axis] - kernel[axis] : 0
            return padsBegin[axis] + shift != 0 || padsEnd[axis] + shift != 0
        }
    }

    /// The matrix product that it is when every window is written out as a row (im2col).
    var unfolded: (p: Int, q: Int, r: Int) {
        let places = output.saturatingProduct()
        let width = input.indices.map(window).saturatingProduct() *| inputChannels
        let (moved, fixed) = isSwapped ? (outputChannels, batch) : (batch, outputChannels)
        return (moved *| places, width, fixed)
    }
}
