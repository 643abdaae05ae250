import Foundation
import JSONValues
import Testing

@Suite(.enabled(if: Program.isThere, "there is no facet beside the tests"))
struct MediaVerbTests {
    private static func fixture(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/\(name)").path
    }

    private let seeing = [
        "--model", Self.fixture("tiny-e2b.gguf"), "--mmproj",
        Self.fixture("tiny-encoders-small.gguf"),
    ]
    private let brief = ["--max-tokens", "4", "--context", "4096", "--seed", "1"]

    private func media(_ name: String) -> String { Self.fixture("media/\(name)") }

    /// Lines of `--output jsonl` about attachments that are ready.
    private func reports(_ run: Program.Run) throws -> [JSONValue] {
        try run.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
            .filter { $0["event"]?.stringValue == "media" && $0["of"] == nil }
    }

    @Test("a picture, a sound and a video are given to the model, and what they cost is said")
    func asking() throws {
        let program = try Program()
        let run = try program.run(
            ["ask", "--session", "first", "--output", "jsonl"] + seeing + brief + [
                "--image", media("420.jpg"), "--audio", media("stereo.mp3"), "--video",
                media("short.mp4"), "--image-tokens", "70", "what is this?",
            ]
        )
        #expect(run.status == 0, "\(run.errors)")
        let reports = try reports(run)
        #expect(
            reports.compactMap { $0["name"]?.stringValue } == [
                "420.jpg", "short.mp4", "stereo.mp3",
            ]
        )
        #expect(reports.allSatisfy { ($0["soft_tokens"]?.intValue ?? 0) > 0 })
        #expect((reports.first?["soft_tokens"]?.intValue ?? 0) <= 70)
        #expect(reports.allSatisfy { $0["encode_seconds"] != nil })
        // The next process knows them, whatever session it is about.
        let again = try program.run(
            ["ask"] + seeing + brief + ["--image", media("420.jpg"), "--image-tokens", "70", "?"]
        )
        #expect(again.status == 0)
        #expect(again.errors.contains("known from before"))
    }

    @Test("a session keeps its own copy, and goes on without the file")
    func keeping() throws {
        let program = try Program()
        let copy = program.folder + "/work/cat.jpg"
        try FileManager.default.copyItem(atPath: media("444.jpg"), toPath: copy)
        let first = try program.run(
            ["ask", "--session", "s"] + seeing + brief + ["--image", "cat.jpg", "what?"]
        )
        #expect(first.status == 0, "\(first.errors)")
        try FileManager.default.removeItem(atPath: copy)
        // Neither what was read nor what was encoded is there any more.
        try FileManager.default.removeItem(atPath: program.folder + "/.cache")
        let second = try program.run(["ask", "--session", "s"] + seeing + brief + ["sure?"])
        #expect(second.status == 0, "\(second.errors)")
        #expect(second.errors.contains("cat.jpg"))
        let check = try program.run("sessions", "check", "s")
        #expect(check.status == 0, "\(check.output)")
        let replay = try program.run(
            ["sessions", "replay", "s", "--all", "--model", Self.fixture("tiny-e2b.gguf")]
                + ["--mmproj", Self.fixture("tiny-encoders-small.gguf")]
        )
        #expect(replay.status == 0, "\(replay.output)\(replay.errors)")
    }

    @Test("what cannot be used is a sentence and an exit code, whatever its name says")
    func refusing() throws {
        let program = try Program()
        try program.write("hello", to: "work/text.png")
        let whole = try Data(contentsOf: URL(filePath: media("rgb.png")))
        try whole.prefix(whole.count / 2)
            .write(to: URL(filePath: program.folder + "/work/cut.png"))
        for (arguments, words) in [
            (["--image", "text.png"], "text.png is no picture, sound or video"),
            (["--image", "cut.png"], "cut.png"),
            (["--image", "nowhere.png"], "nowhere.png"),
            (["--image", "."], ". is a folder"),
            (["--image", media("short.mp4")], "is a video"),
            (["--audio", media("rgb.png")], "is a picture"),
        ] {
            let run = try program.run(["ask"] + seeing + brief + arguments + ["what?"])
            #expect(run.status != 0)
            #expect(run.output.isEmpty)
            #expect(run.errors.contains(words), "\(run.errors)")
        }
        let blind = try program.run(
            ["ask", "--model", Self.fixture("tiny-dense.gguf")] + brief + [
                "--mmproj", Self.fixture("tiny-encoders-large.gguf"), "--audio",
                media("stereo.mp3"), "what?",
            ]
        )
        #expect(blind.status == 1)
        #expect(blind.errors.contains("stereo.mp3 cannot be given to this model."))
        let other = try program.run(
            ["ask", "--model", Self.fixture("tiny-dense.gguf"), "--mmproj"] + [
                Self.fixture("tiny-e2b.gguf"), "what?",
            ]
        )
        #expect(other.status == 3)
        #expect(other.errors.contains("holds no encoders"))
        let budget = try program.run(["ask"] + seeing + ["--image-tokens", "100", "what?"])
        #expect(budget.status == 2)
    }

    @Test("a model without its encoders says which file to get, and where it goes")
    func missing() throws {
        let program = try Program()
        let model = program.folder + "/work/tiny.gguf"
        try FileManager.default.copyItem(atPath: Self.fixture("tiny-e2b.gguf"), toPath: model)
        let asked = ["ask", "--model", "tiny.gguf"] + brief + ["--image", media("rgb.png"), "?"]
        let blind = try program.run(asked)
        #expect(blind.status == 1)
        #expect(blind.errors.contains("mmproj-F16.gguf"))
        #expect(blind.errors.contains("/work, or name it with --mmproj"), "\(blind.errors)")
        // Beside the model it is found.
        try FileManager.default.copyItem(
            atPath: Self.fixture("tiny-encoders-small.gguf"),
            toPath: program.folder + "/work/mmproj-tiny.gguf"
        )
        #expect(try program.run(asked).status == 0)
    }

    @Test("a file is taken for what it holds: text, a tree of texts, a document, a picture")
    func files() throws {
        let program = try Program()
        try program.write("let a = 1", to: "work/src/a.swift")
        try program.write("let b = 2", to: "work/src/deep/b.swift")
        try program.write("no", to: "work/src/c.txt")
        func ask(_ file: String, in session: String) throws -> Program.Run {
            try program.run(
                ["ask", "--session", session] + seeing + brief + ["--file", file, "what?"]
            )
        }
        let tree = try ask("src/**/*.swift", in: "tree")
        #expect(tree.status == 0, "\(tree.errors)")
        let text = try program.run("sessions", "export", "tree", "--format", "md").output
        #expect(text.contains("let a = 1") && text.contains("let b = 2"))
        #expect(!text.contains("c.txt"))
        let picture = try ask(media("rgb.png"), in: "picture")
        #expect(picture.errors.contains("rgb.png: "), "\(picture.errors)")
        // A picture that a pattern brings is shown, and not called left out.
        try FileManager.default.copyItem(
            atPath: media("rgb.png"),
            toPath: program.folder + "/work/src/shot.png"
        )
        let both = try ask("src/*", in: "both")
        #expect(both.status == 0 && both.errors.contains("shot.png: "), "\(both.errors)")
        #expect(!both.errors.contains("left out"))
        #expect(try ask("nothing/**", in: "nothing").status == 1)
        let folder = try ask("src/", in: "folder")
        #expect(folder.status == 1 && folder.errors.contains("by a pattern: --file 'src/**'."))
    }

    @Test(
        "a PDF behind a mail's head is one; where it holds no text that is said",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/pdftotext"))
    )
    func documents() throws {
        let program = try Program()
        let pages = """

            1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
            2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
            3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj
            trailer<</Root 1 0 R>>

            """
        let bytes = Data("From: me\n\n%PDF-1.4\n%".utf8) + [0xE2, 0xE3, 0xCF] + Data(pages.utf8)
        try bytes.write(to: URL(filePath: program.folder + "/work/scan.pdf"))
        let run = try program.run(["ask"] + seeing + brief + ["--file", "scan.pdf", "what?"])
        #expect(run.status == 1)
        #expect(run.errors.contains("scan.pdf holds no text, only pictures."), "\(run.errors)")
        #expect(run.errors.contains("--image"))
    }

    @Test("every kind of picture and sound that is decoded is one for --file and its patterns")
    func kinds() throws {
        let program = try Program()
        let names = ["rgb.tiff", "rgb.bmp", "rgb.gif", "stereo.mp3"]
        for name in names {
            try FileManager.default.createDirectory(
                atPath: program.folder + "/work/all",
                withIntermediateDirectories: true
            )
            try FileManager.default.copyItem(
                atPath: media(name),
                toPath: program.folder + "/work/all/\(name)"
            )
        }
        let run = try program.run(["ask"] + seeing + brief + ["--file", "all/*", "what?"])
        #expect(run.status == 0, "\(run.errors)")
        for name in names { #expect(run.errors.contains("\(name): "), "\(run.errors)") }
        try program.write("no\u{0} picture", to: "work/all/thing.bin")
        let other = try program.run(
            ["ask"] + seeing + brief + ["--file", "all/thing.bin", "what?"]
        )
        #expect(other.status == 1 && other.errors.contains("is neither UTF-8 text nor a picture"))
    }

    @Test("a picture takes what the encoders' file says, unless somebody says otherwise")
    func budgets() throws {
        let program = try Program()
        func tokens(_ model: String, _ encoders: String, _ more: String...) throws -> Int {
            let run = try program.run(
                ["ask", "--output", "jsonl", "--model", Self.fixture("tiny-\(model).gguf")] + brief
                    + [
                        "--mmproj", Self.fixture("tiny-encoders-\(encoders).gguf"),
                        "--no-kv-snapshots",
                        "--image", media("rgb.png"), "what?",
                    ] + more
            )
            return try #require(reports(run).first?["soft_tokens"]?.intValue, "\(run.errors)")
        }
        // That file limits pictures to 400,000 pixels.
        #expect((71...140).contains(try tokens("dense", "large")))
        #expect((141...280).contains(try tokens("dense", "large", "--image-tokens", "280")))
        #expect((141...280).contains(try tokens("e2b", "small")))
        let inspected = try program.run([
            "inspect", "media", "--model", Self.fixture("tiny-dense.gguf"), "--mmproj",
            Self.fixture("tiny-encoders-large.gguf"), "--image", media("rgb.png"),
        ])
        let count = try JSONValue(parsing: inspected.output)["soft_tokens"]?.intValue ?? 0
        #expect((71...140).contains(count))
    }

    @Test("inspect media tells layout, sizes and times, and writes the embeddings")
    func inspecting() throws {
        let program = try Program()
        let run = try program.run(
            ["inspect", "media"] + seeing + [
                "--video", media("short.mp4"), "--soundtrack", "--dump", "rows.f32", "--json",
            ]
        )
        #expect(run.status == 0, "\(run.errors)")
        let json = try JSONValue(parsing: run.output)
        let tokens = try #require(json["soft_tokens"]?.intValue)
        #expect(json["shape"] == [.number(tokens), 32])
        let pieces = json["pieces"]?.arrayValue ?? []
        #expect(pieces.first?["stamp"]?.stringValue == "00:00")
        #expect(json["layout"]?.stringValue?.hasPrefix("00:00 <|image><|video|>") == true)
        let rows = try Data(contentsOf: URL(filePath: program.folder + "/work/rows.f32"))
        #expect(rows.count == tokens * 32 * 4)
        let none = try program.run(["inspect", "media"] + seeing + ["--json"])
        #expect(none.status == 2)
    }
}
