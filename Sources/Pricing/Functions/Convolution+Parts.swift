import IR

/// Convolutions that a framework has not, said with those that it has.
extension Convolution {
    /// One of its groups.
    package var ofOneGroup: Convolution {
        var result = self
        let groups = max(1, group)
        result.inputChannels /= groups
        result.outputChannels /= groups
        result.group = 1
        return result
    }

    /// The same with zeros in the kernel in place of distances between its elements.
    package var withoutDilations: Convolution {
        var result = self
        result.kernel = zip(kernel, dilations).map { ($0 - 1) *| $1 +| 1 }
        result.dilations = dilations.map { _ in 1 }
        return result
    }

    /// The same along two axes: one axis is two, of which one has length 1; of three axes the first goes into batch and channels, every
    /// result having the slices that its kernel meets for channels.
    ///
    /// - Throws: ``Unpriced`` for more axes than three.
    package func alongTwoAxes() throws -> Convolution {
        var result = self
        switch input.count {
        case 1: result.insertUnitAxis()
        case 2: break
        case 3: result.takeInFirstAxis()
        default: throw Unpriced("no price is known for convolutions along \(input.count) axes")
        }
        return result
    }

    private mutating func insertUnitAxis() {
        input.insert(1, at: 0)
        kernel.insert(1, at: 0)
        output.insert(1, at: 0)
        strides.insert(strides[0], at: 0)
        padsBegin.insert(0, at: 0)
        padsEnd.insert(0, at: 0)
        dilations.insert(1, at: 0)
    }

    private mutating func takeInFirstAxis() {
        input.removeFirst()
        batch = batch *| output.removeFirst()
        inputChannels = inputChannels *| kernel.removeFirst()
        strides.removeFirst()
        padsBegin.removeFirst()
        padsEnd.removeFirst()
        dilations.removeFirst()
    }

    /// A transposed convolution as one of images with zeros between their elements and around them.
    package var ofSpreadImages: Convolution {
        var result = withoutDilations
        result.input = zip(output, result.kernel).map { $0 +| $1 - 1 }
        result.strides = strides.map { _ in 1 }
        return result
    }
}
