/// An error for the person at the keyboard: what is wrong, where, and what to do about it.
public struct HarrierError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, in a phrase that can stand after "FILE: node NAME: ".
    public var message: String
    /// The file it is wrong in.
    public var file: String?
    /// One-based line in that file, for text.
    public var line: Int?
    /// The node or value it is wrong at.
    public var place: String?
    /// What to do about it.
    public var hint: String?

    /// An error with the given parts.
    public init(
        _ message: String, file: String? = nil, line: Int? = nil, place: String? = nil, hint: String? = nil
    ) {
        self.message = message
        self.file = file
        self.line = line
        self.place = place
        self.hint = hint
    }

    /// `FILE:LINE: PLACE: MESSAGE. HINT`, leaving out what is not known.
    public var description: String {
        var text = ""
        if let file {
            text += file
            if let line { text += ":\(line)" }
            text += ": "
        } else if let line {
            text += "line \(line): "
        }
        if let place { text += "\(place): " }
        text += message
        if let hint { text += " (\(hint))" }
        return text
    }

    /// The same error with the file filled in, if it had none.
    public func inFile(_ name: String) -> HarrierError {
        var copy = self
        copy.file = copy.file ?? name
        return copy
    }

    /// The same error with the place filled in, if it had none.
    public func at(_ place: String) -> HarrierError {
        var copy = self
        copy.place = copy.place ?? place
        return copy
    }
}
