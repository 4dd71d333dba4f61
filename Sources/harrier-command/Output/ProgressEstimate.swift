import Harrier

/// How long a work in equal parts may still take, by how long its parts took so far.
struct ProgressEstimate {
    /// Parts that are done.
    private(set) var done = 0
    private var total = 0
    /// When the work, or its current stage, began.
    private var start: ContinuousClock.Instant?
    private var last: ContinuousClock.Instant?

    /// Notes how far the work is. Fewer parts done than before, or another number of parts, begin a new stage.
    mutating func note(done: Int, of total: Int, at now: ContinuousClock.Instant) {
        if start == nil || total != self.total || done < self.done { start = now }
        (self.done, self.total, last) = (done, total, now)
    }

    /// The rest in words: `about 12 s left`; nil before the first part is done and after the last.
    func text(at now: ContinuousClock.Instant) -> String? {
        guard let start, let last, done > 0, done < total, last > start else { return nil }
        // A part takes as long as the average of those before, and no less than the one that is under way suggests.
        let each = max((last - start) / done, (now - start) / (done + 1))
        let left = (each * total - (now - start)).components.seconds
        if left < 1 { return "nearly done" }
        return "about \(left < 100 ? "\(left) s" : DurationFormat.seconds(Double(left))) left"
    }
}
