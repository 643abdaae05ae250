import Conversation
import Interface
import TerminalCore
import Testing

@Suite struct CompletionScreenTests {
    private static let names = [
        FolderListing.Entry(name: "README.md", isFolder: false, sizeInBytes: 4_600),
        FolderListing.Entry(name: "main.swift", isFolder: false, sizeInBytes: 812),
        FolderListing.Entry(name: "my notes.txt", isFolder: false, sizeInBytes: 10),
        FolderListing.Entry(name: "src", isFolder: true, sizeInBytes: 0),
        FolderListing.Entry(name: ".hidden", isFolder: false, sizeInBytes: 5),
    ]

    private func listed(_ scene: Scene) -> [String] {
        scene.effects.compactMap { if case .listFolder(let folder) = $0 { folder } else { nil } }
    }

    private func requests(_ scene: Scene) -> [FileRequest] {
        scene.effects.compactMap { if case .readFiles(let request) = $0 { request } else { nil } }
    }

    /// A scene whose working folder holds the names above.
    private func scene(typing text: String, width: Int = 80, height: Int = 24) -> Scene {
        var scene = Scene(width: width, height: height)
        scene.type(text)
        scene.send(.folderListed(FolderListing(folder: "", entries: Self.names)))
        return scene
    }

    private func list(_ scene: inout Scene) -> [String] {
        scene.lines.filter { $0.hasPrefix("> ") || $0.hasPrefix("  ") }
            .dropLast().map { String($0.dropFirst(2).prefix { $0 != " " }) }
    }

    @Test("Enter on a whole slash word runs it, on a part takes what is chosen")
    func enter() {
        var scene = Scene()
        scene.type("/contex")
        #expect(scene.text.contains("> /context"))
        scene.press(KeyPress(.enter))
        #expect(scene.lines[22] == "> /context")
        scene.press(KeyPress(.enter))
        #expect(scene.text.contains("Nothing has been read yet."))
        scene.type("/think")
        scene.press(KeyPress(.enter))
        #expect(scene.text.contains("Thinking is auto."))
    }

    @Test("words of the help sentence find a command too")
    func sentence() {
        var scene = Scene()
        scene.type("/marked")
        #expect(scene.state.chat.completionTitles.contains("/copy"))
    }

    @Test("arguments that are known are offered and narrowed")
    func arguments() {
        var scene = Scene()
        scene.type("/think ")
        #expect(list(&scene).suffix(3) == ["on", "off", "auto"])
        scene.type("of")
        #expect(list(&scene).suffix(1) == ["off"])
        scene.press(KeyPress(.tab), KeyPress(.enter))
        #expect(scene.saved.last?.thinking == .off)
    }

    @Test("what the world knows is asked for when its command is typed")
    func lookUp() {
        var scene = Scene()
        scene.type("/model ")
        #expect(scene.effects.contains { if case .listModels(nil) = $0 { true } else { false } })
        let models = ["e2b", "31b"].map { ModelListing(name: $0, path: "/m/\($0)", size: "1 GiB") }
        scene.send(.modelsListed(models, wanted: nil))
        #expect(scene.state.chat.completionTitles == ["e2b", "31b"])
        scene.press(.control("u"))
        scene.type("/theme p")
        var paper = scene.state.theme
        paper.name = "paper"
        scene.send(.themesListed([paper], wanted: nil))
        #expect(scene.state.chat.completionTitles == ["paper"])
        #expect(scene.state.overlay == nil)
        scene.press(.control("u"))
        scene.type("/thoughts f")
        #expect(scene.state.chat.completionTitles == ["folded"])
    }

    @Test("the keys of a list move in it and Esc closes it until the word is left")
    func keys() {
        var scene = Scene()
        scene.say("go")
        scene.type("/th")
        let first = scene.state.chat.completionTitles
        scene.press(KeyPress(.down), .control("n"), KeyPress(.up))
        #expect(scene.text.contains("> \(first[1])"))
        scene.press(KeyPress(.escape))
        #expect(scene.state.chat.completionTitles.isEmpty)
        #expect(scene.cancelled.isEmpty)
        scene.type("i")
        #expect(scene.state.chat.completionTitles.isEmpty)
        scene.press(.control("u"))
        scene.type("/t")
        #expect(!scene.state.chat.completionTitles.isEmpty)
        scene.press(.control("c"))
        #expect(scene.lines[22] == "> /t")
        scene.press(KeyPress(.escape))
        #expect(scene.cancelled == [1])
    }

