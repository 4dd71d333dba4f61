/// ONNX's textual syntax, as `onnx.parser` reads and `onnx.printer` writes it (onnx 1.23, grammar in its docs/Syntax.md).
///
/// Everything that is read may carry comments from `#` to the end of the line. Beyond what onnx's own parser accepts, these are
/// read, too: `@*` for all other attributes (in patterns of rules), quoted attribute names, bodies with quoted graph names, lists of tensors, types and graphs in attributes,
/// numbers that start with a point, and the `...` that onnx prints for tensors it has no text for (their data is then
/// missing). What is written is what onnx's parser reads, as far as it can: it has no syntax for names of domains, operators
/// and attributes that are not identifiers, and it drops lists of tensors, types and graphs.
///
/// The syntax has no place for a graph's or node's documentation, for metadata of nodes, for byte strings that are not
/// UTF-8 and for sparse tensors: these are lost. A body whose name is no identifier gets one.
public enum ONNXText {
    /// Reads a model: an optional header, the main graph and the functions after it.
    ///
    /// Operators are left in the version of the operator set that the text declares (``Graph/opsets``), without a
    /// declaration in ``Graph/opsetVersion``.
    ///
    /// - Parameters:
    ///   - text: the model.
    ///   - file: its path, for messages and to find external data beside it.
    /// - Throws: ``HarrierError`` with file and line of what is wrong.
    /// - Complexity: O(length of the text).
    public static func parseModel(_ text: String, file: String? = nil) throws -> Graph {
        var parser = TextParser(text, file: file, firstLine: 1)
        do { return try parser.model() } catch let error as HarrierError { throw parser.located(error) }
    }

    /// Reads one function. Without a header its domain is "" and its operator set ``Graph/opsetVersion``.
    ///
    /// - Parameters:
    ///   - text: the function.
    ///   - file: the path of the file it is from, for messages.
    ///   - firstLine: the line of the file that the text starts at, for messages.
    /// - Throws: ``HarrierError`` with file and line of what is wrong.
    /// - Complexity: O(length of the text).
    public static func parseFunction(_ text: String, file: String? = nil, firstLine: Int = 1) throws -> Function {
        var parser = TextParser(text, file: file, firstLine: firstLine)
        do {
            let function = try parser.function()
            try parser.expectEnd(after: "the function")
            return function
        } catch let error as HarrierError { throw parser.located(error) }
    }

    /// Writes a model with its header, graph and functions.
    ///
    /// Data that is in files is read and written out, except what the model itself keeps as external data: that stays
    /// a reference. Data that cannot be read any more becomes a reference to where it was.
    public static func print(_ graph: Graph) -> String {
        var printer = TextPrinter()
        printer.model(graph)
        return printer.text
    }

    /// Writes a function with its header.
    public static func print(function: Function) -> String {
        var printer = TextPrinter()
        printer.function(function)
        return printer.text
    }
}
