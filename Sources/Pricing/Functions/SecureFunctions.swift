import IR

/// The secure functions of a framework: what each sends, as a call tree, over a number of elements.
///
/// A framework gives the primitives; what it does not say about the functions above them is made of the primitives by the
/// recipes of `SecureFunctions+*.swift`. A framework that has a function of its own gives it, too. Products do not
/// truncate: whoever multiplies two fixed-point numbers truncates once afterwards.
package protocol SecureFunctions: Sendable {
    // MARK: Primitives

    /// Elementwise product of two secrets, without truncation.
    func mul(_ product: ElementwiseProduct) throws -> Call
    /// Matrix product of two secrets, without truncation.
    func matmul(_ product: MatrixProduct) throws -> Call
    /// Division of fixed-point products by the scale.
    ///
    /// - Parameter isNonNegative: the values are known not to be negative, which saves some protocols a sign test.
    func truncate(_ count: Int, isNonNegative: Bool) throws -> Call
    /// The bit `x < 0`, shared arithmetically.
    func ltz(_ count: Int) throws -> Call

    // MARK: Functions with recipes

    /// How iterative functions are run.
    var recipe: Recipe { get }
    /// Squares, without truncation.
    func square(_ count: Int) throws -> Call
    /// Secret bit times secret value, without truncation.
    func select(_ count: Int) throws -> Call
    /// Logical AND of secret bits.
    func and(_ count: Int) throws -> Call
    /// The bit `x = 0`.
    func eqz(_ count: Int) throws -> Call
    /// Convolution, without truncation.
    func convolution(_ convolution: Convolution) throws -> Call
    /// Images times one number a channel, without truncation.
    func scaleChannels(_ images: Extent, sides: Sides) throws -> Call
    /// `max(x, 0)`
    func relu(_ count: Int) throws -> Call
    /// `min(max(x, low), high)` with public bounds.
    func clip(_ count: Int) throws -> Call
    /// Maxima of rows.
    func maximum(rows: Int, length: Int) throws -> Call
    /// Positions of the maxima of rows.
    func argmax(rows: Int, length: Int) throws -> Call
    /// Sums divided by a public number.
    func mean(_ count: Int) throws -> Call
    /// `e^x`
    func exp(_ count: Int) throws -> Call
    /// Natural logarithm.
    func log(_ count: Int) throws -> Call
    /// `1/x`
    ///
    /// - Parameter isPositive: no sign has to be taken off and put back.
    func reciprocal(_ count: Int, isPositive: Bool) throws -> Call
    /// `1/√x`
    func inverseSqrt(_ count: Int) throws -> Call
    /// `√x`
    func sqrt(_ count: Int) throws -> Call
    /// Logistic function.
    func sigmoid(_ count: Int) throws -> Call
    /// Hyperbolic tangent.
    func tanh(_ count: Int) throws -> Call
    /// Error function.
    func erf(_ count: Int) throws -> Call
    /// `exp(x - max) / sum` of rows.
    func softmax(rows: Int, length: Int) throws -> Call
    /// `x - max - log(sum of exp(x - max))` of rows.
    func logSoftmax(rows: Int, length: Int) throws -> Call
}

/// Iteration counts of the recipes. They are CrypTen's defaults, which hold 16 bits after the binary point.
package struct Recipe: Hashable, Sendable {
    /// Squarings in `exp`.
    package var expIterations = 8
    /// Newton steps of `reciprocal`.
    package var reciprocalIterations = 10
    /// Newton steps of the reciprocal inside `sigmoid`, whose operand lies between 1 and 2.
    package var sigmoidIterations = 3
    /// Newton steps of `inv_sqrt`.
    package var sqrtIterations = 3
    /// Householder steps of `log`.
    package var logIterations = 2
    /// Degree of the polynomial in a step of `log`.
    package var logOrder = 8

    /// The defaults.
    package init() {}
}

/// Elementwise product of two secrets, broadcast to each other.
package struct ElementwiseProduct: Hashable, Sendable {
    /// Elements of the left operand, before broadcasting.
    package var left: Int
    /// Elements of the right operand, before broadcasting.
    package var right: Int
    /// Elements of the result.
    package var result: Int
    /// Who knows the operands.
    package var sides: Sides

    /// A product of operands of these element counts.
    package init(left: Int, right: Int, result: Int, sides: Sides = .shared) {
        self.left = left
        self.right = right
        self.result = result
        self.sides = sides
    }

    /// A product of operands of equal shape.
    package init(_ count: Int, sides: Sides = .shared) {
        self.init(left: count, right: count, result: count, sides: sides)
    }

    /// The sizes of the product, for its call: `n` of the result, `p` of the left and `r` of the right operand.
    package var sizes: Sizes { Sizes(n: result, p: left, r: right).known(to: sides) }
}
