import Pricing

extension SPU {
    /// A tensor as SPU's HAL sees it: how many elements, how they are shared, and what they stand for.
    struct Value: Hashable, Sendable {
        /// How a tensor is held.
        enum Share: Hashable, Sendable {
            /// Everybody has it; the width of its largest element, which the width of a result can depend on.
            case plain(bits: Int)
            /// Shares that add up to it.
            case arithmetic
            /// Shares whose exclusive or it is, typed with a width.
            case boolean(bits: Int)
        }

        /// What the ring elements encode.
        enum Kind: Hashable, Sendable {
            case fixedPoint
            case integer
        }

        /// Number of elements.
        var count: Int
        /// How it is held.
        var share: Share
        /// What it encodes.
        var kind = Kind.fixedPoint

        /// Whether everybody has it.
        var isPublic: Bool { if case .plain = share { true } else { false } }

        /// The width of a boolean share or a public value; nil for arithmetic shares.
        var bits: Int? {
            switch share {
            case .plain(let bits), .boolean(let bits): bits
            case .arithmetic: nil
            }
        }

        /// The same elements encoding something else.
        func typed(_ kind: Kind) -> Value { Value(count: count, share: share, kind: kind) }
    }

    /// SPU's hardware abstraction layer (`src/libspu/kernel/hal`) run on tensors without data: it calls the protocol's
    /// kernels that SPU would call, in SPU's order, and keeps what each of them sends.
    ///
    /// Operations are named as in the source. Which kernel runs depends on how the operands are shared, so that tensors carry
    /// that along (``Value``).
    struct HAL {
        /// The protocol.
        let kernels: any SPUKernels
        /// The configuration in force.
        let settings: Settings
        /// What has been called so far.
        private(set) var calls: [Call] = []
        /// Why SPU would have thrown, if it would.
        private(set) var failure: String?

        /// Nothing called yet.
        init(kernels: any SPUKernels, settings: Settings) {
            self.kernels = kernels
            self.settings = settings
        }

        /// Width of the ring.
        var ringBits: Int { kernels.ringBits }
        /// Fraction bits of fixed-point numbers.
        var fractionBits: Int { settings.fractionBits }

        /// Notes a call. Equal calls in a row become one with a count.
        mutating func record(_ call: Call) {
            guard call.count > 0, call.cost != .zero else { return }
            if let both = calls.last?.followed(by: call) {
                calls[calls.count - 1] = both
            } else {
                calls.append(call)
            }
        }

        /// Notes that SPU would throw here.
        mutating func fail(_ reason: String) { failure = failure ?? reason }

        /// What the body calls, as one call of a function.
        mutating func scope<Result>(
            _ function: Function, of sizes: Sizes, _ body: (inout HAL) -> Result
        ) -> Result {
            let outer = calls
            calls = []
            let result = body(&self)
            let call = Call(function, sizes: sizes, calls)
            calls = outer
            record(call)
            return result
        }

        /// What the body calls, as one call of a function of n elements.
        mutating func scope<Result>(_ function: Function, _ n: Int, _ body: (inout HAL) -> Result) -> Result {
            scope(function, of: Sizes(n: n), body)
        }

        /// What the body calls, as one call of a function of rows.
        mutating func scope<Result>(_ function: Function, _ rows: Rows, _ body: (inout HAL) -> Result) -> Result {
            scope(function, of: Sizes(n: rows.elements, p: rows.count, q: rows.length), body)
        }

        /// What the body calls, that many times, one after another.
        ///
        /// - Parameter isIndependent: whether the runs need nothing of each other.
        mutating func repeating(
            _ function: Function, _ times: Int, of sizes: Sizes, isIndependent: Bool, _ body: (inout HAL) -> Void
        ) {
            let outer = calls
            calls = []
            body(&self)
            let call = Call(function, sizes: sizes, calls).repeated(times, independent: isIndependent)
            calls = outer
            record(call)
        }

        /// What the body calls, that many times, each on n elements.
        mutating func repeating(
            _ function: Function, _ times: Int, of n: Int, isIndependent: Bool, _ body: (inout HAL) -> Void
        ) {
            repeating(function, times, of: Sizes(n: n), isIndependent: isIndependent, body)
        }
    }
}

// MARK: - Values

extension SPU.HAL {
    /// Arithmetic shares of n numbers.
    func secret(_ count: Int, _ kind: SPU.Value.Kind = .fixedPoint) -> SPU.Value {
        SPU.Value(count: count, share: .arithmetic, kind: kind)
    }

    /// A public number, the same for all elements.
    func constant(_ value: Double, like other: SPU.Value) -> SPU.Value {
        let scale = other.kind == .fixedPoint ? Double(sign: .plus, exponent: fractionBits, significand: 1) : 1
        let bits = value < 0 ? ringBits : min(ringBits, Self.width(value * scale))
        return SPU.Value(count: other.count, share: .plain(bits: bits), kind: other.kind)
    }

    /// A public ring element, the same for all elements.
    func ringConstant(_ value: Int, like other: SPU.Value) -> SPU.Value {
        let bits = value < 0 ? ringBits : Self.width(Double(value))
        return SPU.Value(count: other.count, share: .plain(bits: bits), kind: .integer)
    }

    /// A public tensor whose elements are not known.
    func plain(_ count: Int, _ kind: SPU.Value.Kind = .fixedPoint) -> SPU.Value {
        SPU.Value(count: count, share: .plain(bits: ringBits), kind: kind)
    }

    /// Number of bits of a whole number.
    private static func width(_ value: Double) -> Int {
        value < 1 ? 0 : value.exponent >= 128 ? 128 : Int(value.exponent) + 1
    }
}
