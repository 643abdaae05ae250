/// Reads a formula from left to right.
struct MathReader {
    let characters: [Character]
    var at = 0
    let isDisplay: Bool
    private var depth = 0
    private static let deepest = 40

    init(_ formula: String, isDisplay: Bool) {
        characters = Array(formula)
        self.isDisplay = isDisplay
    }

    /// The rows of a formula, divided by `\\`.
    mutating func rows() -> [MathBox] {
        var rows: [MathBox] = []
        while at < characters.count {
            rows.append(line(until: []))
            if at < characters.count { at += rowBreakLength ?? 1 }
        }
        return rows
    }

    /// Reads up to a closing brace, a row's end or one of these characters.
    mutating func line(until ends: Set<Character>, isTight: Bool = false) -> MathBox {
        var line = MathLine(isTight: isTight)
        depth += 1
        defer { depth -= 1 }
        while let next = current, next != "}", !ends.contains(next), rowBreakLength == nil {
            if startsCommand("end") { break }
            guard depth < Self.deepest else {
                line.append(String(next), .ordinary)
                at += 1
                continue
            }
            readPart(into: &line)
        }
        return line.box
    }

    var current: Character? { at < characters.count ? characters[at] : nil }

    /// The length of `\\` with what may follow it; nil elsewhere.
    var rowBreakLength: Int? {
        guard at + 1 < characters.count, characters[at] == "\\", characters[at + 1] == "\\" else {
            return nil
        }
        var end = at + 2
        if end < characters.count, characters[end] == "*" { end += 1 }
        // A distance, as [4pt]; what else may stand in brackets belongs to the row.
        if end + 1 < characters.count, characters[end] == "[",
            let close = characters[end...].prefix(16).firstIndex(of: "]"), close > end + 1,
            characters[end + 1].isNumber || "-.".contains(characters[end + 1]),
            characters[close - 1].isLetter
        {
            end = close + 1
        }
        return end - at
    }

    func startsCommand(_ name: String) -> Bool {
        let end = at + name.count + 1
        return end <= characters.count && characters[at] == "\\"
            && characters[(at + 1)..<end].elementsEqual(name)
    }

    private mutating func readPart(into line: inout MathLine) {
        guard let next = current else { return }
        switch next {
        case "\\": readCommand(into: &line)
        case "{":
            at += 1
            line.append(self.line(until: []), .ordinary)
            if current == "}" { at += 1 }
        case "^", "_":
            at += 1
            line.appendScript(script(isRaised: next == "^"))
        case "'":
            at += 1
            line.appendScript("′")
        case " ", "\n", "\t", "\r\n", "\r", "&":
            at += 1
        case "~":
            at += 1
            line.append(" ", .space)
        default:
            let isWithinNumber = next == "," && isDigit(at - 1) && isDigit(at + 1)
            at += 1
            line.append(String(next), isWithinNumber ? .ordinary : Self.kind(of: next))
        }
    }

    private func isDigit(_ place: Int) -> Bool {
        characters.indices.contains(place) && characters[place].isNumber
    }

    private static func kind(of character: Character) -> MathLine.Kind {
        switch character {
        case "=", "<", ">", ":": .relation
        case "+", "-", "*": .binary
        case "(", "[": .opening
        case ")", "]", "!": .closing
        case ",", ";": .punctuation
        default: .ordinary
        }
    }

    // MARK: - Commands

    private mutating func commandName() -> String {
        at += 1
        let start = at
        while let next = current, next.isASCII, next.isLetter { at += 1 }
        if at == start, at < characters.count { at += 1 }
        return String(characters[start..<at])
    }

