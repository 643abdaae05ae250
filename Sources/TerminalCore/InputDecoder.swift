/// Turns a terminal's bytes into events.
///
/// A pure state machine: bytes and the time they came at go in, events come out. How the bytes
/// are cut into pieces does not matter, only their times do. Times count from any fixed moment.
///
/// Several things can be told apart by time alone: Esc as a key from Esc as the start of a
/// sequence, Alt-Enter from Esc and then Enter, and a paste without brackets from typing.
package struct InputDecoder: Sendable {
    /// How long a lone Esc waits for the rest of a sequence.
    package static let escapeDelay = Duration.milliseconds(25)
    /// A CR this soon after a lone Esc is Alt-Enter cut apart on its way.
    static let alternateEnterDelay = Duration.milliseconds(300)
    /// A sequence that has begun but does not go on is given up after this time.
    static let sequenceDelay = Duration.milliseconds(250)
    /// Keys closer together than this were not typed by a person.
    static let burstGap = Duration.milliseconds(8)
    /// How long an Enter at the end of a burst waits for text that makes it a paste.
    static let enterDelay = Duration.milliseconds(15)
    /// A paste without brackets ends after this silence.
    static let burstEnd = Duration.milliseconds(50)
    /// A bracketed paste whose end never comes is given up after this silence.
    static let pasteDelay = Duration.seconds(2)
    /// Bytes of a control sequence or a reply kept; longer ones are read over and dropped.
    private static let longestSequence = 64

    private enum TextKind {
        /// OSC.
        case command
        /// APC: kitty's graphics.
        case program
    }

    private enum State {
        case ground
        case escape
        /// ESC O: one more byte names a key.
        case singleShift
        case control
        /// The three bytes after CSI M.
        case oldMouse
        case bracketedPaste
        /// OSC, DCS and the like: a reply that is read over up to its end.
        case text
        case textEscape
    }

    private var state = State.ground
    private var sequence: [UInt8] = []
    /// What the text being read over began with, where it may answer a question of ours.
    private var answering: TextKind?
    private var utf8: [UInt8] = []
    private var pasted: [UInt8] = []
    /// Text of a paste without brackets so far; nil outside one.
    private var burst: String?
    private var burstHeldEnter = false
    private var lastByte: Duration?
    private var lastCharacter: Duration?
    private var lastLoneEscape: Duration?
    private var lastBurst: Duration?
    private var events: [InputEvent] = []

    package init() {}

    /// When `advance` has something to decide if no byte comes before; nil when nothing waits.
    package var deadline: Duration? {
        guard let lastByte else { return nil }
        switch state {
        case .escape: return lastByte + Self.escapeDelay
        case .singleShift, .control, .oldMouse, .text, .textEscape:
            return lastByte + (sequence.isEmpty ? Self.escapeDelay : Self.sequenceDelay)
        case .bracketedPaste: return lastByte + Self.pasteDelay
        case .ground:
            if burst != nil { return lastByte + Self.burstEnd }
            if burstHeldEnter { return lastByte + Self.enterDelay }
            return utf8.isEmpty ? nil : lastByte + Self.sequenceDelay
        }
    }

    /// Decodes bytes that came at one moment.
    package mutating func feed(_ bytes: some Sequence<UInt8>, at now: Duration) -> [InputEvent] {
        expire(now)
        for byte in bytes {
            take(byte, now)
            lastByte = now
        }
        return takeEvents()
    }

    /// Decides what only time can decide.
    package mutating func advance(to now: Duration) -> [InputEvent] {
        expire(now)
        return takeEvents()
    }

    private mutating func takeEvents() -> [InputEvent] {
        defer { events.removeAll() }
        return events
    }

    private mutating func expire(_ now: Duration) {
        guard let deadline, now >= deadline else { return }
        switch state {
        case .escape:
            state = .ground
            lastLoneEscape = lastByte
            emit(.escape)
        case .singleShift:
            state = .ground
            emit(.character("o"), [.alt, .shift])
        case .control:
            state = .ground
            if sequence.isEmpty { emit(.character("["), .alt) }
        case .text, .textEscape, .oldMouse: state = .ground
        case .bracketedPaste: endBracketedPaste()
        case .ground:
            if !utf8.isEmpty {
                utf8.removeAll()
                character("\u{FFFD}", now)
            }
            endBurst()
        }
        sequence.removeAll()
    }

    // MARK: - Bytes

    private mutating func take(_ byte: UInt8, _ now: Duration) {
        switch state {
        case .ground: ground(byte, now)
        case .escape: escape(byte, now)
        case .singleShift:
            state = .ground
            singleShift(byte)
        case .control: control(byte, now)
        case .oldMouse:
            sequence.append(byte)
            guard sequence.count == 3 else { return }
            state = .ground
            let place = Position(column: Int(sequence[1]) - 33, row: Int(sequence[2]) - 33)
            mouse(code: Int(sequence[0]) - 32, at: place, released: false)
            sequence.removeAll()
        case .bracketedPaste: paste(byte)
        case .text: text(byte)
        case .textEscape:
            if byte == 0x5C { endText() } else { state = .text }
        }
    }

    private mutating func text(_ byte: UInt8) {
        switch byte {
        case 0x07: endText()
        case 0x18, 0x1A:
            answering = nil
            endText()
        case 0x1B: state = .textEscape
        default: if sequence.count <= Self.longestSequence { sequence.append(byte) }
        }
    }

    private mutating func endText() {
        state = .ground
        if sequence.count <= Self.longestSequence {
            let event =
                switch answering {
                case .command: TerminalReply.background(sequence)
                case .program: TerminalReply.graphics(sequence)
                case nil: nil as InputEvent?
                }
            if let event { events.append(event) }
        }
        sequence.removeAll()
    }

    private mutating func ground(_ byte: UInt8, _ now: Duration) {
        if !utf8.isEmpty || byte >= 0x80 { return continueUTF8(byte, now) }
        switch byte {
        case 0x1B:
            endBurst()
            state = .escape
        case 0x0D: carriageReturn(now)
        case 0x09 where burst != nil: burst?.append("\t")
        case 0x0A where burst != nil: burst?.append("\n")
        case 0x09: emit(.tab)
        case 0x7F: emit(.backspace)
        case 0x00..<0x20: emitControl(byte)
        default: character(Character(Unicode.Scalar(byte)), now)
        }
    }

    private mutating func continueUTF8(_ byte: UInt8, _ now: Duration) {
        if !utf8.isEmpty, byte & 0xC0 != 0x80 {
            utf8.removeAll()
            character("\u{FFFD}", now)
            return ground(byte, now)
        }
        utf8.append(byte)
        let length =
            switch utf8[0] {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        guard utf8.count == length else { return }
        let text = String(decoding: utf8, as: UTF8.self)
        utf8.removeAll()
        character(text.count == 1 ? text.first ?? "\u{FFFD}" : "\u{FFFD}", now)
    }

    private mutating func character(_ character: Character, _ now: Duration) {
        lastCharacter = now
        if burstHeldEnter {
            burstHeldEnter = false
            burst = "\n"
        }
        if burst != nil {
            burst?.append(character)
        } else {
            emit(.character(character))
        }
    }

    private mutating func carriageReturn(_ now: Duration) {
        if burst != nil {
            burst?.append("\n")
        } else if burstHeldEnter {
            burstHeldEnter = false
            burst = "\n\n"
        } else if let escape = lastLoneEscape, now - escape <= Self.alternateEnterDelay {
            lastLoneEscape = nil
            emit(.enter, .alt)
        } else if let lastBurst, now - lastBurst <= Self.alternateEnterDelay {
            // The paste stuttered: its next line end must not send what came so far.
            burst = "\n"
        } else if let lastCharacter, now - lastCharacter <= Self.burstGap {
            burstHeldEnter = true
        } else {
            emit(.enter)
        }
    }

    private mutating func endBurst() {
        if let text = burst {
            burst = nil
            lastBurst = lastByte
            events.append(.paste(text))
        } else if burstHeldEnter {
            burstHeldEnter = false
            events.append(.key(KeyPress(.enter)))
        }
    }

    private mutating func escape(_ byte: UInt8, _ now: Duration) {
        sequence.removeAll()
        state = .ground
        switch byte {
        case 0x5B: state = .control
        case 0x4F: state = .singleShift
        case 0x50, 0x5D, 0x5F, 0x5E, 0x58:
            state = .text
            answering = byte == 0x5D ? .command : byte == 0x5F ? .program : nil
        case 0x1B:
            emit(.escape)
            state = .escape
        case 0x0D: emit(.enter, .alt)
        case 0x09: emit(.tab, .alt)
        case 0x7F, 0x08: emit(.backspace, .alt)
        case 0x00..<0x20: emitControl(byte, .alt)
        case 0x80...: continueUTF8(byte, now)
        default: emitASCII(byte, .alt)
        }
    }

    private mutating func paste(_ byte: UInt8) {
        pasted.append(byte)
        let end: [UInt8] = [0x1B, 0x5B, 0x32, 0x30, 0x31, 0x7E]
        guard byte == 0x7E, pasted.suffix(end.count) == end[...] else { return }
        pasted.removeLast(end.count)
        endBracketedPaste()
    }

    private mutating func endBracketedPaste() {
        state = .ground
        let text = String(decoding: pasted, as: UTF8.self)
        pasted.removeAll()
        events.append(.paste(Self.cleanPaste(text)))
    }

    /// Keeps LF and tab of the control characters: an ESC in a paste could end it early.
    private static func cleanPaste(_ text: String) -> String {
        var clean = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A where previous == "\r": break
            case 0x0A, 0x0D: clean.append("\n")
            case 0x09: clean.append("\t")
            case 0..<0x20, 0x7F..<0xA0: break
            default: clean.append(scalar)
            }
            previous = scalar
        }
        return String(clean)
    }

    // MARK: - Sequences

    private mutating func control(_ byte: UInt8, _ now: Duration) {
        switch byte {
        case 0x20..<0x40:
            if sequence.count <= Self.longestSequence { sequence.append(byte) }
        // The Linux console's F1 to F5: a bracket, then a letter.
        case 0x5B where sequence.isEmpty: sequence.append(byte)
        case 0x40..<0x7F:
            state = .ground
            let parameters = sequence
            sequence.removeAll()
            if parameters.isEmpty, byte == 0x4D {
                state = .oldMouse
            } else if parameters.count <= Self.longestSequence {
                finish(parameters, final: byte)
            }
        case 0x1B:
            state = .escape
            sequence.removeAll()
        default:
            state = .ground
            sequence.removeAll()
        }
    }

    private mutating func finish(_ parameters: [UInt8], final: UInt8) {
        if parameters.first == 0x3C { return modernMouse(parameters, final) }
        if parameters == [0x5B] {
            if (0x41...0x45).contains(final) { emit(.function(Int(final) - 0x40)) }
            return
        }
        // Private markers begin replies to questions; none of them is a key.
        if let first = parameters.first, (0x3C...0x3F).contains(first) {
            if first == 0x3F, final == 0x63 {
                if TerminalReply.hasSixel(parameters) { events.append(.showsPixels(.sixel)) }
                events.append(.answered)
            }
            return
        }
        // `13:1;2:1u` carries sub-parameters; of most only the first is of use.
        let numbers = String(decoding: parameters, as: UTF8.self)
            .split(separator: ";", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? 0 : Int($0.prefix { $0 != ":" }) ?? -1 }
        let code = numbers.first ?? 0
        let modifiers = Self.modifiers(numbers.count > 1 ? numbers[1] : 1)
        switch final {
        case 0x49 where parameters.isEmpty: events.append(.focus(true))
        case 0x4F where parameters.isEmpty: events.append(.focus(false))
        case 0x5A: emit(.tab, .shift)
        case 0x74 where code == 6:
            if let size = TerminalReply.cellSize(numbers) { events.append(size) }
        case 0x75:
            // What Shift makes of the key, as < of a comma: `44:60;4u`.
            if modifiers.contains(.shift), let shifted = Self.shiftedMark(parameters) {
                emitCode(shifted, modifiers.subtracting(.shift))
            } else {
                emitCode(code, modifiers)
            }
        case 0x7E where code == 200: state = .bracketedPaste
        case 0x7E where code == 27 && numbers.count == 3: emitCode(numbers[2], modifiers)
        case 0x7E: if let key = Self.tildeKeys[code] { emit(key, modifiers) }
        default: if let key = Self.letterKeys[final] { emit(key, modifiers) }
        }
    }

    /// The second number of a key's first parameter, where it is a mark of ASCII and no letter.
    private static func shiftedMark(_ parameters: [UInt8]) -> Int? {
        let numbers = parameters.prefix { $0 != 0x3B }
            .split(separator: 0x3A, omittingEmptySubsequences: false)
        guard numbers.count > 1, let code = Int(String(decoding: numbers[1], as: UTF8.self)),
            (0x21..<0x7F).contains(code), !Character(Unicode.Scalar(UInt8(code))).isLetter
        else { return nil }
        return code
    }

    private mutating func singleShift(_ byte: UInt8) {
        switch byte {
        case 0x4D: emit(.enter)
        case 0x49: emit(.tab)
        case 0x6A...0x79, 0x6C: emitASCII(byte - 0x40)
        default:
            if let key = Self.letterKeys[byte] {
                emit(key)
            } else {
                emit(.character("o"), [.alt, .shift])
                if byte >= 0x20, byte < 0x7F { emitASCII(byte) }
            }
        }
    }

    private static let letterKeys: [UInt8: Key] = [
        0x41: .up, 0x42: .down, 0x43: .right, 0x44: .left, 0x48: .home, 0x46: .end,
        0x50: .function(1), 0x51: .function(2), 0x52: .function(3), 0x53: .function(4),
    ]

    private static let tildeKeys: [Int: Key] = [
        1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end,
        11: .function(1), 12: .function(2), 13: .function(3), 14: .function(4), 15: .function(5),
        17: .function(6), 18: .function(7), 19: .function(8), 20: .function(9),
        21: .function(10), 23: .function(11), 24: .function(12),
    ]

    /// The number terminals send is one more than a bit set: 1 Shift, 2 Alt, 4 Control.
    private static func modifiers(_ number: Int) -> KeyPress.Modifiers {
        KeyPress.Modifiers(rawValue: UInt8((max(1, min(number, 256)) - 1) & 7))
    }

    private mutating func modernMouse(_ parameters: [UInt8], _ final: UInt8) {
        let numbers = String(decoding: parameters.dropFirst(), as: UTF8.self)
            .split(separator: ";").compactMap { Int($0) }
        guard numbers.count == 3, final == 0x4D || final == 0x6D else { return }
        let limit = 1...100_000
        guard limit.contains(numbers[1]), limit.contains(numbers[2]) else { return }
        let place = Position(column: numbers[1] - 1, row: numbers[2] - 1)
        mouse(code: numbers[0], at: place, released: final == 0x6D)
    }

    private mutating func mouse(code: Int, at place: Position, released: Bool) {
        let action: MouseEvent.Action? =
            switch code & ~0x1C {
            case 64: .scrollUp
            case 65: .scrollDown
            case 66: .scrollLeft
            case 67: .scrollRight
            case 0: released ? .release : .press
            case 3: .release
            case 32: .drag
            default: nil
            }
        // The code carries Shift as 4, Alt as 8 and Control as 16.
        let modifiers = KeyPress.Modifiers(rawValue: UInt8((code & 0x1C) >> 2))
        if let action { events.append(.mouse(MouseEvent(action, at: place, modifiers))) }
    }

    // MARK: - Keys

    private mutating func emit(_ key: Key, _ modifiers: KeyPress.Modifiers = []) {
        if burst != nil || burstHeldEnter { endBurst() }
        if key != .escape { lastLoneEscape = nil }
        events.append(.key(KeyPress(key, modifiers)))
    }

    private mutating func emitASCII(_ byte: UInt8, _ modifiers: KeyPress.Modifiers = []) {
        emitCode(Int(byte), modifiers)
    }

    /// A key given as a character's number, as `CSI u` and modifyOtherKeys do.
    private mutating func emitCode(_ code: Int, _ modifiers: KeyPress.Modifiers) {
        switch code {
        case 13: emit(.enter, modifiers)
        case Self.keypad: emitKeypad(code, modifiers)
        case 9: emit(.tab, modifiers)
        case 27: emit(.escape, modifiers)
        case 8, 127: emit(.backspace, modifiers)
        case 0..<32: emitControl(UInt8(code), modifiers)
        default:
            guard let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init),
                !(0xE000...0xF8FF).contains(scalar.value)
            else { return }
            let letter = Character(scalar)
            if modifiers.isDisjoint(with: [.control, .alt]) {
                emit(.character(modifiers.contains(.shift) ? letter.uppercasedIfOne : letter))
            } else if letter.isUppercase, letter.isASCII {
                emit(.character(letter.lowercasedIfOne), modifiers.union(.shift))
            } else {
                emit(.character(letter), modifiers)
            }
        }
    }

    /// The keypad's keys as the kitty protocol numbers them.
    private static let keypad = 57399...57427

    private mutating func emitKeypad(_ code: Int, _ modifiers: KeyPress.Modifiers) {
        let characters: [Character] = [
            "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", ".", "/", "*", "-", "+",
        ]
        let others: [Int: Key] = [
            57414: .enter, 57415: .character("="), 57416: .character(","),
            57417: .left, 57418: .right, 57419: .up, 57420: .down, 57421: .pageUp,
            57422: .pageDown, 57423: .home, 57424: .end, 57425: .insert, 57426: .delete,
        ]
        let place = code - Self.keypad.lowerBound
        if characters.indices.contains(place) {
            emit(.character(characters[place]), modifiers.subtracting(.shift))
        } else if let key = others[code] {
            emit(key, modifiers)
        }
    }

    private mutating func emitControl(_ byte: UInt8, _ modifiers: KeyPress.Modifiers = []) {
        let letter = Character(Unicode.Scalar(byte == 0 ? 0x20 : byte | 0x40)).lowercasedIfOne
        emit(.character(letter), modifiers.union(.control))
    }
}

extension Character {
    fileprivate var lowercasedIfOne: Character {
        let lower = lowercased()
        return lower.count == 1 ? lower.first ?? self : self
    }

    fileprivate var uppercasedIfOne: Character {
        let upper = uppercased()
        return upper.count == 1 ? upper.first ?? self : self
    }
}
