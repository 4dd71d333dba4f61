import Dispatch
import Synchronization

extension Array where Element: Sendable {
    /// The results of a function for all elements, in order, computed on all cores.
    ///
    /// - Parameter progress: told after each element how many are done.
    func concurrentMap<Output: Sendable>(
        progress: @Sendable (Int) -> Void = { _ in }, _ body: @Sendable (Element) throws -> Output
    ) throws -> [Output] {
        let results = Mutex<[Int: Result<Output, any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let result = Result { try body(self[index]) }
            let done = results.withLock {
                $0[index] = result
                return $0.count
            }
            progress(done)
        }
        return try results.withLock { found in try indices.compactMap { try found[$0]?.get() } }
    }
}
