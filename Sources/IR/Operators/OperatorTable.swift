/// All operators that Harrier knows, one row each. The rows are in the family files beside this one.
public enum OperatorTable {
    /// The row of an operator; nil if Harrier does not know it, in which case it passes through untouched.
    public static subscript(name: OperatorName) -> OperatorDefinition? { rows[name] }

    /// All rows, by operator name.
    public static let rows: [OperatorName: OperatorDefinition] = {
        let families = [
            activationOperators, classicalOperators, controlOperators, convolutionOperators, dataMovementOperators,
            elementwiseOperators,
            generatorOperators, indexingOperators, laterOperators, linearAlgebraOperators, logicOperators,
            lossOperators,
            normalizationOperators, poolingOperators, protocolLevelOperators, quantizationOperators, recurrentOperators,
            reductionOperators, resamplingOperators, reshapingOperators, signalOperators, textOperators,
            trainingOperators,
        ]
        return Dictionary(uniqueKeysWithValues: families.joined().map { ($0.name, $0) })
    }()
}
