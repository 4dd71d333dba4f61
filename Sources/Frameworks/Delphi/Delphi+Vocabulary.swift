import Pricing

extension Delphi {
    /// What Delphi's operators call.
    enum Function: String, FunctionVocabulary {
        case share, ciphertexts, linear, relu6, labels, beaver, open, quadratic, square
        case garbledCircuit = "garbled_circuit"
        case maskLabels = "mask_labels"
        case obliviousTransfer = "oblivious_transfer"
    }
}
