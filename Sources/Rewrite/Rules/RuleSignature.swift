import IR

/// What a rule says of itself: all but its patterns and examples.
struct RuleSignature: Sendable {
    let name: String
    let family: String
    let summary: String
    let exactness: Rule.Exactness
    let error: Double?
    let level: Rule.Level
    let saves: String
    let source: String
    let accuracy: String?
    let effect: Rule.Effect?
    let needs: String?
    let ulps: Double?
}

extension RuleSignature {
    /// What a file says.
    ///
    /// - Throws: ``HarrierError`` with a line if its parts do not go together.
    init(name: String, family: String, _ fields: RuleFields) throws {
        self.name = name
        self.family = family
        summary = try fields.text("summary")
        saves = try fields.text("saves")
        source = try fields.text("source")
        exactness = try fields.choice(
            "exactness", usual: .exact, Rule.Exactness.init(rawValue:), "exact, rounding or approximate")
        level = try fields.choice("level", usual: .portable, Rule.Level.init(rawValue:), "portable or protocol")
        accuracy = try fields.optionalText("accuracy")
        error = try fields.number("error")
        needs = try fields.optionalText("needs")
        ulps = try fields.number("ulps")
        effect =
            exactness == .approximate
            ? try fields.choice(
                "class", usual: .fineTuning, Rule.Effect.init(rawValue:), "bounded, fine-tuning or distillation") : nil
        func line(_ key: String) -> Int? { fields[key]?.mark?.line }
        if exactness == .approximate, accuracy == nil {
            throw HarrierError("an approximate rule says under 'accuracy' what is known of its effect")
        }
        if exactness != .approximate, let line = line("class") {
            throw HarrierError("'class' is for approximate rules only", line: line)
        }
        guard (error ?? 0 > 0) == (exactness == .rounding) else {
            throw HarrierError(
                "a rounding rule, and no other, says under 'error' how far its sides are apart at most: a positive number",
                line: line("error"))
        }
        guard (needs != nil) == (level == .protocol) else {
            throw HarrierError(
                "a protocol-level rule says under 'needs' what the runtime has to do, and no other rule has that key",
                line: line("needs"))
        }
        guard ulps == nil || level == .protocol else {
            throw HarrierError(
                "'ulps' is a number of units in the last place, of a protocol-level rule", line: line("ulps"))
        }
    }

    /// What was read of a file when the program was built; nil if that is not as it should be.
    init?(_ rule: EmbeddedPasses.Rule) {
        func text(_ text: String) -> String? { text.isEmpty ? nil : text }
        guard let exactness = Rule.Exactness(rawValue: rule.exactness), let level = Rule.Level(rawValue: rule.level)
        else { return nil }
        self.init(
            name: rule.name, family: rule.family, summary: rule.summary, exactness: exactness,
            error: Double(rule.error), level: level, saves: rule.saves, source: rule.source,
            accuracy: text(rule.accuracy), effect: exactness == .approximate ? Rule.Effect(rawValue: rule.effect) : nil,
            needs: text(rule.needs), ulps: Double(rule.ulps))
    }
}
