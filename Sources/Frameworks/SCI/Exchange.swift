import Pricing

/// The protocols of the SCI library (secure and correct inference; Microsoft's EzPC, folder SCI), which CryptFlow2 runs
/// and OpenCheetah has taken over. Prices follow the sources of mpc-msri/EzPC at f24bf3e and
/// Alibaba-Gemini-Lab/OpenCheetah at f71d4d4.
enum SCI {}

extension SCI {
    /// A party of a two-party protocol.
    enum Party: Hashable, Sendable {
        /// Party 0, called Alice or server: it owns the weights, and sends in oblivious transfers that run straight.
        case server
        /// Party 1, called Bob or client.
        case client
    }

    /// One step of a conversation: who sends before anybody has to wait for an answer.
    enum Message: Hashable, Sendable {
        case from(Party)
        /// Both at once, on two connections.
        case both

        /// The same with the parties swapped.
        var swapped: Message {
            switch self {
            case .from(.server): .from(.client)
            case .from(.client): .from(.server)
            case .both: .both
            }
        }
    }

    /// What the parties say to each other in a primitive: bytes of each, and the order in which they speak.
    struct Exchange: Hashable, Sendable {
        /// Bytes that the server sends.
        var server = 0
        /// Bytes that the client sends.
        var client = 0
        /// Who speaks, in order; each message waits for the one before.
        var messages: [Message] = []
        /// How often the messages are repeated.
        var repetitions = 1
        /// Correlated oblivious transfers of a silent extension that are used up, whichever party sends them.
        var correlations = 0

        /// Nothing said.
        static let none = Exchange()

        /// The same with the parties swapped.
        var reversed: Exchange {
            Exchange(
                server: client, client: server, messages: messages.map(\.swapped), repetitions: repetitions,
                correlations: correlations)
        }

        /// Two exchanges at once on two connections: they begin and end together.
        func alongside(_ other: Exchange) -> Exchange {
            Exchange(
                server: server + other.server, client: client + other.client,
                messages: messages.map { _ in .both }, repetitions: repetitions,
                correlations: correlations + other.correlations)
        }

        /// One exchange after the other on one connection.
        func then(_ other: Exchange) -> Exchange {
            Exchange(
                server: server + other.server, client: client + other.client, messages: messages + other.messages,
                correlations: correlations + other.correlations)
        }
    }
}

extension Int {
    /// The next multiple of 8.
    var roundedUpTo8: Int { dividedRoundingUp(by: 8) * 8 }
}
