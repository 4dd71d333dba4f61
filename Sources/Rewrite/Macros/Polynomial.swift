import IR

extension Macros {
    /// `Polynomial <coefficients> (x)`: c₀ + c₁x + c₂x² + …, in blocks of as many powers as make the products of secret
    /// values few (Paterson and Stockmeyer 1973): about 2√n of them for degree n.
    static let polynomial: Writer = { node in
        let x = try node.input(0)
        guard let coefficients = try node.node.optionalFloats("coefficients")?.map(Double.init), coefficients.count > 1
        else {
            throw Refusal()
        }
        return try PolynomialWriter(x: x, coefficients: coefficients).write()
    }
}

private struct PolynomialWriter {
    let x: GraphBuilder.Term
    let coefficients: [Double]

    /// Coefficients in a block: the number for which the powers inside of blocks and the products that join them are fewest.
    private var blockLength: Int {
        let count = coefficients.count
        return (2...max(count, 2)).min { products($0, count) < products($1, count) } ?? count
    }

    private func products(_ length: Int, _ count: Int) -> Int {
        let blocks = (count + length - 1) / length
        // A single block needs the powers below its length only, several need that of its length, too.
        return blocks == 1 ? length - 2 : length - 1 + blocks - 1
    }

    func write() throws -> GraphBuilder.Term {
        let length = blockLength
        let blocks = stride(from: 0, to: coefficients.count, by: length).map {
            Array(coefficients[$0..<min($0 + length, coefficients.count)])
        }
        var powers = [x]
        let needed = blocks.count == 1 ? length - 1 : length
        while powers.count < needed { powers.append(try nextPower(powers)) }
        var result = try sum(blocks[blocks.count - 1], powers)
        for block in blocks.dropLast().reversed() {
            result = try result * powers[length - 1] + sum(block, powers)
        }
        return result
    }

    /// The power after those that are there, of two as equal as can be, so that few products follow each other.
    private func nextPower(_ powers: [GraphBuilder.Term]) throws -> GraphBuilder.Term {
        let exponent = powers.count + 1
        let half = powers[exponent / 2 - 1]
        return exponent % 2 == 0 ? try half.squared() : try half * powers[exponent - exponent / 2 - 1]
    }

    private func sum(_ block: [Double], _ powers: [GraphBuilder.Term]) throws -> GraphBuilder.Term {
        var result: GraphBuilder.Term?
        for (exponent, coefficient) in block.enumerated().dropFirst() where coefficient != 0 {
            let power = powers[exponent - 1]
            let term = coefficient == 1 ? power : try power * coefficient
            result = try result.map { try $0 + term } ?? term
        }
        guard let sum = result else { return x.scalar(block[0]) }
        return block[0] == 0 ? sum : try sum + block[0]
    }
}
