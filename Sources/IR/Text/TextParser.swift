/// Reads ONNX's textual syntax: models, functions and their headers.
struct TextParser {
    var cursor: TextCursor
    /// Attributes with defaults of the function being read.
    var defaults: [String: Attribute] = [:]
    /// How many bodies of nodes the parser is inside of.
    var depth = 0
    /// The path of the text.
    let file: String?

    /// Levels of bodies inside bodies that are read.
    static let deepest = 64

    init(_ text: String, file: String?, firstLine: Int) {
        cursor = TextCursor(text, file: file, firstLine: firstLine)
        self.file = file
    }

    /// The same error with the file filled in.
    func located(_ error: HarrierError) -> HarrierError { file.map(error.inFile) ?? error }

    /// Checks that the text is over.
    mutating func expectEnd(after what: String) throws {
        if cursor.peek() != nil { throw cursor.expected("the end of the text after \(what)") }
    }

    /// Reads elements between commas, up to the closing token, which is read, too.
    mutating func elements(
        until close: StaticString, of what: String, _ element: (inout TextParser) throws -> Void
    ) throws {
        if cursor.take(close) { return }
        repeat { try element(&self) } while cursor.take(",")
        if !cursor.take(close) { throw cursor.expected("',' or '\(close)' in \(what)") }
    }

    /// Reads a model to the end of the text.
    mutating func model() throws -> Graph {
        var header = Header()
        try self.header(&header, keywords: Header.modelKeywords, of: "model")
        let name = try cursor.name("the name of a graph")
        var graph = try self.graph(named: name, isBody: false)
        graph.opsets = header.opsets
        graph.metadata = header.metadata
        graph.metadata.sourceOpset = header.opsets[""]
        while cursor.peek() != nil { graph.functions.append(try function()) }
        try graph.verify()
        return graph
    }

    /// Reads one function.
    mutating func function() throws -> Function {
        var header = Header()
        try self.header(&header, keywords: Header.functionKeywords, of: "function")
        let name = try cursor.name("the name of a function")
        let attributes = try functionAttributes()
        var table = NameTable(name: name)
        try inputs(&table)
        try cursor.expect("=>", "between inputs and outputs")
        let outputs = try self.outputs(&table)
        try valueInfos(&table, allowInitializers: false)
        defer { defaults = [:] }
        var function = Function(
            name: OperatorName(name, domain: header.metadata.domain), attributes: attributes, defaults: defaults,
            body: try nodesAndEnd(&table, outputs: outputs, isBody: false),
            documentation: header.metadata.documentation, overload: header.overload)
        function.body.opsets = header.opsets
        try function.body.verify()
        return function
    }

    /// Reads the attributes in the head of a function: their names, and defaults of those that have one.
    private mutating func functionAttributes() throws -> [String] {
        defaults = [:]
        var names: [String] = []
        guard cursor.take("<") else { return names }
        try elements(until: ">", of: "the attributes of the function") { parser in
            let start = parser.cursor.place()
            let name = try parser.cursor.name("the name of an attribute")
            guard !names.contains(name), parser.defaults[name] == nil else {
                throw parser.cursor.error("a second attribute '\(name)'", at: start)
            }
            if parser.cursor.isNext(":") || parser.cursor.isNext("=") {
                parser.defaults[name] = try parser.attribute(name, of: nil)
            } else {
                names.append(name)
            }
        }
        return names
    }
}

/// What the header of a model or function says.
private struct Header {
    var opsets = ["": Graph.opsetVersion]
    var metadata = ModelMetadata()
    var overload = ""

    static let modelKeywords = [
        "ir_version", "opset_import", "producer_name", "producer_version", "domain", "model_version", "doc_string",
        "metadata_props",
    ]
    static let functionKeywords = ["opset_import", "doc_string", "domain", "overload"]
}

extension TextParser {
    private mutating func header(_ header: inout Header, keywords: [String], of what: String) throws {
        guard cursor.take("<") else { return }
        repeat {
            let start = cursor.place()
            let keyword = try cursor.identifier("a keyword of the header such as 'opset_import'")
            guard keywords.contains(keyword) else {
                throw cursor.error(
                    "there is no '\(keyword)' in the header of a \(what)", at: start,
                    hint: "there are " + keywords.joined(separator: ", "))
            }
            try cursor.expect(":", "after '\(keyword)'")
            try entry(keyword, of: &header)
        } while cursor.take(",")
        try cursor.expect(">", "after the header of the \(what)")
    }

    private mutating func entry(_ keyword: String, of header: inout Header) throws {
        switch keyword {
        case "ir_version": header.metadata.irVersion = try cursor.integer("a version")
        case "model_version": header.metadata.modelVersion = try cursor.integer("a version")
        case "opset_import": header.opsets = try opsets()
        case "producer_name": header.metadata.producerName = try cursor.string("a name")
        case "producer_version": header.metadata.producerVersion = try cursor.string("a version")
        case "domain": header.metadata.domain = try cursor.string("a domain")
        case "doc_string": header.metadata.documentation = try cursor.string("a text")
        case "overload": header.overload = try cursor.string("a name")
        default:
            try cursor.expect("[", "before the metadata")
            var properties: [String: String] = [:]
            try cursor.list(until: "]", of: "the metadata") { cursor in
                let key = try cursor.string("a key")
                try cursor.expect(":", "after the key")
                properties[key] = try cursor.string("a value")
            }
            header.metadata.properties = properties
        }
    }

    private mutating func opsets() throws -> [String: Int] {
        try cursor.expect("[", "before the operator sets")
        var result: [String: Int] = [:]
        try cursor.list(until: "]", of: "the operator sets") { cursor in
            let domain = try cursor.string("a domain")
            try cursor.expect(":", "after the domain")
            result[domain == "ai.onnx" ? "" : domain] = try cursor.integer("a version")
        }
        return result
    }
}
