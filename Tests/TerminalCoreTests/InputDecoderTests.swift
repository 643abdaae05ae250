import TerminalCore
import Testing

@Suite struct InputDecoderTests {
    /// Feeds everything at one moment, then lets all timers run out.
    private func decode(_ text: String) -> [InputEvent] {
        var decoder = InputDecoder()
        return decoder.feed(Array(text.utf8), at: .zero) + decoder.advance(to: .seconds(10))
    }

    private static let inputs: [(String, [InputEvent])] = [
        ("a", [.key(.character("a"))]),
        ("é世", [.key(.character("é")), .key(.character("世"))]),
        ("\r", [.key(KeyPress(.enter))]),
        ("\n", [.key(.control("j"))]),
        ("\u{7F}", [.key(KeyPress(.backspace))]),
        ("\u{1F}", [.key(.control("_"))]),
        ("\u{1B}", [.key(KeyPress(.escape))]),
        ("\u{1B}\u{1B}", [.key(KeyPress(.escape)), .key(KeyPress(.escape))]),
        ("\u{1B}\r", [.key(KeyPress(.enter, .alt))]),
        ("\u{1B}b", [.key(.alt("b"))]),
        ("\u{1B}[A\u{1B}OB", [.key(KeyPress(.up)), .key(KeyPress(.down))]),
        ("\u{1B}[1;5D", [.key(KeyPress(.left, .control))]),
        ("\u{1B}[1;2A", [.key(KeyPress(.up, .shift))]),
        ("\u{1B}OM", [.key(KeyPress(.enter))]),
        ("\u{1B}[13;2u", [.key(KeyPress(.enter, .shift))]),
        ("\u{1B}[27;2;13~", [.key(KeyPress(.enter, .shift))]),
        ("\u{1B}[97;5u", [.key(.control("a"))]),
        ("\u{1B}[65;2u", [.key(.character("A"))]),
        ("\u{1B}[44:60;4u", [.key(.alt("<"))]),
        ("\u{1B}[97:65;6u", [.key(KeyPress(.character("a"), [.control, .shift]))]),
        (
            "\u{1B}[44:;4u\u{1B}[44:9999999999999999999;3u",
            [
                .key(KeyPress(.character(","), [.alt, .shift])), .key(.alt(",")),
            ]
        ),
        (
            "\u{1B}[[A\u{1B}[[Ex",
            [
                .key(KeyPress(.function(1))), .key(KeyPress(.function(5))), .key(.character("x")),
            ]
        ),
        ("\u{1B}[5~\u{1B}[6~", [.key(KeyPress(.pageUp)), .key(KeyPress(.pageDown))]),
        ("\u{1B}[3~", [.key(KeyPress(.delete))]),
        ("\u{1B}[Z", [.key(KeyPress(.tab, .shift))]),
        ("\u{1B}[I\u{1B}[O", [.focus(true), .focus(false)]),
        (
            "\u{1B}[<64;3;4M\u{1B}[<0;1;1M",
            [
                .mouse(MouseEvent(.scrollUp, at: Position(column: 2, row: 3))),
                .mouse(MouseEvent(.press, at: Position(column: 0, row: 0))),
            ]
        ),
        (
            "\u{1B}[<32;2;1M\u{1B}[<0;2;1m\u{1B}[<66;1;1M\u{1B}[<67;1;1M",
            [
                .mouse(MouseEvent(.drag, at: Position(column: 1, row: 0))),
                .mouse(MouseEvent(.release, at: Position(column: 1, row: 0))),
                .mouse(MouseEvent(.scrollLeft, at: Position(column: 0, row: 0))),
                .mouse(MouseEvent(.scrollRight, at: Position(column: 0, row: 0))),
            ]
        ),
        (
            "\u{1B}[<4;1;1M\u{1B}[<88;1;1M",
            [
                .mouse(MouseEvent(.press, at: Position(column: 0, row: 0), .shift)),
                .mouse(MouseEvent(.scrollUp, at: Position(column: 0, row: 0), [.alt, .control])),
            ]
        ),
        ("\u{1B}[M !!", [.mouse(MouseEvent(.press, at: Position(column: 0, row: 0)))]),
        (
            "\u{1B}[200~a\rb\r\nc\u{1B}[31m\u{7}\u{1B}[201~x",
            [
                .paste("a\nb\nc[31m"), .key(.character("x")),
            ]
        ),
        (
            "\u{1B}]11;rgb:0/f/8\u{7}y",
            [.background(red: 0, green: 255, blue: 136), .key(.character("y"))]
        ),
        (
            "\u{1B}]11;rgb:1e1e/8080/ffff\u{1B}\\y",
            [.background(red: 0x1E, green: 0x80, blue: 0xFF), .key(.character("y"))]
        ),
        (
            "\u{1B}]11;rgba:ff/fd/e3/80\u{7}",
            [.background(red: 0xFF, green: 0xFD, blue: 0xE3)]
        ),
        ("\u{1B}]11;#fdf6e3\u{7}", [.background(red: 0xFD, green: 0xF6, blue: 0xE3)]),
        ("\u{1B}]11;#fff\u{7}", [.background(red: 255, green: 255, blue: 255)]),
        ("\u{1B}]11;rgb:0/0\u{7}\u{1B}]11;rgb:g/0/0\u{7}\u{1B}]11;#ff\u{7}", []),
        ("\u{1B}]11;rgb:\u{7}\u{1B}]11;rgba:\u{7}", []),
        ("\u{1B}[1;-9223372036854775808A", [.key(KeyPress(.up))]),
        ("\u{1B}]11;rgb:12345/0/0\u{7}\u{1B}]11;\u{7}\u{1B}]11;?\u{7}\u{1B}]\u{7}", []),
        ("\u{1B}]11;rgb:0/0/0\u{18}\u{1B}P11;rgb:0/0/0\u{1B}\\", []),
        ("\u{1B}]10;rgb:0/0/0\u{7}\u{1B}]52;c;aGVsbG8=\u{7}y", [.key(.character("y"))]),
        ("\u{1B}[?62;1c", [.answered]),
        ("\u{1B}[999999999999999999999999u", []),
        (
            "\u{1B}[57399u\u{1B}[57408u\u{1B}[57413u\u{1B}[57414u\u{1B}[57417u\u{1B}[57421;5u\u{1B}[57427u",
            [
                .key(.character("0")), .key(.character("9")), .key(.character("+")),
                .key(KeyPress(.enter)), .key(KeyPress(.left)), .key(KeyPress(.pageUp, .control)),
            ]
        ),
        ("hi\r", [.key(.character("h")), .key(.character("i")), .key(KeyPress(.enter))]),
        (
            "one\rtwo\rthree\r",
            [
                .key(.character("o")), .key(.character("n")), .key(.character("e")),
                .paste("\ntwo\nthree\n"),
            ]
        ),
    ]

