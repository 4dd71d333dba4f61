import IR
import Pricing

/// HawkEye as a framework: its lowering of operators at its prices, so that it can be compared with a framework's own. It prices
/// forward passes; inputs and weights are shared.
struct HawkEyeFramework: Framework {
    /// HawkEye's prices.
    let prices: HawkEyePrices
    let facts: FrameworkFacts

    private let functions: HawkEyeFunctions

    /// HawkEye's view of a protocol.
    ///
    /// - Throws: ``HarrierError`` if the parameters are no sizes.
    init(_ name: HawkEyePrices.ProtocolName, parameters: HawkEyePrices.Parameters = .init()) throws {
        let configuration = ["L": "\(parameters.ring)", "f": "\(parameters.fraction)", "prices": "hawkeye"]
        self.init(
            prices: try HawkEyePrices(name, parameters: parameters),
            info: FrameworkInfo(
                name: "hawkeye-" + name.rawValue.lowercased(), title: "\(name.rawValue) by HawkEye",
                version: "d737722", threatModel: "as the protocol", parties: parameters.parties,
                supportedParties: parameters.parties...parameters.parties, configuration: configuration,
                configurationKeys: [], offline: "what HawkEye's table calls offline"))
    }

    init(prices: HawkEyePrices, info: FrameworkInfo) {
        self.prices = prices
        functions = HawkEyeFunctions(prices: prices)
        facts = Self.facts(info, prices)
    }

    private static func facts(_ info: FrameworkInfo, _ prices: HawkEyePrices) -> FrameworkFacts {
        var facts = FrameworkFacts(info)
        // HawkEye shares inputs and weights.
        facts.defaultVisibility = VisibilityPolicy()
        // The ring and the fraction of the parameters.
        facts.fixedPoint = FixedPointFormat(
            ringBits: prices.parameters.ring, fractionBits: prices.parameters.fraction)
        // Sharing and opening at the prices of the table.
        facts.inputOutputCost = { inputs, outputs in
            func cost(_ primitive: HawkEyePrices.Primitive, _ types: [TensorType]) -> Cost {
                let count = types.reduce(0) { $0 +| ($1.elementCount ?? 0) }
                return count == 0 ? .zero : prices.price(primitive, Sizes(n: count))?.cost ?? .zero
            }
            return cost(.share, inputs) + cost(.open, outputs)
        }
        return facts
    }

    /// HawkEye's lowering of an operator at its prices; nil if it has none.
    func price(_ site: OperatorSite) throws -> OperatorPrice? { try Self.rows.price(site, functions) }
}

extension HawkEyeFramework {
    typealias Row = OperatorRow<HawkEyeFunctions>
    typealias Site = Operation<HawkEyeFunctions>

    /// HawkEye's lowering where it is not the standard one.
    private static let rows = StandardOperators<HawkEyeFunctions>.table(own: [
        // It has none of these functions.
        Row("Floor", "Ceil", "Round") { _ in nil },
        Row("Conv", price: convolution),
        Row("Exp") { $0.price([$0.functions.powerOfE(try $0.count(0))]) },
        Row("Pow") { operation in
            let (count, functions) = (try operation.count(0), operation.functions)
            // Whoever writes a model for HawkEye writes a square as a product, because its power takes logarithms.
            if operation.number(1) == 2 { return operation.price(try functions.scaledProduct(count)) }
            return operation.price([
                functions.expanded("log2_fx", .log2, count), functions.expanded("exp2_fx", .exp2, count),
            ])
        },
        Row("Gelu") { operation in
            let (count, functions) = (try operation.count(0), operation.functions)
            let steps = [
                functions.products(count).repeated(3), functions.truncate(count, isNonNegative: false).repeated(6),
            ]
            return operation.price([functions.tanh(count)] + steps)
        },
        Row("BatchNormalization") { operation in
            let count = try operation.count(0)
            let scaling = Call("scale", try operation.functions.scaledProduct(count))
            return operation.price([scaling.repeated(2)])
        },
        Row("LayerNormalization") { operation in
            let (extent, functions) = (try operation.extent(0), operation.functions)
            let axis = try operation.node.int("axis")
            let first = axis < 0 ? axis + extent.rank : axis
            let rows = Extent(Array(extent.lengths.prefix(max(0, first)))).count
            let mean = functions.truncate(rows, isNonNegative: false)
            let scaling = Call("scale", try functions.scaledProduct(extent.count))
            return operation.price([
                mean, Call("variance", try functions.scaledProduct(extent.count) + [mean.repeated(2)]),
                functions.inverseSqrt(rows), scaling.repeated(2),
            ])
        },
    ])

    /// A convolution is a product of kernels and unfolded images, or, with groups, one product a channel of the result.
    private static func convolution(_ operation: Site) throws -> OperatorPrice {
        let convolution = try operation.convolution()
        let functions = operation.functions
        let truncation = functions.truncate(convolution.resultCount, isNonNegative: false)
        if convolution.group == 1, let price = functions.prices.price(convolution) {
            return operation.price([Call("conv2d", cost: price.cost), truncation])
        }
        let unfolded = convolution.unfolded
        if convolution.group == 1 {
            return operation.price([functions.matmul(MatrixProduct(unfolded.r, unfolded.q, unfolded.p)), truncation])
        }
        // One loop over the first channel of each group, one over the others; HawkEye counts the rounds of a loop once.
        func channels(_ count: Int) -> Call {
            functions.matmul(
                MatrixProduct(batch: convolution.group *| count, unfolded.p, unfolded.q, 1))
        }
        let first = functions.prices.firstChannels(convolution)
        return operation.price([channels(1), first, channels(max(0, unfolded.r - 1)), truncation])
    }
}