    private mutating func readCommand(into line: inout MathLine) {
        let name = commandName()
        if let symbol = MathSymbols.ordinary[name] { return line.append(symbol, .ordinary) }
        if let symbol = MathSymbols.relations[name] { return line.append(symbol, .relation) }
        if let symbol = MathSymbols.binary[name] { return line.append(symbol, .binary) }
        if let symbol = MathSymbols.large[name] { return line.append(symbol, .large) }
        if let symbol = MathSymbols.opening[name] { return line.append(symbol, .opening) }
        if let symbol = MathSymbols.closing[name] { return line.append(symbol, .closing) }
        if MathSymbols.functions.contains(name) { return line.append(name, .function) }
        if let space = MathSymbols.spaces[name] { return line.append(space, .space) }
        if MathSymbols.silent.contains(name) { return skipDot(after: name) }
        if MathSymbols.texts.contains(name) {
            return line.append(rawArgument(), name == "operatorname" ? .function : .ordinary)
        }
        if let accent = MathSymbols.accents[name] {
            return line.append(String(argument().text.flatMap { "\($0)\(accent)" }), .ordinary)
        }
        if readConstruct(name, into: &line) { return }
        // Unknown: as it is written, its argument too.
        var text = "\\" + name
        if current == "{" { text += "{\(argument().text)}" }
        line.append(text, .ordinary)
    }

    /// `\left.` and its like stand for no bracket at all.
    private mutating func skipDot(after name: String) {
        if ["left", "right", "middle"].contains(name), current == "." { at += 1 }
    }

    private mutating func readConstruct(_ name: String, into line: inout MathLine) -> Bool {
        switch name {
        case "frac", "dfrac", "tfrac", "cfrac":
            let upper = argument().text
            let lower = argument().text
            line.append(MathForms.fraction(upper, lower), .ordinary)
        case "binom", "dbinom", "tbinom":
            let upper = argument().text
            line.append("(\(upper) choose \(argument().text))", .ordinary)
        case "sqrt":
            let degree = current == "[" ? bracketArgument() : ""
            line.append(MathForms.root(argument().text, degree: degree), .ordinary)
        case "mathbb", "mathcal", "mathscr", "mathfrak":
            let text = argument().text
            line.append(MathLetters.ornamented(text, alphabet: name) ?? text, .ordinary)
        case "overset", "stackrel":
            let above = argument().text
            line.append(argument().text + MathForms.script(above, isRaised: true), .relation)
        case "underset":
            let below = argument().text
            line.append(argument().text + MathForms.script(below, isRaised: false), .large)
        case "pmod": line.append(" (mod \(argument().text))", .ordinary)
        case "not": line.append(argument().text + "\u{338}", .relation)
        case "tag": line.append("  (\(rawArgument()))", .ordinary)
        case "label", "phantom", "hphantom", "vphantom": _ = rawArgument()
        case "hspace", "vspace":
            _ = rawArgument()
            line.append(" ", .space)
        case "substack": line.append(argument(), .ordinary)
        case "begin": line.append(environment(), .ordinary)
        default: return false
        }
        return true
    }

    // MARK: - Arguments

    /// The group or the single sign that follows.
    private mutating func argument(isTight: Bool = false) -> MathBox {
        skipSpaces()
        guard let next = current, depth < Self.deepest else { return MathBox() }
        if next == "{" {
            at += 1
            let box = line(until: [], isTight: isTight)
            if current == "}" { at += 1 }
            return box
        }
        guard next != "}", rowBreakLength == nil else { return MathBox() }
        depth += 1
        defer { depth -= 1 }
        var line = MathLine(isTight: isTight)
        readPart(into: &line)
        return line.box
    }

    /// The group that follows, as it is written.
    mutating func rawArgument() -> String {
        skipSpaces()
        guard current == "{" else { return argument().text }
        at += 1
        let start = at
        var open = 1
        while let next = current {
            if next == "{" { open += 1 }
            if next == "}" { open -= 1 }
            if open == 0 { break }
            at += 1
        }
        let text = String(characters[start..<at])
        if current == "}" { at += 1 }
        return text.replacing("\\", with: "")
    }

    private mutating func bracketArgument() -> String {
        at += 1
        let box = line(until: ["]"], isTight: true)
        if current == "]" { at += 1 }
        return box.text
    }

    private mutating func skipSpaces() {
        while let next = current, next.isWhitespace { at += 1 }
    }

    private mutating func script(isRaised: Bool) -> String {
        MathForms.script(argument(isTight: true).text, isRaised: isRaised)
    }
}
