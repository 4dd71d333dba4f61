import Pricing
import Testing

@Suite("convolutions as matrix products")
struct ConvolutionTests {
    @Test("a group multiplies its own channels only")
    func groups() {
        func unfolded(_ group: Int) -> MatrixProduct {
            Convolution(
                batch: 2, inputChannels: 8, outputChannels: 12, input: [6, 6], kernel: [3, 3], output: [4, 4],
                strides: [1, 1], padsBegin: [0, 0], padsEnd: [0, 0], dilations: [1, 1], group: group, sides: .shared
            ).unfolded
        }
        #expect(unfolded(1) == MatrixProduct(batch: 1, 2 * 4 * 4, 3 * 3 * 8, 12, sides: .shared))
        #expect(unfolded(4) == MatrixProduct(batch: 4, 2 * 4 * 4, 3 * 3 * 2, 3, sides: .shared))
    }
}
