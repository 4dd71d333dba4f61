import Dispatch
import Synchronization

extension Array where Element: Sendable {
    /// The results of a function for all elements, in order, computed on all cores.
    func concurrentMap<Output: Sendable>(_ body: @Sendable (Element) throws -> Output) throws -> [Output] {
        let results = Mutex<[Int: Result<Output, any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let result = Result { try body(self[index]) }
            results.withLock { $0[index] = result }
        }
        return try results.withLock { found in try indices.compactMap { try found[$0]?.get() } }
    }
}
