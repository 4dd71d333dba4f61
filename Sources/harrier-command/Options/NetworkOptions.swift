import ArgumentParser
import Harrier

/// The network that times are told for.
struct NetworkOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The network that times are for: lan, wan, or figures such as 100Mbps,40ms.",
            valueName: "lan|wan|bandwidth,latency"),
        completion: .network,
        transform: { try Network(parsing: $0) })
    var network = Network.wan
}
