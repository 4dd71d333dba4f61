/// Bytes and rounds in the JSON of the command line's contract.
struct TrafficJSON: Decodable, Equatable {
    let bytes: Int
    let rounds: Int
}

/// Totals in the contract.
struct TotalsJSON: Decodable, Equatable {
    let online: TrafficJSON
    let offline: TrafficJSON
}

/// The contract's JSON of `profile`.
struct ProfileJSON: Decodable {
    struct Time: Decodable {
        let network: String
        let seconds: Double
    }

    struct Node: Decodable {
        let name: String
        let op: String
        let scope: String
        let online: TrafficJSON
        let offline: TrafficJSON
    }

    struct Unpriced: Decodable {
        let name: String
        let op: String
        let reason: String
    }

    let model: String
    let framework: String
    let parties: Int
    let config: [String: String]
    let totals: TotalsJSON
    let io: TotalsJSON
    let time: Time
    let nodes: [Node]
    let unpriced: [Unpriced]
}

/// The contract's JSON of `compare`.
struct ComparisonJSON: Decodable {
    struct Framework: Decodable {
        let name: String
        let totals: TotalsJSON
        let time: ProfileJSON.Time
        let unpriced: Int
    }

    let frameworks: [Framework]
}

/// What the command tells of a step under one framework.
struct TrainingJSON: Decodable {
    struct Layer: Decodable {
        let name: String
        let op: String
        let total: TotalsJSON
        let phases: [String: TotalsJSON]
    }

    let model: String
    let loss: String
    let optimizer: String
    let batch: Int
    let framework: String
    let gradients: String
    let totals: TotalsJSON
    let phases: [String: TotalsJSON]
    let time: ProfileJSON.Time
    let layers: [Layer]
    let unpriced: [ProfileJSON.Unpriced]
}

/// What the command tells of steps under several frameworks.
struct SeveralTrainingJSON: Decodable {
    let frameworks: [TrainingJSON]
}
