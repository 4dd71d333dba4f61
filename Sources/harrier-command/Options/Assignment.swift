import ArgumentParser

/// A `NAME=VALUE` argument.
struct Assignment: ExpressibleByArgument {
    let name: String
    let value: String

    /// The parts before and after the first equals sign, neither of them empty.
    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else { return nil }
        name = String(argument[..<equals])
        value = String(argument[argument.index(after: equals)...])
        if value.isEmpty { return nil }
    }

    /// The assignments by name.
    ///
    /// - Throws: `ValidationError` if a name is assigned twice.
    static func dictionary(_ assignments: [Assignment], option: String) throws -> [String: String] {
        var result: [String: String] = [:]
        for assignment in assignments where result.updateValue(assignment.value, forKey: assignment.name) != nil {
            throw ValidationError("'\(option)' sets '\(assignment.name)' twice")
        }
        return result
    }
}

/// Names separated by commas, as one argument.
struct NameList: ExpressibleByArgument {
    let names: [String]

    init?(argument: String) {
        names = argument.split(separator: ",").map { name in
            let trimmed = name.drop { $0 == " " }
            return String(trimmed.reversed().drop { $0 == " " }.reversed())
        }
        if names.isEmpty || names.contains("") { return nil }
    }
}
