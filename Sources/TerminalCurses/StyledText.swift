package import TerminalCore

/// Writes styles for text that goes to a terminal line by line, without taking it over.
package struct StyledText: Sendable {
    private let capabilities: Capabilities

    /// - Throws: `TerminalError` when the terminal is not known.
    package init(environment: [String: String]) throws(TerminalError) {
        capabilities = try Capabilities(environment: environment, descriptor: 1)
    }

    /// The text in a style, and plain again after it; it must be free of control characters.
    package func text(_ text: String, _ style: Style) -> String {
        let before = String(decoding: capabilities.select(style), as: UTF8.self)
        return before + text + String(decoding: capabilities.select(.plain), as: UTF8.self)
    }
}
