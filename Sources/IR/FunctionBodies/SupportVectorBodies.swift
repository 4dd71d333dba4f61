/// Support vector machines of `ai.onnx.ml` in ONNX's own operators.
extension NodeContext {
    /// `Σ cᵢ k(x, vᵢ) + ρ`, and with `one_class` the sign of that.
    ///
    /// - Returns: nil for kernels by the hyperbolic tangent of unknown parameters, and for linear models without support vectors.
    func supportVectorRegressor() throws -> [GraphBuilder.Term]? {
        let (x, count) = (try rows(), try int("n_supports"))
        let coefficients = try node.optionalFloats("coefficients") ?? []
        let vectors = try node.optionalFloats("support_vectors") ?? []
        guard let width = x.shape?.last?.value, count > 0, coefficients.count == count,
            vectors.count == [count, width].saturatingProduct(),
            let kernel = try kernel(of: x, vectors, count: count, width: width)
        else { return nil }
        var result = try kernel.matrixProduct(parameter("coefficients", coefficients, [count, 1]))
        if let offset = try node.optionalFloats("rho")?.first { result = try result + parameter("rho", [offset], [1]) }
        guard try flag("one_class") else { return try transformed(result).map { [$0] } }
        return [try result.isGreater(than: 0).chooses(result.scalar(1), else: result.scalar(-1))]
    }

    /// The kernel of each row with each support vector.
    private func kernel(
        of x: GraphBuilder.Term, _ vectors: [Float], count: Int, width: Int
    ) throws -> GraphBuilder.Term? {
        let parameters = try node.optionalFloats("kernel_params")?.map(Double.init) ?? []
        let (gamma, offset, degree) = (
            parameters.first ?? 1, parameters.count > 1 ? parameters[1] : 0, parameters.count > 2 ? parameters[2] : 3
        )
        let columns = (0..<width).flatMap { feature in (0..<count).map { vectors[$0 * width + feature] } }
        let products = try x.matrixProduct(parameter("support_vectors", columns, [width, count]))
        switch try node.string("kernel_type") {
        case "LINEAR": return products
        case "POLY": return try (products * gamma + offset).apply("Pow", products.scalar(degree))
        case "SIGMOID": return try (products * gamma + offset).apply("Tanh")
        case "RBF":
            // ‖x - v‖² = ‖x‖² - 2 x·v + ‖v‖²
            let norms = (0..<count).map { row in
                vectors[row * width..<(row + 1) * width].reduce(Float(0)) { $0 + $1 * $1 }
            }
            let squares = try x.reduced("ReduceSumSquare", axes: [1])
            let distances = try squares - products * 2 + parameter("squared_norms", norms, [count])
            return try (distances * -gamma).apply("Exp")
        default: return nil
        }
    }
}
