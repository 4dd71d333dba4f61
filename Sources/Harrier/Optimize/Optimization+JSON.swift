import Foundation

extension Optimization {
    /// The JSON of `harrier optimize`, as the command line's contract gives it.
    public func json() throws(HarrierError) -> Data { try telling { try JSONOutput.encode(document) } }

    private var document: Document {
        let (found, network) = (result.portable, options.network)
        let info = framework.info
        return Document(
            model: original.name, framework: info.name, parties: info.parties, config: info.configuration,
            objective: options.search.objective.name, level: options.search.level.rawValue,
            before: CostDocument(before), afterPortable: CostDocument(found.after), after: CostDocument(after),
            time: Times(
                before: TimeDocument(before.online, on: network), after: TimeDocument(after.online, on: network)),
            rewrites: found.rewrites.map {
                Rewrite(rule: $0.rule, nodes: $0.nodes, saved: TrafficDocument($0.saved.online + $0.saved.offline))
            },
            protocolRewrites: (result.protocolLevel?.rewrites ?? []).map {
                ProtocolRewrite(
                    rule: $0.rule, nodes: $0.nodes, saved: TrafficDocument($0.saved.online + $0.saved.offline),
                    needs: needs(ofRule: $0.rule))
            },
            session: result.protocolLevel.map { CostDocument($0.session) },
            check: Check(check, fixedPoint.map(FixedPointDocument.init)),
            leftOut: leftOut.isEmpty
                ? nil : leftOut.map { LeftOut(rule: $0.rule, why: $0.why, nodes: $0.nodes.isEmpty ? nil : $0.nodes) },
            seconds: found.seconds + (result.protocolLevel?.seconds ?? 0),
            states: found.states + (result.protocolLevel?.states ?? 0),
            cutShort: found.isCutShort ? true : nil,
            openDimensions: openNote.map { OpenDimensions(kept: openGraph != nil, why: $0) }, offer: offer,
            faults: faults.isEmpty ? nil : faults,
            explanations: explanations.isEmpty ? nil : explanations.map(ExplanationDocument.init))
    }

    /// What a rule needs of a runtime; empty if nothing.
    package func needs(ofRule name: String) -> String { rules.first { $0.name == name }?.needs ?? "" }
}

extension Optimization {
    private struct LeftOut: Encodable {
        let rule: String
        let why: String
        let nodes: [String]?
    }

    private struct OpenDimensions: Encodable {
        let kept: Bool
        let why: String
    }

    private struct Document: Encodable {
        let model: String
        let framework: String
        let parties: Int
        let config: [String: String]
        let objective: String
        let level: String
        let before: CostDocument
        let afterPortable: CostDocument
        let after: CostDocument
        let time: Times
        let rewrites: [Rewrite]
        let protocolRewrites: [ProtocolRewrite]
        let session: CostDocument?
        let check: Check
        let leftOut: [LeftOut]?
        let seconds: Double
        let states: Int
        let cutShort: Bool?
        let openDimensions: OpenDimensions?
        let offer: String?
        let faults: [String]?
        let explanations: [ExplanationDocument]?

        private enum CodingKeys: String, CodingKey {
            case model, framework, parties, config, objective, level, before, after, time, rewrites, session, check
            case seconds, states, explanations, offer, faults
            case afterPortable = "after_portable"
            case leftOut = "left_out"
            case cutShort = "cut_short"
            case openDimensions = "open_dimensions"
            case protocolRewrites = "protocol_rewrites"
        }
    }

    private struct Times: Encodable {
        let before: TimeDocument
        let after: TimeDocument
    }

    private struct Rewrite: Encodable {
        let rule: String
        let nodes: [String]
        let saved: TrafficDocument
    }

    private struct ProtocolRewrite: Encodable {
        let rule: String
        let nodes: [String]
        let saved: TrafficDocument
        let needs: String
    }

    private struct Check: Encodable {
        let status: String
        let maxAbsError: Double
        let maxRelativeError: Double
        let samples: Int
        let why: String
        let fixedPoint: FixedPointDocument?

        private enum CodingKeys: String, CodingKey {
            case status, samples, why
            case fixedPoint = "fixed_point"
            case maxAbsError = "max_abs_error"
            case maxRelativeError = "max_relative_error"
        }

        init(_ check: NumericCheck, _ fixedPoint: FixedPointDocument?) {
            self.fixedPoint = fixedPoint
            status = check.status.rawValue
            maxAbsError = check.maxAbsError
            maxRelativeError = check.maxRelativeError
            samples = check.samples
            why = check.why ?? "the outputs agree"
        }
    }
}
