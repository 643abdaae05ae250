import Interface
import Testing

@Suite struct MentionTests {
    @Test(
        "a mention begins a word and ends before what ends a sentence",
        arguments: [
            ("see @a.txt, please", ["a.txt"]), ("@a @b/c", ["a", "b/c"]), ("me@x.org", []),
            ("(@src/main.c)", ["src/main.c"]), ("@", []), ("@ x", []), ("@~/a.", ["~/a"]),
            ("@\"my file.txt\" and", ["my file.txt"]), ("@\"a \\\"b\\\" \\\\c\"", ["a \"b\" \\c"]),
            ("x\n@/etc/hosts\n", ["/etc/hosts"]), ("@\"open", ["open"]), ("@\"\"", []),
        ] as [(String, [String])]
    )
    func paths(text: String, expected: [String]) {
        #expect(Mention.all(in: text).map(\.path) == expected)
    }

    @Test("what is written for a path is read as that path")
    func roundTrip() {
        let paths = [
            "a", "a b", "a\"b", "a\\b", "a\nb", "ends.", "it's", "~/x y/é 👩‍👩‍👧.txt", "@x",
            "a\u{1B}[31m",
        ]
        for path in paths {
            let text = "see @\(PathText.quoted(path)), now"
            let found = Mention.all(in: text)
            #expect(found.map(\.path) == [path])
            let range = found.first?.range ?? 0..<0
            let written = String(decoding: Array(text.utf8)[range], as: UTF8.self)
            #expect(written == "@" + PathText.quoted(path))
        }
    }

    @Test(
        "a path that is pasted or dropped is known by its beginning",
        arguments: [
            ("/home/me/a.txt", "/home/me/a.txt"), (" /home/me/a.txt ", "/home/me/a.txt"),
            ("'/home/me/my file.txt'", "/home/me/my file.txt"),
            ("/home/me/my\\ file.txt", "/home/me/my file.txt"),
            ("file:///home/me/my%20file.txt", "/home/me/my file.txt"),
            ("file://localhost/x", "/x"), ("~/a", "~/a"), ("./a", "./a"),
            ("a.txt", nil), ("/", nil), ("/home/me and more", nil), ("/a\n/b", nil),
            ("https://x.org/a", nil), ("file://%ZZ", nil), ("", nil),
        ] as [(String, String?)]
    )
    func pasted(text: String, expected: String?) {
        #expect(PathText.pasted(text) == expected)
    }

    @Test(
        "several files dropped at once come as one paste; blanks may be escaped, quoted or neither",
        arguments: [
            ("/a/b.png ", ["/a/b.png"]), ("'/a/b c.png' '/d.wav' ", ["/a/b c.png", "/d.wav"]),
            ("/a/b\\ c.png /d.wav", ["/a/b c.png", "/d.wav"]), ("/a\n/b\n", ["/a", "/b"]),
            ("file:///a%20b.png\nfile:///c.png", ["/a b.png", "/c.png"]),
            ("/home/me/my file.txt", ["/home/me/my file.txt"]), ("see /a and /b", []),
            ("/a b\n/c", []), ("", []), ("\n", []),
            ("'/it'\\''s' \"/q\"", ["/it's", "/q"]),
        ] as [(String, [String])]
    )
    func dropped(text: String, expected: [String]) {
        #expect(PathText.dropped(text) == expected)
    }
}
