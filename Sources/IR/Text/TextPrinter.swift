/// Writes ONNX's textual syntax.
struct TextPrinter {
    /// What has been written.
    private(set) var text = ""
    private var indent = 3

    /// Writes a model: header, graph, functions.
    mutating func model(_ graph: Graph) {
        let metadata = graph.metadata
        var entries = ["ir_version: \(metadata.irVersion)", "opset_import: " + opsets(graph.opsets)]
        func add(_ keyword: String, _ value: String) {
            if !value.isEmpty { entries.append("\(keyword): \(value.quoted)") }
        }
        add("producer_name", metadata.producerName)
        add("producer_version", metadata.producerVersion)
        add("domain", metadata.domain)
        if metadata.modelVersion != 0 { entries.append("model_version: \(metadata.modelVersion)") }
        add("doc_string", metadata.documentation)
        if !metadata.properties.isEmpty {
            let properties = metadata.properties.sorted { $0.key < $1.key }
            entries.append(
                "metadata_props: ["
                    + properties.map { "\($0.key.quoted): \($0.value.quoted)" }.joined(separator: ", ") + "]")
        }
        header(entries)
        text += name(graph.name)
        self.graph(graph)
        text += "\n"
        for function in graph.functions { self.function(function) }
    }

    /// Writes a function with its header.
    mutating func function(_ function: Function) {
        var entries = ["domain: " + function.name.domain.quoted]
        if !function.overload.isEmpty { entries.append("overload: " + function.overload.quoted) }
        entries.append("opset_import: " + opsets(function.body.opsets))
        if !function.documentation.isEmpty { entries.append("doc_string: " + function.documentation.quoted) }
        header(entries)
        text += name(function.name.type) + " "
        let defaults = function.defaults.sorted { $0.key < $1.key }
        if !function.attributes.isEmpty || !defaults.isEmpty {
            text += "<"
            separated(function.attributes) { $0.text += $0.attributeName($1) }
            if !function.attributes.isEmpty && !defaults.isEmpty { text += ", " }
            separated(defaults) { $0.attribute($1.key, $1.value) }
            text += ">"
        }
        graph(function.body)
        text += "\n"
    }

    private mutating func header(_ entries: [String]) {
        text += "<\n" + entries.map { "   " + $0 }.joined(separator: ",\n") + "\n>\n"
    }

    private func opsets(_ versions: [String: Int]) -> String {
        "["
            + versions.sorted { $0.key < $1.key }.map { "\($0.key.quoted) : \($0.value)" }.joined(separator: ", ")
            + "]"
    }

    /// Writes what follows a graph's name.
    mutating func graph(_ graph: Graph) {
        text += " ("
        separated(graph.inputs) { $0.value(graph[$1]) }
        text += ") => ("
        separated(graph.outputs) { $0.value(graph[$1]) }
        text += ")\n"
        declarations(graph)
        text += String(repeating: " ", count: indent - 3) + "{\n"
        nodes(graph)
        text += String(repeating: " ", count: indent - 3) + "}"
    }

    /// Writes initializers and the types of intermediate values.
    private mutating func declarations(_ graph: Graph) {
        let written = Set(graph.inputs + graph.outputs)
        var initializers: [ValueID] = []
        var typed: [ValueID] = []
        for index in graph.values.indices {
            let id = ValueID(index)
            if let constant = graph[id].constant {
                if constant.form == .initializer { initializers.append(id) }
            } else if !written.contains(id) {
                typed.append(id)
            }
        }
        let computed = graph.producers()
        typed.removeAll { computed[$0.index] == nil || (graph[$0].type == nil && graph[$0].foreignType == nil) }
        if initializers.isEmpty && typed.isEmpty { return }
        // Many on one line are hard to read, and to compare.
        let separator = initializers.count > 1 ? ",\n" + String(repeating: " ", count: indent + 1) : ", "
        text += String(repeating: " ", count: indent) + "<"
        separated(initializers, by: separator) { printer, id in
            guard let tensor = graph[id].constant?.tensor else { return }
            printer.text += printer.spelling(of: tensor.type) + " " + printer.name(graph[id].name) + " = "
            printer.data(of: tensor)
        }
        if !initializers.isEmpty && !typed.isEmpty { text += separator }
        separated(typed) { $0.value(graph[$1]) }
        text += ">\n"
    }

