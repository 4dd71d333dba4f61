import IR
import Pricing

extension SCI {
    /// A protocol as it was priced: a tree of steps with the bytes of each party, from which call trees are made.
    struct Step: Hashable, Sendable {
        /// Which protocol it is.
        let function: Function
        /// What is said, if it is a primitive.
        let exchange: Exchange
        /// What it consists of, in order, if it is not.
        let parts: [Step]
        /// How often it is run, one after another.
        let count: Int
        /// What it works on.
        let sizes: Sizes

        /// A primitive.
        init(_ function: Function, _ exchange: Exchange, sizes: Sizes) {
            self.function = function
            self.exchange = exchange
            self.sizes = sizes
            parts = []
            count = 1
        }

        /// A protocol made of others.
        init(_ function: Function, count: Int = 1, sizes: Sizes, _ parts: [Step]) {
            self.function = function
            self.parts = parts
            self.count = count
            self.sizes = sizes
            exchange = .none
        }

        /// A protocol on nothing, or that has nothing to do.
        init(nothing function: Function) { self.init(function, sizes: Sizes(), []) }

        /// Bytes that the server sends.
        var server: Int { count * (exchange.server + parts.reduce(0) { $0 + $1.server }) }
        /// Bytes that the client sends.
        var client: Int { count * (exchange.client + parts.reduce(0) { $0 + $1.client }) }

        /// The same with the parties swapped.
        var reversed: Step {
            parts.isEmpty
                ? Step(function, exchange.reversed, sizes: sizes)
                : Step(function, count: count, sizes: sizes, parts.map(\.reversed))
        }

        /// The same as another protocol.
        func renamed(_ function: Function) -> Step {
            parts.isEmpty ? Step(function, exchange, sizes: sizes) : Step(function, count: count, sizes: sizes, parts)
        }
    }

    /// How messages become rounds: each message is one, unless on a single connection the same party spoke last, for
    /// then its two messages are one flow. Bytes become costs on the way.
    struct Rounds {
        /// Whether consecutive messages of one party count once, as a single connection shows them.
        let mergesFlows: Bool
        /// Bytes that one correlation of a silent extension costs beforehand, as a fraction.
        let refill: (bytes: Int, correlations: Int)?
        private var last: Message?

        init(mergesFlows: Bool, refill: (bytes: Int, correlations: Int)? = nil) {
            self.mergesFlows = mergesFlows
            self.refill = refill
        }

        /// The call tree of a protocol that begins where the last one ended.
        mutating func calls(_ step: Step) -> [Call] {
            guard step.count > 0 else { return [] }
            let first = once(step)
            guard step.count > 1 else { return [first] }
            // Later runs may begin with a flow that the run before has begun.
            let next = once(step)
            return next == first ? [first.repeated(step.count)] : [first, next.repeated(step.count - 1)]
        }

        private mutating func once(_ step: Step) -> Call {
            if !step.parts.isEmpty {
                return Call(step.function, sizes: step.sizes, step.parts.flatMap { calls($0) })
            }
            let exchange = step.exchange
            return Call(
                step.function,
                cost: Cost(
                    online: Traffic(bytes: exchange.server + exchange.client, rounds: rounds(exchange)),
                    offline: Traffic(bytes: refillBytes(exchange.correlations))),
                sizes: step.sizes)
        }

        private mutating func rounds(_ exchange: Exchange) -> Int {
            guard mergesFlows else { return exchange.messages.count * exchange.repetitions }
            var runs: [Int] = []
            for _ in 0..<min(2, exchange.repetitions) {
                var run = 0
                for message in exchange.messages where message != last {
                    run += 1
                    last = message
                }
                runs.append(run)
            }
            // Every run after the first costs what the second does.
            return (runs.first ?? 0) + (runs.last ?? 0) * (exchange.repetitions - 1)
        }

        private func refillBytes(_ correlations: Int) -> Int {
            guard let refill, correlations > 0 else { return 0 }
            let (whole, rest) = correlations.quotientAndRemainder(dividingBy: refill.correlations)
            return whole *| refill.bytes +| (rest * refill.bytes).dividedRoundingUp(by: refill.correlations)
        }
    }
}
