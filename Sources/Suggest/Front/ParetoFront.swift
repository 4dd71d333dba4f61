/// Points of which none is dominated: none is at least as good in everything as another, and better in something.
package enum ParetoFront {
    /// The positions of the points that no other dominates, in the order given. Of equal points the first stays.
    ///
    /// - Parameter points: the figures of each point, all of which are to be small; as many for each.
    /// - Complexity: quadratic.
    package static func positions(of points: [[Double]]) -> [Int] {
        points.indices.filter { index in
            !points.indices.contains { other in
                guard other != index, zip(points[other], points[index]).allSatisfy({ $0 <= $1 }) else { return false }
                return points[other] != points[index] || other < index
            }
        }
    }
}
