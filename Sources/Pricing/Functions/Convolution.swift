import IR

/// A convolution: its geometry, without data.
public struct Convolution: Hashable, Sendable {
    /// Images.
    public var batch: Int
    /// Input channels of all groups together.
    public var inputChannels: Int
    /// Output channels of all groups together.
    public var outputChannels: Int
    /// Lengths of an image along its spatial axes.
    public var input: [Int]
    /// Lengths of the kernel.
    public var kernel: [Int]
    /// Lengths of a result.
    public var output: [Int]
    /// Steps from one window to the next.
    public var strides: [Int]
    /// Padding before the first element of each axis.
    public var padsBegin: [Int]
    /// Padding after the last.
    public var padsEnd: [Int]
    /// Distances between the elements of a window.
    public var dilations: [Int]
    /// Groups of channels.
    public var group: Int
    /// Who knows the images (left) and the kernels (right).
    public var sides: Sides

    /// A convolution with the given parts.
    package init(
        batch: Int, inputChannels: Int, outputChannels: Int, input: [Int], kernel: [Int], output: [Int], strides: [Int],
        padsBegin: [Int], padsEnd: [Int], dilations: [Int], group: Int, sides: Sides
    ) {
        self.batch = batch
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        self.input = input
        self.kernel = kernel
        self.output = output
        self.strides = strides
        self.padsBegin = padsBegin
        self.padsEnd = padsEnd
        self.dilations = dilations
        self.group = group
        self.sides = sides
    }

    /// Elements of the result.
    public var resultCount: Int { product([batch, outputChannels] + output) }

    /// Elements of the images.
    public var imageCount: Int { product([batch, inputChannels] + input) }

    /// The matrix products that it is when every window is written out as a row (im2col), one a group: images on the left.
    public var unfolded: MatrixProduct {
        let groups = max(1, group)
        return MatrixProduct(
            batch: groups, product([batch] + output), product(kernel + [inputChannels / groups]),
            outputChannels / groups, sides: sides)
    }

    private func product(_ lengths: [Int]) -> Int { lengths.saturatingProduct() }
}

extension Operation {
    /// The geometry of a Conv node.
    ///
    /// - Throws: ``Unpriced`` if shapes are not known or do not fit.
    package func convolution() throws -> Convolution {
        let (images, kernels, result) = (try extent(0), try extent(1), try result())
        guard images.rank > 2, kernels.rank == images.rank, result.rank == images.rank else {
            throw Unpriced("its operands are not images and kernels")
        }
        let spatial = Array(images.lengths.dropFirst(2))
        let geometry: WindowGeometry
        do {
            geometry = try WindowGeometry(
                of: node, kernel: Array(kernels.lengths.dropFirst(2)), spatial: spatial.map { .known($0) })
        } catch let error as HarrierError {
            throw Unpriced(error.message)
        }
        return Convolution(
            batch: images[0], inputChannels: images[1], outputChannels: kernels[0], input: spatial,
            kernel: geometry.kernel, output: Array(result.lengths.dropFirst(2)), strides: geometry.strides,
            padsBegin: geometry.padsBegin, padsEnd: geometry.padsEnd, dilations: geometry.dilations,
            group: try node.int("group"), sides: Sides(visibility(0), visibility(1)))
    }
}
