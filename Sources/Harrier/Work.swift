import Foundation

/// How far a long work is.
public struct WorkProgress: Hashable, Sendable {
    /// What is being done, in a phrase.
    public var text: String
    /// How many parts of it are done.
    public var done: Int
    /// How many parts it has; nil if nobody knows.
    public var total: Int?

    /// The given state.
    public init(_ text: String, done: Int = 0, of total: Int? = nil) {
        self.text = text
        self.done = done
        self.total = total
    }
}

/// Is told how far a work is, from any thread.
public typealias ProgressHandler = @Sendable (WorkProgress) -> Void

/// Does a work of which every error is told as a ``HarrierError``.
func telling<Value>(_ work: () throws -> Value) throws(HarrierError) -> Value {
    do {
        return try work()
    } catch let error as HarrierError {
        throw error
    } catch {
        throw HarrierError(String(describing: error))
    }
}

/// Does a work of seconds or minutes on a thread of its own, which leaves the few threads of Swift's concurrency free.
func onThread<Value: Sendable>(
    _ work: @escaping @Sendable () throws(HarrierError) -> Value
) async throws(HarrierError) -> Value {
    let result: Result<Value, HarrierError> = await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: Result(catching: work)) }
    }
    return try result.get()
}
