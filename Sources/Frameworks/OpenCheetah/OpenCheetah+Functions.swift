import IR
import Pricing

extension OpenCheetah {
    /// Cheetah's secure functions, as pure values: what a call sends.
    struct Functions: SCIFunctions {
        /// The configuration in force.
        let settings: Settings
        /// The non-linear protocols.
        let protocols: Protocols
        /// The linear protocols.
        let linear: Linear

        /// The functions under that configuration.
        init(settings: Settings = Settings()) {
            self.settings = settings
            protocols = Protocols(bits: settings.bits)
            linear = Linear(bits: settings.bits)
        }

        var scalingPlace: SCI.ScalingPlace { settings.scalingPlace }
        var scalesSharedProducts: Bool { true }
        var rounds: SCI.Rounds {
            SCI.Rounds(mergesFlows: true, refill: (Protocols.refillBytes, Protocols.refillCorrelations))
        }

        func mul(_ product: ElementwiseProduct) throws -> Call {
            let step = linear.elementwise(try SCI.checked(product.result))
            return call(step.product(.sharedProduct, of: SCI.owner(product.sides)))
        }

        func square(_ count: Int) throws -> Call { call(linear.elementwise(try SCI.checked(count)).ofSquares) }

        /// The rows of the shared matrix one after another. Of two shared matrices it is the one with which less is sent.
        func matmul(_ product: MatrixProduct) throws -> Call {
            let product = try SCI.checked(product)
            let byLeft = linear.matrixProduct(rows: product.p, length: product.q, columns: product.r)
            let byRight = linear.matrixProduct(rows: product.r, length: product.q, columns: product.p)
            let owner = SCI.owner(product.sides)
            let step =
                switch owner {
                case .serverHasLeft, .clientHasLeft: byRight
                case .serverHasRight, .clientHasRight: byLeft
                case .nobody: byRight.server + byRight.client < byLeft.server + byLeft.client ? byRight : byLeft
                }
            return call(step.product(.sharedMatmul, of: owner)).repeated(product.batch, independent: true)
        }

        func convolution(_ convolution: Convolution) throws -> Call {
            let owner = SCI.owner(convolution.sides)
            guard owner != .serverHasLeft, owner != .clientHasLeft else {
                throw Unpriced("OpenCheetah convolves shared images only")
            }
            let group = try SCI.checked(convolution).ofOneGroup.alongTwoAxes().withoutDilations
            let step = try linear.convolution(group)
            guard group != convolution || owner != .serverHasRight else { return call(step) }
            let calls = call(step.product(.composedConvolution, of: owner)).repeated(
                max(1, convolution.group), independent: true)
            return Call(SCI.Function.composedConvolution, sizes: Sizes(n: convolution.resultCount), [calls])
        }

        func transposedConvolution(_ convolution: Convolution) throws -> Call {
            let call = try self.convolution(try SCI.checked(convolution).ofSpreadImages)
            return Call(SCI.Function.composedConvolution, sizes: Sizes(n: convolution.resultCount), [call])
        }

        func scaleChannels(_ images: Extent, sides: Sides) throws -> Call {
            guard settings.normalization == .channelwise else {
                return try mul(
                    ElementwiseProduct(left: images.count, right: images[1], result: images.count, sides: sides))
            }
            _ = try SCI.checked(images.count)
            let step = linear.scaleChannels(
                batch: images[0], channels: images[1], height: images[2],
                width: images.lengths.dropFirst(3).reduce(1, *))
            return call(step.product(.sharedProduct, of: SCI.owner(sides)))
        }

        func ltz(_ count: Int) throws -> Call {
            call(protocols.sci.drelu(bits: settings.bits, try SCI.checked(count)))
        }

        /// SCI's equality of shares (SCI/src/Millionaire/equality.h): read from the source, run nowhere in OpenCheetah's networks.
        func eqz(_ count: Int) throws -> Call {
            call(protocols.sci.equality(bits: settings.bits, try SCI.checked(count)))
        }

        func select(_ count: Int) throws -> Call {
            call(protocols.sci.multiplexer(bits: settings.bits, try SCI.checked(count)))
        }

        func bitToNumber(_ count: Int) throws -> Call {
            call(protocols.sci.b2a(bits: settings.bits, try SCI.checked(count)))
        }

        /// A known sign saves nothing: it is made known by an offset.
        func truncate(_ count: Int, isNonNegative: Bool) throws -> Call {
            guard settings.scalingPlace != .none else { return Call(SCI.Function.truncate, sizes: Sizes(n: count), []) }
            return call(protocols.truncate(shift: settings.scale, try SCI.checked(count)))
        }

        /// What scales down afterwards compares fewer bits, too.
        func reluStep(_ count: Int, scalesDown: Bool) -> SCI.Step {
            let scalesDown = scalesDown && settings.scale > 0
            let dropped = scalesDown ? settings.scale * 3 / 2 : settings.scale
            let relu =
                settings.isApproximate
                ? protocols.approximateRelu(dropped: dropped, count) : protocols.exactRelu(count)
            guard scalesDown else { return relu }
            return SCI.Step(
                .relu, relu.parts + [protocols.truncate(shift: settings.scale, count)], settings.bits, count)
        }

        func maxPoolStep(rows: Int, length: Int) -> SCI.Step { protocols.maxPool(rows: rows, length: length) }

        func argMaxStep(length: Int) -> SCI.Step { protocols.argMax(length: length) }

        func divideStep(by divisor: Int, _ count: Int) throws -> SCI.Step {
            guard (6 * divisor).ceilLog2 < settings.bits else {
                throw Unpriced("shares of \(settings.bits) bits are too short to be divided by \(divisor)")
            }
            return protocols.divide(by: divisor, count)
        }
    }
}

extension OpenCheetah.Functions: SCIMathFunctions {
    var format: SCI.FixedPoint { SCI.FixedPoint(bits: settings.bits, scale: settings.scale) }

    /// SCI's mathematical library stands in OpenCheetah's sources and is built without `USE_CHEETAH` (SCI/src/Math/CMakeLists.txt): over the
    /// transfers of CryptFlow2, for its products are made of batches of them, which Ferret's have not (`send_batched_cot`).
    var library: SCI.Protocols { SCI.Protocols(isUniform: false, hasTwoConnections: false) }
}
