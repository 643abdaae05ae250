internal import CNcurses
internal import TerminalCore

/// How many colours are drawn.
package enum ColorDepth: Sendable, Hashable {
    case none
    case sixteen
    case indexed
    case full
}

/// What terminfo says about the terminal, copied so that ncurses' globals are read once.
struct Capabilities: Sendable {
    /// The terminal wraps only when a character follows the one in the last column.
    var canFillLastCell: Bool
    /// Understands xterm's private modes and keyboard protocols, or ignores them.
    var takesExtensions: Bool
    var depth: ColorDepth
    var enterScreen: [UInt8]
    var leaveScreen: [UInt8]
    var clear: [UInt8]
    var showCursor: [UInt8]
    var hideCursor: [UInt8]
    var keypadOn: [UInt8]
    var keypadOff: [UInt8]
    var resetStyle: [UInt8]
    var bell: [UInt8]
    private var attributes: [(Style.Attributes, [UInt8])]

    /// Loads the description of the terminal named by the environment.
    ///
    /// An unknown name falls back to xterm-256color, which nearly every terminal resembles.
    init(environment: [String: String], descriptor: Int32) throws(TerminalError) {
        let name = environment["TERM"] ?? ""
        guard !name.isEmpty, name != "dumb" else { throw .cannotMoveTheCursor(name: name) }
        var known = unsafe facet_setupterm(name, descriptor) == 0
        if unsafe !known || facet_string("cup") == nil {
            known = unsafe facet_setupterm("xterm-256color", descriptor) == 0
        }
        guard known, unsafe facet_string("cup") != nil else {
            throw .cannotMoveTheCursor(name: name)
        }
        canFillLastCell = unsafe facet_flag("am") == 0 || facet_flag("xenl") == 1
        takesExtensions = !["linux", "vt", "ansi", "cons", "sun", "wsvt"].contains {
            name.hasPrefix($0)
        }
        depth = Self.depth(environment)
        enterScreen = Self.expand("smcup")
        leaveScreen = Self.expand("rmcup")
        clear = Self.expand("clear")
        showCursor = Self.expand("cnorm")
        hideCursor = Self.expand("civis")
        keypadOn = Self.expand("smkx")
        keypadOff = Self.expand("rmkx")
        resetStyle = Self.expand("sgr0")
        bell = Self.expand("bel")
        attributes = [
            (.bold, Self.expand("bold")), (.dim, Self.expand("dim")),
            (.italic, Self.expand("sitm")), (.underline, Self.expand("smul")),
            (.reverse, Self.expand("rev")),
        ]
    }

    /// Moves the cursor; both count from 0.
    func move(to position: Position) -> [UInt8] {
        Self.expand("cup", position.row, position.column)
    }

    /// Everything needed to go from any style to this one.
    func select(_ style: Style) -> [UInt8] {
        var bytes = resetStyle
        for (attribute, sequence) in attributes where style.attributes.contains(attribute) {
            bytes += sequence
        }
        bytes += color(style.foreground, capability: "setaf", direct: "38")
        bytes += color(style.background, capability: "setab", direct: "48")
        return bytes
    }

    private func color(_ color: Color, capability: String, direct: String) -> [UInt8] {
        switch (color, depth) {
        case (.terminal, _), (_, .none): return []
        case (.rgb(let red, let green, let blue), .full):
            return Array("\u{1B}[\(direct);2;\(red);\(green);\(blue)m".utf8)
        case (.rgb(let red, let green, let blue), .indexed):
            return Self.expand(capability, Palette.nearest256(red, green, blue))
        case (.rgb(let red, let green, let blue), .sixteen):
            return Self.expand(capability, Palette.nearest16(red, green, blue))
        case (.indexed(let index), .sixteen):
            return index < 16 ? Self.expand(capability, Int(index)) : []
        case (.indexed(let index), _): return Self.expand(capability, Int(index))
        }
    }

    private static func depth(_ environment: [String: String]) -> ColorDepth {
        if let wish = environment["NO_COLOR"], !wish.isEmpty { return .none }
        if ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "") { return .full }
        switch unsafe facet_number("colors") {
        case ..<8: return .none
        case ..<256: return .sixteen
        default: return .indexed
        }
    }

    private static func expand(_ name: String, _ first: Int = 0, _ second: Int = 0) -> [UInt8] {
        guard let capability = unsafe facet_string(name) else { return [] }
        var buffer = [CChar](repeating: 0, count: 512)
        let count = unsafe buffer.withUnsafeMutableBufferPointer { room in
            unsafe facet_expand(capability, first, second, room.baseAddress, room.count)
        }
        return buffer.prefix(count).map { UInt8(bitPattern: $0) }
    }
}
