import TerminalCore
import TerminalCurses
import Testing

/// What the environment says of a terminal.
@Suite struct TerminalKindTests {
    @Test(
        "the colours that are drawn",
        arguments: [
            (["TERM": "xterm-256color"], 256, false, ColorDepth.indexed),
            (["TERM": "xterm-256color", "COLORTERM": "truecolor"], 256, false, .full),
            (["TERM": "xterm-256color", "COLORTERM": "24bit"], 256, false, .full),
            (["TERM": "xterm-256color"], 256, true, .full),
            (["TERM": "xterm-direct"], 1 << 24, false, .full),
            (["TERM": "xterm-kitty"], 256, false, .full),
            (["TERM": "linux"], 8, false, .eight),
            (["TERM": "xterm-16color"], 16, false, .sixteen),
            (["TERM": "vt220"], -1, false, .none),
            (
                ["TERM": "screen-256color", "COLORTERM": "truecolor", "STY": "1.a"], 256, false,
                .indexed
            ),
            (
                ["TERM": "screen-256color", "COLORTERM": "truecolor", "TMUX": "/tmp/a,1,0"], 256,
                false, .full
            ),
            (
                ["TERM": "xterm-direct", "COLORTERM": "truecolor", "NO_COLOR": "1"], 256, true,
                .none
            ),
            (["TERM": "xterm-256color", "NO_COLOR": ""], 256, false, .indexed),
        ]
    )
    func depth(environment: [String: String], colors: Int, takes24Bits: Bool, depth: ColorDepth) {
        let kind = TerminalKind(environment: environment)
        #expect(kind.depth(colors: colors, takes24Bits: takes24Bits) == depth)
    }

    @Test(
        "where links are written",
        arguments: [
            (["TERM": "xterm-256color"], true),
            (["TERM": "linux"], false),
            (["TERM": "screen-256color"], false),
            (["TERM": "tmux-256color", "TMUX": "x"], false),
            (
                [
                    "TERM": "tmux-256color", "TMUX": "x", "TERM_PROGRAM": "tmux",
                    "TERM_PROGRAM_VERSION": "3.3a",
                ], false
            ),
            (
                [
                    "TERM": "screen-256color", "TMUX": "x", "TERM_PROGRAM": "tmux",
                    "TERM_PROGRAM_VERSION": "3.5a",
                ], true
            ),
            (
                [
                    "TERM": "tmux", "TMUX": "x", "TERM_PROGRAM": "tmux",
                    "TERM_PROGRAM_VERSION": "next-3.6",
                ], true
            ),
        ]
    )
    func links(environment: [String: String], takesLinks: Bool) {
        #expect(TerminalKind(environment: environment).takesLinks == takesLinks)
    }

    @Test(
        "the background by COLORFGBG",
        arguments: [
            ("15;0", RGB(0, 0, 0)), ("0;15", RGB(255, 255, 255)),
            ("0;default;7", RGB(229, 229, 229)), ("15", nil), ("15;default", nil), ("0;16", nil),
            ("0;-1", nil), ("", nil),
        ] as [(String, RGB?)]
    )
    func background(value: String, color: RGB?) {
        let kind = TerminalKind(environment: ["TERM": "rxvt", "COLORFGBG": value])
        #expect(kind.background == color)
    }

    @Test(
        "how a notice is sent",
        arguments: [
            (["TERM": "xterm-256color"], NoticeForm.bell),
            (["TERM": "xterm-kitty"], .kitty),
            (["TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"], .text),
            (["TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app", "TMUX": "x"], .bell),
            (["TERM": "screen"], .bell), (["TERM": "linux"], .bell), (["TERM": "foot"], .text),
        ]
    )
    func notice(environment: [String: String], form: NoticeForm) {
        #expect(TerminalKind(environment: environment).notice == form)
    }
}

/// Text on its way into a sequence.
@Suite struct SequenceTextTests {
    @Test(
        "only links that may be followed are written, in printable ASCII",
        arguments: [
            ("https://example.org/?q=a", "https://example.org/?q=a"),
            ("HTTP://example.org", "HTTP://example.org"),
            ("mailto:a@example.org", "mailto:a@example.org"),
            ("https://ex.org/ä b", "https://ex.org/%C3%A4%20b"),
            ("https://ex.org/\u{1B}\\\u{1B}[2J", "https://ex.org/%1B\\%1B[2J"),
            ("https://ex.org/\u{7}\u{9C}", "https://ex.org/%07%C2%9C"),
            ("file:///etc/passwd", nil), ("javascript:alert(1)", nil), ("example.org", nil),
            ("", nil), (":", nil), ("https", nil), ("\u{1B}https://x", nil),
            ("https://" + String(repeating: "a", count: 3_000), nil),
            ("https://" + String(repeating: "é", count: 900), nil),
        ] as [(String, String?)]
    )
    func links(target: String, clean: String?) {
        #expect(Hyperlink.cleaned(target) == clean)
    }

    @Test("a notice holds no command and no control character")
    func notices() {
        let text = "4;1;50\u{7}\u{1B}]0;owned\u{9C}\nready\u{202E}"
        let bytes = NoticeText.bytes(text, as: .text, bell: [7])
        #expect(
            String(decoding: bytes, as: UTF8.self) == "\u{1B}]9;4,1,50  ]0,owned  ready\u{1B}\\"
        )
        #expect(NoticeText.bytes("ready", as: .bell, bell: [7]) == [7])
        #expect(NoticeText.bytes("\u{200B}", as: .kitty, bell: [7]) == [7])
        #expect(
            NoticeText.bytes(String(repeating: "x", count: 999), as: .text, bell: []).count < 210
        )
    }
}
