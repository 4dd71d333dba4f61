import Profiler

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

    /// The rest in words: `about 12 s left`; nil as long as no part is done.
    func text(at now: ContinuousClock.Instant) -> String? {
        guard let start, let last, done > 0, total >= done, last > start else { return nil }
        // A part took as long as the average of those before; what has passed of the current one counts.
        let each = (last - start) / done
        let left = each * (total - done) - (now - last)
        let seconds = left.components.seconds
        if seconds < 1 { return "nearly done" }
        return "about \(seconds < 100 ? "\(seconds) s" : DurationFormat.seconds(Double(seconds))) left"
    }
}
