import Foundation
package import TerminalCore

extension RGB {
    /// The light it gives, from 0 to 1, as WCAG 2 counts it.
    package var luminance: Double {
        func linear(_ part: UInt8) -> Double {
            let share = Double(part) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// The contrast ratio of WCAG 2, from 1 to 21.
    package func contrast(with other: RGB) -> Double {
        let (dark, light) = (min(luminance, other.luminance), max(luminance, other.luminance))
        return (light + 0.05) / (dark + 0.05)
    }

    /// What is drawn for it on a terminal of 256 colours.
    package var reduced: RGB {
        Palette.color(of: UInt8(clamping: Palette.nearest256(red, green, blue)))
    }
}

extension Theme.Appearance {
    /// The kind of theme that a background asks for.
    package init(of background: RGB) {
        let white = background.contrast(with: RGB(255, 255, 255))
        let black = background.contrast(with: RGB(0, 0, 0))
        self = white >= black ? .dark : .light
    }
}

extension Theme {
    /// The lowest contrast of an ink's text with what lies behind it.
    ///
    /// Counted with its full colours and with those of a terminal of 256 colours, where a
    /// background that is left to the terminal stays what it is.
    package func contrast(of ink: Ink) -> Double {
        let style = self[ink]
        let front = Self.shades(of: style.foreground, terminal: text)
        let back = Self.shades(of: style.background, terminal: background)
        return min(front.full.contrast(with: back.full), front.drawn.contrast(with: back.drawn))
    }

    /// The ink that is hardest to read, and its contrast.
    package var weakest: (ink: Ink, contrast: Double) {
        Ink.allCases.map { ($0, contrast(of: $0)) }.min { $0.1 < $1.1 } ?? (.text, 1)
    }

    private static func shades(of color: Color, terminal: RGB) -> (full: RGB, drawn: RGB) {
        switch color {
        case .terminal: return (terminal, terminal)
        case .indexed(let entry):
            let shade = Palette.color(of: entry)
            return (shade, shade)
        case .rgb(let red, let green, let blue):
            let shade = RGB(red, green, blue)
            return (shade, shade.reduced)
        }
    }
}
