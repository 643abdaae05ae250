/// A key by what it means, whatever bytes a terminal sends for it.
package enum Key: Sendable, Hashable {
    /// One scalar: clusters of several arrive one after the other. With Control, a lower-case letter.
    case character(Character)
    case enter
    case tab
    case backspace
    case escape
    case up
    case down
    case left
    case right
    case home
    case end
    case pageUp
    case pageDown
    case insert
    case delete
    case function(Int)
}

/// A key with the modifiers held.
package struct KeyPress: Sendable, Hashable {
    package struct Modifiers: OptionSet, Sendable, Hashable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let shift = Modifiers(rawValue: 1)
        package static let alt = Modifiers(rawValue: 2)
        package static let control = Modifiers(rawValue: 4)
    }

    package var key: Key
    package var modifiers: Modifiers

    package init(_ key: Key, _ modifiers: Modifiers = []) {
        self.key = key
        self.modifiers = modifiers
    }

    package static func control(_ letter: Character) -> KeyPress {
        KeyPress(.character(letter), .control)
    }

    package static func alt(_ letter: Character) -> KeyPress {
        KeyPress(.character(letter), .alt)
    }

    package static func character(_ letter: Character) -> KeyPress { KeyPress(.character(letter)) }
}

/// What a mouse did, where it was.
package struct MouseEvent: Sendable, Hashable {
    package enum Action: Sendable, Hashable {
        case press
        case release
        case drag
        case scrollUp
        case scrollDown
        case scrollLeft
        case scrollRight
    }

    package var action: Action
    package var position: Position
    package var modifiers: KeyPress.Modifiers

    package init(
        _ action: Action,
        at position: Position,
        _ modifiers: KeyPress.Modifiers = []
    ) {
        self.action = action
        self.position = position
        self.modifiers = modifiers
    }
}

/// How a terminal is given pictures as pixels.
package enum PixelProtocol: String, Sendable, Hashable, CaseIterable {
    case kitty
    case sixel
}

/// Everything that can come from the person at the terminal.
package enum InputEvent: Sendable, Hashable {
    case key(KeyPress)
    /// Text that came in one piece; lines end in LF, no other control character but tabs.
    case paste(String)
    case mouse(MouseEvent)
    case resize(Size)
    case focus(Bool)
    /// The terminal's background colour became known.
    case background(red: UInt8, green: UInt8, blue: UInt8)
    /// The terminal shows pictures as pixels by this protocol.
    case showsPixels(PixelProtocol)
    /// A cell's size in pixels became known.
    case cellSize(Size)
    /// The terminal has answered all that it was asked before.
    case answered
    /// The program was stopped and runs again; the screen is blank.
    case resumed
    /// The terminal went away or asks the program to end.
    case hangup
}
