/// Fourier transforms as products with cosines and sines.
extension NodeContext {
    /// `DFT`: real and imaginary parts of all steps as one row, times a matrix of public numbers.
    ///
    /// - Returns: nil if lengths are not known, for very long signals, and for an inverse that gives real numbers.
    func fourierTransform() throws -> [GraphBuilder.Term]? {
        let signal = try input(0)
        guard let lengths = signal.type?.lengths, lengths.count > 1, let place = try transformedAxis(),
            try !(flag("inverse") && flag("onesided"))
        else { return nil }
        let (rank, axis) = (lengths.count, place < 0 ? place + lengths.count : place)
        guard (0..<rank - 1).contains(axis), let length = try transformLength(lengths[axis]), length > 0,
            lengths.allSatisfy({ $0 > 0 })
        else { return nil }
        let isOneSided = try flag("onesided")
        let transform = FourierMatrix(
            steps: min(length, lengths[axis]), parts: lengths[rank - 1], length: length,
            frequencies: isOneSided ? length / 2 + 1 : length, isInverse: try flag("inverse"))
        guard transform.elementCount <= FourierMatrix.mostElements else { return nil }
        let others = (0..<rank - 1).filter { $0 != axis }
        let kept = lengths[axis] > length ? try signal[axis: axis, 0..<length] : signal
        let rows = try kept.transposed(others + [axis, rank - 1])
            .reshaped(others.map { lengths[$0] } + [transform.steps * transform.parts])
        let matrix = try builder.literal(transform.angles).apply("Cos") * transform.scale
        let result = try rows.matrixProduct(matrix.cast(to: signal.elementType))
            .reshaped(others.map { lengths[$0] } + [transform.frequencies, 2])
        let order = Array(0..<axis) + [rank - 2] + Array(axis..<rank - 2) + [rank - 1]
        return [try result.transposed(order)]
    }

    /// The axis as it is written; nil if it is not known. Before operator set 20 it was an attribute.
    private func transformedAxis() throws -> Int? {
        guard inputs.count > 2, let given = inputs[2] else { return try node.optionalInt("axis") ?? -2 }
        return try given.value.knownTensor?.integers().first
    }

    /// The length of the transform; nil if it is not known.
    private func transformLength(_ length: Int) throws -> Int? {
        guard inputs.count > 1, let given = inputs[1] else { return length }
        return try given.value.knownTensor?.integers().first
    }
}

/// The matrix of a Fourier transform: a row for each part of each step, a column for each part of each frequency.
private struct FourierMatrix {
    /// Elements of the largest matrix that is written out.
    static let mostElements = 1 << 22

    /// Steps of the signal that are there; the others are zeros.
    let steps: Int
    /// 1 for real signals, 2 for real and imaginary parts.
    let parts: Int
    /// Steps of the transform.
    let length: Int
    /// Frequencies that are asked for.
    let frequencies: Int
    let isInverse: Bool

    var elementCount: Int { [steps, parts, frequencies, 2].saturatingProduct() }

    /// The factor of all elements.
    var scale: Double { isInverse ? 1 / Double(length) : 1 }

    /// The angles whose cosines are the elements. `(a + bi) e^iφ = a cos φ - b sin φ + (a sin φ + b cos φ) i`, where φ is negative but in
    /// the inverse, and a sine is the cosine of a quarter turn less.
    var angles: Tensor {
        let step = (isInverse ? 2 : -2) * Double.pi / Double(length)
        var angles: [Double] = []
        angles.reserveCapacity(elementCount)
        for place in 0..<steps {
            for part in 0..<parts {
                for frequency in 0..<frequencies {
                    let angle = step * Double(place * frequency % length) + Double(part) * .pi / 2
                    angles += [angle, angle - .pi / 2]
                }
            }
        }
        return Tensor(float64: angles, shape: [steps * parts, frequencies * 2])
    }
}
