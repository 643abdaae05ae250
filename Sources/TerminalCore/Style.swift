/// A colour as a terminal can be asked for it.
package enum Color: Sendable, Hashable {
    /// Whatever the user's terminal draws in by itself.
    case terminal
    /// One of the terminal's 256 palette entries; the first 16 follow the user's scheme.
    case indexed(UInt8)
    case rgb(UInt8, UInt8, UInt8)
}

/// How a cell looks.
package struct Style: Sendable, Hashable {
    package struct Attributes: OptionSet, Sendable, Hashable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let bold = Attributes(rawValue: 1)
        package static let dim = Attributes(rawValue: 2)
        package static let italic = Attributes(rawValue: 4)
        package static let underline = Attributes(rawValue: 8)
        package static let reverse = Attributes(rawValue: 16)
        package static let strike = Attributes(rawValue: 32)
    }

    package var foreground: Color
    package var background: Color
    package var attributes: Attributes
    /// Where a link leads, as it was written by whoever wrote it; the driver cleans it.
    package var link: String?

    package init(
        _ foreground: Color = .terminal,
        on background: Color = .terminal,
        _ attributes: Attributes = [],
        link: String? = nil
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
        self.link = link
    }

    /// Text as the terminal writes it by itself.
    package static let plain = Style()

    /// The same look with more attributes.
    package func adding(_ more: Attributes) -> Style {
        Style(foreground, on: background, attributes.union(more), link: link)
    }
}