    /// Writes the nodes, and literals as Constant nodes before their first use.
    private mutating func nodes(_ graph: Graph) {
        var pending = graph.values.map { value in
            if case .literal = value.constant?.form { true } else { false }
        }
        var captured: [Int: [ValueID]] = [:]
        for (node, value) in graph.capturesByNode() { captured[node, default: []].append(value) }
        for (index, node) in graph.nodes.enumerated() {
            for operand in node.inputs.compactMap({ $0 }) + (captured[index] ?? []) where pending[operand.index] {
                pending[operand.index] = false
                literal(graph[operand])
            }
            self.node(node, in: graph)
        }
        for index in pending.indices where pending[index] { literal(graph.values[index]) }
    }

    private mutating func literal(_ value: Value) {
        guard let constant = value.constant, case .literal(let nodeName) = constant.form else { return }
        label(nodeName)
        text += "\(name(value.name)) = Constant <"
        attribute("value", .tensor(constant.tensor))
        text += "> ()\n"
    }

    private mutating func node(_ node: Node, in graph: Graph) {
        label(node.name)
        func names(_ ids: [ValueID?]) -> String {
            ids.map { $0.map { name(graph[$0].name) } ?? "\"\"" }.joined(separator: ", ")
        }
        text += names(node.outputs) + " = "
        if !node.op.domain.isEmpty { text += node.op.domain + "." }
        text += node.op.type
        if !node.overload.isEmpty { text += ":" + node.overload }
        let operands = " (" + names(node.inputs) + ")"
        // Bodies come last, where they are easier to read.
        let hasBodies = node.attributes.values.contains { !$0.subgraphs.isEmpty }
        if hasBodies { text += operands }
        let attributes = node.attributes.filter { $0.value.isWritable }.sorted { $0.key < $1.key }
        if !attributes.isEmpty {
            text += " <"
            separated(attributes) { $0.attribute($1.key, $1.value) }
            text += ">"
        }
        if !hasBodies { text += operands }
        text += "\n"
    }

    private mutating func label(_ nodeName: String) {
        text += String(repeating: " ", count: indent)
        if !nodeName.isEmpty { text += "[\(name(nodeName))] " }
    }

    /// Writes a value's type, if it is known, and its name.
    private mutating func value(_ value: Value) {
        if let type = value.type {
            text += spelling(of: type) + " "
        } else if let type = value.foreignType.flatMap(TextType.init(serialized:)) {
            text += spelling(of: type) + " "
        }
        text += name(value.name)
    }

    /// Writes elements with a comma or another text between them.
    mutating func separated<Element>(
        _ elements: [Element], by separator: String = ", ", _ write: (inout TextPrinter, Element) -> Void
    ) {
        for (index, element) in elements.enumerated() {
            if index > 0 { text += separator }
            write(&self, element)
        }
    }

    /// Writes a body of a node, one level deeper. A name that onnx's parser would take for something else is mended.
    mutating func body(_ graph: Graph) {
        var name = String(String.UnicodeScalarView(graph.name.unicodeScalars.map { $0.isWordCharacter ? $0 : "_" }))
        if !name.isIdentifier || name.isFloatKeyword || TextType.isKeyword(name) { name = "body_" + name }
        indent += 3
        text += name
        self.graph(graph)
        indent -= 3
    }

    /// Appends to the text.
    mutating func write(_ more: String) { text += more }
}

extension Unicode.Scalar {
    fileprivate var isWordCharacter: Bool {
        isASCII && (properties.isAlphabetic || ("0"..."9").contains(self) || self == "_")
    }
}

extension String {
    /// In double quotes, with a backslash before quotes and backslashes.
    var quoted: String {
        var result = "\""
        for scalar in unicodeScalars {
            if scalar == "\"" || scalar == "\\" { result.unicodeScalars.append("\\") }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }
}
