extension OperatorTable {
    /// Fourier transforms, windows and filter banks.
    static let signalOperators: [OperatorDefinition] = [
        window("BlackmanWindow").since(17),
        window("HammingWindow").since(17),
        window("HannWindow").since(17),
        OperatorDefinition(
            "DFT", inputs: 1...3, attributes: [.optional("inverse", .int(0)), .optional("onesided", .int(0))],
            body: { try $0.fourierTransform() }
        ) { try $0.inferFourierTransform() }.since(17),
        OperatorDefinition(
            "MelWeightMatrix", inputs: 5...5, attributes: [.optional("output_datatype", .int(1))]
        ) { inference in
            let bins = try inference.length(0)
            let spectrum = try inference.length(1).value.map { Dimension.known($0 / 2 +| 1) }
            inference.setOutput(
                0, try inference.elementTypeAttribute("output_datatype") ?? .float32, [spectrum ?? .unknown, bins])
        }.since(17),
        OperatorDefinition("STFT", inputs: 2...4, attributes: [.optional("onesided", .int(1))]) {
            try $0.inferShortTimeTransform()
        }.since(17),
    ]

    private static func window(_ name: OperatorName) -> OperatorDefinition {
        OperatorDefinition(
            name, inputs: 1...1, attributes: [.optional("output_datatype", .int(1)), .optional("periodic", .int(1))]
        ) { inference in
            let length = try inference.length(0)
            inference.setOutput(0, try inference.elementTypeAttribute("output_datatype") ?? .float32, [length])
        }
    }
}

extension TypeInference {
    /// The length that is the value of a scalar integer input.
    fileprivate func length(_ index: Int) throws -> Dimension {
        guard let length = try integers(index)?.first else { return .unknown }
        guard length >= 0 else { throw HarrierError("\(node.op) has a negative length, \(length)") }
        return .known(length)
    }

    private func spectrumLength(_ length: Dimension, onesided: Bool) -> Dimension {
        guard onesided, let count = length.value else { return onesided ? .unknown : length }
        return .known(count / 2 +| 1)
    }

    fileprivate mutating func inferFourierTransform() throws {
        let onesided = try node.flag("onesided")
        let inverse = try node.flag("inverse")
        guard var shape = try shape(0, rank: 2...Int.max) else { return setOutput(0, elementType(0), nil) }
        let rank = shape.count
        // The last axis holds real and imaginary parts.
        shape[rank - 1] = onesided && inverse ? 1 : 2
        let givenAxis = has(2) ? try integers(2)?.first : -2
        guard let givenAxis else {
            for axis in 0..<rank - 1 where has(1) || onesided { shape[axis] = .unknown }
            return setOutput(0, elementType(0), shape)
        }
        let axis = try normalized(axis: givenAxis, rank: rank)
        guard axis < rank - 1 else { throw HarrierError("DFT cannot transform the axis of real and imaginary parts") }
        let length = has(1) ? try length(1) : shape[axis]
        if onesided && inverse {
            // Without a length, the spectrum is taken to be that of a signal of even length.
            shape[axis] = has(1) ? length : length.value.map { .known(2 *| max(0, $0 -| 1)) } ?? .unknown
        } else {
            shape[axis] = spectrumLength(length, onesided: onesided)
        }
        setOutput(0, elementType(0), shape)
    }

    fileprivate mutating func inferShortTimeTransform() throws {
        let signal = try shape(0, rank: 2...3)
        let step = try integers(1)?.first
        if let step, step <= 0 { throw HarrierError("STFT must have a positive step, not \(step)") }
        var frame = try length(3)
        if !has(3) { frame = try shape(2, rank: 1...1)?[0] ?? .unknown }
        var frames = Dimension.unknown
        if let length = signal?[1].value, let step, let size = frame.value {
            guard size <= length else {
                throw HarrierError("STFT has frames of \(size) elements over a signal of \(length)")
            }
            frames = .known((length - size) / step +| 1)
        }
        let onesided = try node.flag("onesided")
        setOutput(
            0, elementType(0),
            [signal?[0] ?? .unknown, frames, spectrumLength(frame, onesided: onesided), 2])
    }
}