    @Test("a message that is brought back opens no list, so that the next key goes on walking")
    func walking() {
        var scene = Scene()
        scene.send(.historyLoaded(["older", "/think on"]))
        scene.press(KeyPress(.up), KeyPress(.up))
        #expect(scene.lines[22] == "> older")
    }

    @Test("@ lists the working folder: folders first, hidden names only when asked for")
    func files() {
        var scene = scene(typing: "see @")
        #expect(listed(scene) == [""])
        #expect(list(&scene).suffix(4) == ["src/", "README.md", "main.swift", "my"])
        #expect(scene.text.contains("4.5 kB, about 1.1k tokens"))
        // Nothing is chosen yet: Enter sends.
        #expect(!scene.text.contains("> src/"))
        scene.type(".")
        #expect(list(&scene).suffix(1) == [".hidden"])
        scene.press(KeyPress(.backspace))
        scene.type("md")
        #expect(scene.state.chat.completionTitles == ["README.md"])
    }

    @Test("a folder is taken with its slash and its names are listed")
    func folders() {
        var scene = scene(typing: "@s")
        scene.press(KeyPress(.tab))
        #expect(scene.lines[22] == "> @src/")
        #expect(listed(scene) == ["", "src/"])
        let entry = FolderListing.Entry(name: "a b", isFolder: true, sizeInBytes: 0)
        scene.send(.folderListed(FolderListing(folder: "src/", entries: [entry])))
        scene.press(KeyPress(.tab))
        #expect(scene.lines[22] == "> @\"src/a b/")
        let inner = FolderListing.Entry(name: "c.txt", isFolder: false, sizeInBytes: 1)
        scene.send(.folderListed(FolderListing(folder: "src/a b/", entries: [inner])))
        scene.press(KeyPress(.tab))
        #expect(requests(scene).map(\.paths) == [["src/a b/c.txt"]])
        #expect(scene.lines[22] == "> @\"src/a b/c.txt\"")
    }

    @Test("a name made to deceive is shown harmless and taken as it is")
    func hostile() {
        let name = "a\u{1B}]0;title\u{7}\u{202E}txt.exe\nb"
        var scene = Scene()
        scene.type("@a")
        let entry = FolderListing.Entry(name: name, isFolder: false, sizeInBytes: 1)
        scene.send(.folderListed(FolderListing(folder: "", entries: [entry])))
        #expect(scene.text.contains("> a␛]0;title␇<202E>txt.exe␊b"))
        scene.press(KeyPress(.tab))
        #expect(requests(scene).map(\.paths) == [[name]])
    }

    @Test("at most 200 are kept and ten are seen, with how many there are")
    func many() {
        var scene = Scene()
        scene.type("@f")
        let entries = (0..<5_000).map {
            FolderListing.Entry(name: "file \($0)", isFolder: false, sizeInBytes: 1)
        }
        scene.send(.folderListed(FolderListing(folder: "", entries: entries)))
        #expect(scene.lines.count { $0.contains("1 byte") } == 10)
        #expect(scene.text.contains("5,000 fit"))
        for _ in 0..<199 { scene.press(KeyPress(.down)) }
        let last = scene.lines.last { $0.hasPrefix("> file") }
        scene.press(KeyPress(.down))
        #expect(scene.lines.last { $0.hasPrefix("> file") } != last)
        #expect(scene.text.contains("> file 0"))
    }

    @Test("the list fits the smallest screens", arguments: [(40, 12), (20, 6), (200, 60)])
    func sizes(width: Int, height: Int) {
        var scene = scene(typing: "@", width: width, height: height)
        #expect(scene.lines.count == height)
        #expect(scene.lines.allSatisfy { DisplayWidth.of($0) <= width })
        #expect(scene.text.contains("my notes") || height < 12)
    }
}
