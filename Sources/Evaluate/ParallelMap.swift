import Dispatch
import Synchronization

extension Array where Element: Sendable {
    /// The results of a function for all elements, in order, computed on all cores at once.
    ///
    /// - Parameter progress: told after each element how many are done.
    /// - Throws: what the function throws for the first element for which it does.
    package func parallelMap<Output: Sendable, Failure: Error>(
        progress: @Sendable (Int) -> Void = { _ in }, _ body: @Sendable (Element) throws(Failure) -> Output
    ) throws(Failure) -> [Output] {
        let results = Mutex<[Int: Result<Output, Failure>]>([:])
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let result = Result { () throws(Failure) in try body(self[index]) }
            let done = results.withLock {
                $0[index] = result
                return $0.count
            }
            progress(done)
        }
        let found = results.withLock { $0 }
        var outputs: [Output] = []
        outputs.reserveCapacity(count)
        for index in indices {
            if let output = try found[index]?.get() { outputs.append(output) }
        }
        return outputs
    }
}
