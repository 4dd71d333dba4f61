import IR

/// A convolution: its geometry, without data.
package struct Convolution: Hashable, Sendable {
    /// Images.
    package var batch: Int
    /// Input channels of all groups together.
    package var inputChannels: Int
    /// Output channels of all groups together.
    package var outputChannels: Int
    /// Lengths of an image along its spatial axes.
    package var input: [Int]
    /// Lengths of the kernel.
    package var kernel: [Int]
    /// Lengths of a result.
    package var output: [Int]
    /// Steps from one window to the next.
    package var strides: [Int]
    /// Padding before the first element of each axis.
    package var padsBegin: [Int]
    /// Padding after the last.
    package var padsEnd: [Int]
    /// Distances between the elements of a window.
    package var dilations: [Int]
    /// Groups of channels.
    package var group: Int
    /// Who knows the images (left) and the kernels (right).
    package var sides: Sides

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
    package var resultCount: Int { product([batch, outputChannels] + output) }

    /// Elements of the images.
    package var imageCount: Int { product([batch, inputChannels] + input) }

    /// The matrix products that it is when every window is written out as a row (im2col), one a group: images on the left.
    package var unfolded: MatrixProduct {
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
