internal import TerminalCore

/// What terminfo and the environment say about the terminal, copied so that ncurses' globals are
/// read once.
package struct Capabilities: Sendable {
    /// Writing the last cell of the screen does not scroll it.
    var canFillLastCell: Bool
    /// Understands xterm's private modes and keyboard protocols, or ignores them.
    var takesExtensions: Bool
    var takesLinks: Bool
    var takesGraphicsQuery: Bool
    var notice: NoticeForm
    package let depth: ColorDepth
    var enterScreen: [UInt8]
    var leaveScreen: [UInt8]
    var clear: [UInt8]
    var showCursor: [UInt8]
    var hideCursor: [UInt8]
    var keypadOn: [UInt8]
    var keypadOff: [UInt8]
    var wrapOn: [UInt8]
    var wrapOff: [UInt8]
    var resetStyle: [UInt8]
    var bell: [UInt8]
    private var attributes: [(Style.Attributes, [UInt8])]
    private var cursorAddress: Terminfo.Template?
    private var foreground: Terminfo.Template?
    private var background: Terminfo.Template?

    /// Palette entries in own sequences, where terminfo's colours are 24-bit values.
    private var hasDirectColors: Bool

    /// Loads the description of the terminal named by the environment.
    ///
    /// An unknown name falls back to xterm-256color, which nearly every terminal resembles.
    /// - Throws: `TerminalError` when the terminal cannot place its cursor.
    package init(environment: [String: String], descriptor: Int32) throws(TerminalError) {
        let kind = TerminalKind(environment: environment)
        guard !kind.name.isEmpty, kind.name != "dumb" else {
            throw .cannotMoveTheCursor(name: kind.name)
        }
        let names = [kind.name, "xterm-256color"]
        let found = Terminfo.read(names, descriptor: descriptor) { terminfo in
            Capabilities(terminfo, kind)
        }
        guard let found else { throw .cannotMoveTheCursor(name: kind.name) }
        self = found
    }

    private init(_ terminfo: borrowing Terminfo.Description, _ kind: TerminalKind) {
        wrapOn = terminfo.string("smam")
        wrapOff = wrapOn.isEmpty ? [] : terminfo.string("rmam")
        canFillLastCell = !wrapOff.isEmpty || !terminfo.flag("am") || terminfo.flag("xenl")
        takesExtensions = kind.takesExtensions
        takesLinks = kind.takesLinks
        takesGraphicsQuery = kind.takesGraphicsQuery
        notice = kind.notice
        let colors = terminfo.number("colors")
        hasDirectColors = colors > 256
        depth = kind.depth(
            colors: colors,
            takes24Bits: terminfo.flag("RGB") || terminfo.flag("Tc")
        )
        enterScreen = terminfo.string("smcup")
        leaveScreen = terminfo.string("rmcup")
        clear = terminfo.string("clear")
        showCursor = terminfo.string("cnorm")
        hideCursor = terminfo.string("civis")
        keypadOn = terminfo.string("smkx")
        keypadOff = terminfo.string("rmkx")
        resetStyle = terminfo.string("sgr0")
        bell = terminfo.string("bel")
        cursorAddress = terminfo.template("cup")
        foreground = terminfo.template("setaf")
        background = terminfo.template("setab")
        let strike = terminfo.string("smxx")
        attributes = [
            (.bold, terminfo.string("bold")), (.dim, terminfo.string("dim")),
            (.italic, terminfo.string("sitm")), (.underline, terminfo.string("smul")),
            (.reverse, terminfo.string("rev")),
            // terminfo got a name for it late; terminals that do not know it ignore it.
            (.strike, strike.isEmpty && kind.takesExtensions ? Array("\u{1B}[9m".utf8) : strike),
        ]
    }

    /// Moves the cursor; both count from 0.
    func move(to position: Position) -> [UInt8] {
        Terminfo.expand(cursorAddress, position.row, position.column)
    }

    /// Everything needed to go from any style to this one.
    func select(_ style: Style) -> [UInt8] {
        var bytes = resetStyle
        for (attribute, sequence) in attributes where style.attributes.contains(attribute) {
            bytes += sequence
        }
        bytes += color(style.foreground, template: foreground, direct: "38")
        bytes += color(style.background, template: background, direct: "48")
        return bytes
    }

    private func color(_ color: Color, template: Terminfo.Template?, direct: String) -> [UInt8] {
        switch (color, depth) {
        case (.terminal, _), (_, .none): return []
        case (.rgb(let red, let green, let blue), .full):
            return Array("\u{1B}[\(direct);2;\(red);\(green);\(blue)m".utf8)
        case (.rgb(let red, let green, let blue), .indexed):
            return Terminfo.expand(template, Palette.nearest256(red, green, blue))
        case (.rgb(let red, let green, let blue), .sixteen):
            return Terminfo.expand(template, Palette.nearest16(red, green, blue))
        case (.rgb(let red, let green, let blue), .eight):
            return Terminfo.expand(template, Palette.nearest8(red, green, blue))
        case (.indexed(let index), .eight):
            return index < 8 ? Terminfo.expand(template, Int(index)) : []
        case (.indexed(let index), .sixteen):
            return index < 16 ? Terminfo.expand(template, Int(index)) : []
        case (.indexed(let index), _) where hasDirectColors:
            return Array("\u{1B}[\(direct);5;\(index)m".utf8)
        case (.indexed(let index), _): return Terminfo.expand(template, Int(index))
        }
    }
}
