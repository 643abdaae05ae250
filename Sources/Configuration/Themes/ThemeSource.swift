import Interface
import TerminalCore

/// A theme file as it is written: parts may be missing, colours may be names.
struct ThemeSource {
    /// An ink's entry; colours are looked up once the file it extends is known.
    struct Entry {
        var color: String?
        var on: String?
        var attributes: Style.Attributes
        /// Where to point when a colour is no colour.
        var place: FileProblem
    }

    var extends: String?
    var appearance: Theme.Appearance?
    var background: RGB?
    var text: RGB?
    var paintsBackground: Bool?
    var palette: [String: RGB] = [:]
    var inks: [Ink: Entry] = [:]

    private static let keys = [
        "extends", "appearance", "background", "text", "paint_background", "palette", "inks",
    ]
    /// Colours that every theme has.
    static let fixedNames = ["terminal", "text", "background"]
    private static let flags: [(name: String, attribute: Style.Attributes)] = [
        ("bold", .bold), ("dim", .dim), ("italic", .italic), ("underline", .underline),
        ("reverse", .reverse),
    ]

    init(_ text: String, file: String) throws(FileProblems) {
        let document: TOMLDocument
        do { document = try TOMLDocument(text, file: file) } catch { throw FileProblems([error]) }
        var reader = TableReader(document)
        reader.allow(Self.keys, in: "a theme")
        extends = reader.text("extends")
        appearance = Self.appearance(&reader)
        background = Self.shade("background", &reader)
        self.text = Self.shade("text", &reader)
        paintsBackground = reader.bool("paint_background")
        readPalette(&reader)
        readInks(&reader)
        if !reader.problems.isEmpty { throw FileProblems(reader.problems) }
    }

    /// What this file leaves out is taken from another.
    func over(_ base: ThemeSource) -> ThemeSource {
        var whole = base
        whole.extends = nil
        whole.appearance = appearance ?? base.appearance
        whole.background = background ?? base.background
        whole.text = text ?? base.text
        whole.paintsBackground = paintsBackground ?? base.paintsBackground
        whole.palette.merge(palette) { $1 }
        whole.inks.merge(inks) { $1 }
        return whole
    }

    private static func appearance(_ reader: inout TableReader) -> Theme.Appearance? {
        guard let word = reader.text("appearance") else { return nil }
        let found = Theme.Appearance(rawValue: word)
        if found == nil {
            reader.complain(
                at: "appearance",
                "\"appearance\" is \"\(word)\", but has to be \"dark\" or \"light\"."
            )
        }
        return found
    }

    private static func shade(_ key: String, _ reader: inout TableReader) -> RGB? {
        guard let text = reader.text(key) else { return nil }
        let shade = RGB(hexadecimal: text)
        if shade == nil {
            reader.complain(
                at: key,
                "\"\(key)\" is \"\(text)\", but has to be a colour like \"#8ab4f8\"."
            )
        }
        return shade
    }

    private mutating func readPalette(_ reader: inout TableReader) {
        guard var table = reader.table("palette") else { return }
        for name in table.keys {
            if Self.fixedNames.contains(name) || name.hasPrefix("#") {
                table.complain(
                    at: name,
                    "\"\(name)\" already means a colour. Choose another name."
                )
            } else if let shade = Self.shade(name, &table) {
                palette[name] = shade
            }
        }
        reader.take(problemsOf: table)
    }

    private mutating func readInks(_ reader: inout TableReader) {
        guard var table = reader.table("inks") else { return }
        let names = Ink.allCases.map(\.name)
        for name in table.keys {
            guard let ink = Ink(name: name) else {
                table.complain(
                    at: name,
                    "\"\(name)\" is not an ink."
                        + Suggestion.question(for: name, among: names)
                        + " Themes/README.md lists them."
                )
                continue
            }
            guard var entry = table.table(name) else { continue }
            entry.allow(["color", "on"] + Self.flags.map(\.name), in: "an ink")
            let place = entry.document.problem(at: entry.path, "")
            var attributes: Style.Attributes = []
            for (flag, attribute) in Self.flags where entry.bool(flag) == true {
                attributes.insert(attribute)
            }
            inks[ink] = Entry(
                color: entry.text("color"),
                on: entry.text("on"),
                attributes: attributes,
                place: place
            )
            table.take(problemsOf: entry)
        }
        reader.take(problemsOf: table)
    }
}

extension RGB {
    /// Reads `#rrggbb`.
    init?(hexadecimal text: String) {
        guard text.utf8.count == 7, text.hasPrefix("#"),
            text.dropFirst().allSatisfy({ $0.isASCII && $0.isHexDigit }),
            let number = Int(text.dropFirst(), radix: 16)
        else { return nil }
        self.init(
            UInt8(number >> 16 & 0xFF),
            UInt8(number >> 8 & 0xFF),
            UInt8(number & 0xFF)
        )
    }
}
