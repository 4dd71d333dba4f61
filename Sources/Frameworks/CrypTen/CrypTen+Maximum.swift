import IR
import Pricing
import Foundation

/// Maxima along an axis: `common/functions/maximum.py`.
extension CrypTen.Functions {
    /// `x.max(dim)`. Besides the maximum CrypTen always computes a one-hot argmax with random ties, which softmax and
    /// max_pool2d throw away.
    func maximum(_ extent: Extent, axis: Int) -> Call {
        call(.max, extent, along: axis, maximumCalls(extent, axis, settings.maximumMethod))
    }

    /// `x.max()` over all elements.
    func maximumOfAll(_ extent: Extent) -> Call {
        if extent.rank == 0 { return call(.max, extent, []) }
        let flat: Extent = [extent.count]
        switch settings.maximumMethod {
        case .logReduction, .doubleLogReduction:
            return call(.max, flat, along: 0, treeReduction(flat, 0, settings.maximumMethod))
        case .pairwise, .acceleratedCascade:
            return call(.max, flat, along: 0, [argmax(flat, axis: 0), mul(extent, extent, isScaled: false)])
        }
    }

    /// `x.argmax(dim)`, one-hot; turning it into an index is free.
    func argmax(_ extent: Extent, axis: Int) -> Call {
        call(.argmax, extent, along: axis, argmaxCalls(extent, axis, settings.maximumMethod))
    }

    private func maximumCalls(_ extent: Extent, _ axis: Int, _ method: CrypTen.Settings.MaximumMethod) -> [Call] {
        let index = argmaxCalls(extent, axis, method)
        // Only the pairwise method finds the place before the value.
        return method == .pairwise ? index + [mul(extent, extent, isScaled: false)] : index
    }

    private func argmaxCalls(_ extent: Extent, _ axis: Int, _ method: CrypTen.Settings.MaximumMethod) -> [Call] {
        let ties = weightedIndex(extent, axis: axis)
        if method == .pairwise { return pairwise(extent, axis) + [ties] }
        return treeReduction(extent, axis, method) + [eqz(extent), ties]
    }

    /// Every element against every other one; an element that wins all comparisons is a maximum.
    private func pairwise(_ extent: Extent, _ axis: Int) -> [Call] {
        let length = max(2, extent[axis])
        let comparisons = ltz(extent.stacked(length - 1))
        // From 128 comparisons on CrypTen adds them up and compares the sum.
        return [comparisons, length - 1 < 128 ? product(extent, count: length - 1) : ltz(extent)]
    }

    /// Product of that many unscaled tensors in a binary tree.
    private func product(_ extent: Extent, count: Int) -> Call {
        var levels: [Call] = []
        var factors = count
        while factors > 1 {
            let pairs = extent.stacked(factors / 2)
            levels.append(mul(pairs, pairs, isScaled: false))
            factors -= factors / 2
        }
        return call(.prod, extent, levels)
    }

    private func treeReduction(_ extent: Extent, _ axis: Int, _ method: CrypTen.Settings.MaximumMethod) -> [Call] {
        let length = max(1, extent[axis])
        switch method {
        case .pairwise: return maximumCalls(extent, axis, .pairwise)
        case .logReduction:
            // Natural logarithm: CrypTen stops halving early and compares the rest pairwise.
            let (halvings, rest) = halve(extent, axis, steps: Int(Foundation.log(Double(length))))
            return halvings + [call(.max, rest, along: axis, maximumCalls(rest, axis, .pairwise))]
        case .doubleLogReduction:
            return doubleLog(extent, axis)
        case .acceleratedCascade:
            if length < 3 { return maximumCalls(extent, axis, .pairwise) }
            let (halvings, rest) = halve(extent, axis, steps: Int(iteratedLogarithm(Double(length))) + 1)
            return halvings + doubleLog(rest, axis)
        }
    }

    /// Halves a row by comparing its first half with its second, that many times.
    private func halve(_ extent: Extent, _ axis: Int, steps: Int) -> ([Call], Extent) {
        var calls: [Call] = []
        var rest = extent
        for _ in 0..<max(0, steps) {
            let length = rest[axis]
            let half = rest.replacing(axis, with: length / 2)
            calls.append(call(.halve, half, [ltz(half), select(half, half, half)]))
            rest = rest.replacing(axis, with: length - length / 2)
        }
        return (calls, rest)
    }

    /// Rows of n are cut into blocks of √n, whose maxima are found recursively and then compared pairwise.
    private func doubleLog(_ extent: Extent, _ axis: Int) -> [Call] {
        guard extent.rank > 0 else { return [] }
        let index = axis < 0 ? axis + extent.rank : axis
        var lengths = extent.lengths
        lengths.insert(1, at: index + 1)
        return blocks(Extent(lengths), index)
    }

    private func blocks(_ extent: Extent, _ axis: Int) -> [Call] {
        let length = extent[axis]
        guard length > 1 else { return [] }
        let root = Int(Double(length).squareRoot())
        let columns = extent[axis + 1]
        let inner = extent.replacing(axis, with: root)
            .replacing(axis + 1, with: columns *| (length / root))
        let outer = extent.replacing(axis, with: length / root + length % root)
        return blocks(inner, axis) + [call(.max, outer, along: axis, maximumCalls(outer, axis, .pairwise))]
    }
}

extension CrypTen.Functions {
    /// `max_pool2d`: windows are laid out as rows, shares only moving about, and the maximum of each row is taken.
    ///
    /// - Parameters:
    ///   - result: the shape of the result, N × C × spatial axes.
    ///   - window: number of elements in a window.
    func maxPool(_ result: Extent, window: Int) -> Call {
        let places = result.lengths.dropFirst(2).saturatingProduct()
        let windows: Extent = [result[0], result[1], places, window]
        return call(.maxPool2d, windows, along: -1, [maximum(windows, axis: -1)])
    }
}

/// `log(log(log(x)))`
private func iteratedLogarithm(_ value: Double) -> Double { log(log(log(value))) }
