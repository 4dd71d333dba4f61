import Dispatch
import Synchronization

extension Array where Element: Sendable {
    /// The results of a function for all elements, in order, computed on all cores at once.
    package func parallelMap<Result: Sendable>(_ body: @Sendable (Element) -> Result) -> [Result] {
        let results = Mutex<[Int: Result]>([:])
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let result = body(self[index])
            results.withLock { $0[index] = result }
        }
        return results.withLock { found in indices.compactMap { found[$0] } }
    }
}
