/// A walk over the elements of a shape, row by row, for several operands of which each has its own strides: broadcast
/// operands have stride 0, transposed and sliced ones any. Neighbouring axes that every operand runs through evenly are joined.
struct StridedLoop {
    /// Elements in one row.
    let rowLength: Int
    /// Number of rows.
    let rowCount: Int
    /// For each operand the distance between neighbours of a row.
    let rowStrides: [Int]
    private let outerShape: [Int]
    private let outerStrides: [[Int]]
    private let offsets: [Int]

    /// The walk over `shape`, in row-major order, with one list of strides and one first offset for each operand.
    init(shape: [Int], strides: [[Int]], offsets: [Int]) {
        var lengths: [Int] = []
        var steps = [[Int]](repeating: [], count: strides.count)
        for axis in shape.indices where shape[axis] != 1 {
            if let last = lengths.last,
                strides.indices.allSatisfy({ steps[$0].last! == strides[$0][axis] &* shape[axis] })
            {
                lengths[lengths.count - 1] = last &* shape[axis]
                for operand in strides.indices { steps[operand][lengths.count - 1] = strides[operand][axis] }
            } else {
                lengths.append(shape[axis])
                for operand in strides.indices { steps[operand].append(strides[operand][axis]) }
            }
        }
        rowLength = lengths.last ?? 1
        rowStrides = steps.map { $0.last ?? 1 }
        outerShape = Array(lengths.dropLast())
        outerStrides = steps.map { Array($0.dropLast()) }
        rowCount = outerShape.reduce(1, *)
        self.offsets = offsets
    }

    /// Calls `body` with each row's number and every operand's offset of its first element.
    @inline(__always)
    func forEachRow(_ body: (_ row: Int, _ offsets: UnsafePointer<Int>) -> Void) {
        guard rowCount > 0, rowLength > 0 else { return }
        var position = [Int](repeating: 0, count: outerShape.count)
        var current = offsets
        for row in 0..<rowCount {
            current.withUnsafeBufferPointer { body(row, $0.baseAddress!) }
            var axis = outerShape.count - 1
            while axis >= 0 {
                position[axis] += 1
                for operand in current.indices { current[operand] += outerStrides[operand][axis] }
                if position[axis] < outerShape[axis] { break }
                for operand in current.indices {
                    current[operand] -= outerStrides[operand][axis] * outerShape[axis]
                }
                position[axis] = 0
                axis -= 1
            }
        }
    }
}