    @Test("known bytes give their events", arguments: inputs)
    func events(input: (String, [InputEvent])) {
        #expect(decode(input.0) == input.1)
    }

    @Test("input cut at every position gives the same events", arguments: inputs)
    func cuts(input: (String, [InputEvent])) {
        let bytes = Array(input.0.utf8)
        for cut in 0...bytes.count {
            var decoder = InputDecoder()
            var events = decoder.feed(bytes[..<cut], at: .zero)
            events += decoder.feed(bytes[cut...], at: .zero)
            events += decoder.advance(to: .seconds(10))
            #expect(events == input.1, "cut at \(cut)")
        }
    }

    @Test("all inputs in one stream, byte by byte, give all events once")
    func stream() {
        // Lone escapes need a pause to be told from what follows.
        var decoder = InputDecoder()
        var now = Duration.zero
        var events: [InputEvent] = []
        for (text, _) in Self.inputs {
            for byte in text.utf8 { events += decoder.feed([byte], at: now) }
            now += .seconds(3)
            events += decoder.advance(to: now)
        }
        #expect(events == Self.inputs.flatMap(\.1))
    }

    @Test("a lone Esc is a key after 25 ms, not before")
    func loneEscape() {
        var decoder = InputDecoder()
        #expect(decoder.feed([0x1B], at: .zero).isEmpty)
        #expect(decoder.deadline == .milliseconds(25))
        #expect(decoder.advance(to: .milliseconds(24)).isEmpty)
        #expect(decoder.advance(to: .milliseconds(25)) == [.key(KeyPress(.escape))])
        #expect(decoder.deadline == nil)
    }

    @Test("a CR within 300 ms of a lone Esc is Alt-Enter, a later one is Enter")
    func cutAltEnter() {
        for (delay, modifiers) in [(290, KeyPress.Modifiers.alt), (400, [])] {
            var decoder = InputDecoder()
            _ = decoder.feed([0x1B], at: .zero)
            _ = decoder.advance(to: .milliseconds(30))
            let events = decoder.feed([0x0D], at: .milliseconds(delay))
            #expect(events == [.key(KeyPress(.enter, modifiers))])
        }
    }

    @Test("a typed key is out at once")
    func immediate() {
        var decoder = InputDecoder()
        #expect(decoder.feed(Array("x".utf8), at: .zero) == [.key(.character("x"))])
        let enter = decoder.feed([0x0D], at: .milliseconds(80))
        #expect(enter == [.key(KeyPress(.enter))])
    }

    @Test("a paste without brackets that stutters at a line end does not send")
    func stutteringPaste() {
        var decoder = InputDecoder()
        var events = decoder.feed(Array("a\rb".utf8), at: .zero)
        events += decoder.advance(to: .milliseconds(60))
        events += decoder.feed(Array("\rc".utf8), at: .milliseconds(100))
        events += decoder.advance(to: .seconds(1))
        #expect(events == [.key(.character("a")), .paste("\nb"), .paste("\nc")])
    }

    @Test("invalid UTF-8 becomes replacement characters and loses nothing else")
    func invalidUTF8() {
        var decoder = InputDecoder()
        let bytes: [UInt8] = [0x61, 0xFF, 0x62, 0xE4, 0xB8, 0x63]
        let text = decoder.feed(bytes, at: .zero)
        let expected: [InputEvent] = ["a", "\u{FFFD}", "b", "\u{FFFD}", "c"].map {
            .key(.character($0))
        }
        #expect(text == expected)
    }

    @Test("a reply of any length is read over and gives nothing")
    func longReply() {
        let long = "\u{1B}]11;rgb:" + String(repeating: "f", count: 100_000) + "\u{7}y"
        #expect(decode(long) == [.key(.character("y"))])
    }

    @Test("random bytes never trap and end in the ground state")
    func noise() {
        var random = SplitMix(state: 7)
        for _ in 0..<2_000 {
            var decoder = InputDecoder()
            let count = Int(random.next() % 60)
            let alphabet: [UInt8] = [0x1B, 0x5B, 0x4F, 0x3B, 0x4D, 0x7E, 0x0D, 0x32, 0x30, 0x3C]
            let bytes = (0..<count).map { _ -> UInt8 in
                let roll = random.next()
                return roll % 3 == 0
                    ? UInt8(truncatingIfNeeded: roll >> 8) : alphabet[Int((roll >> 8) % 10)]
            }
            _ = decoder.feed(bytes, at: .zero)
            _ = decoder.advance(to: .seconds(10))
            _ = decoder.advance(to: .seconds(20))
            #expect(decoder.deadline == nil)
        }
    }
}

/// A small reproducible source of randomness.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
