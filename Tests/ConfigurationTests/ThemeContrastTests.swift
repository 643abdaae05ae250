import BuiltInThemes
import Configuration
import Foundation
import Interface
import TerminalCore
import Testing

@Suite struct ThemeContrastTests {
    private let library = ThemeLibrary(folder: "/nonexistent")

    @Test(
        "every ink of every theme can be read, in full and in 256 colours",
        arguments: BuiltInThemes.all.map(\.name)
    )
    func readable(name: String) throws {
        let theme = try library.theme(named: name)
        let needed = name.hasPrefix("high-contrast") ? 7 : 4.5
        for ink in Ink.allCases {
            let contrast = theme.contrast(of: ink)
            #expect(contrast >= needed, "\(name): \(ink.name) has \(contrast)")
        }
    }

    @Test(
        "a theme's name and its appearance agree with its background",
        arguments: BuiltInThemes.all.map(\.name)
    )
    func appearance(name: String) throws {
        let theme = try library.theme(named: name)
        #expect(theme.name == name)
        #expect(theme.appearance == Theme.Appearance(of: theme.background))
        if name.hasSuffix("dark") { #expect(theme.appearance == .dark) }
        if name.hasSuffix("light") { #expect(theme.appearance == .light) }
    }

    @Test("no theme dims, as terminals differ in how much that takes away")
    func dim() throws {
        for (name, _) in BuiltInThemes.all {
            let styles = try library.theme(named: name).styles.values
            #expect(styles.allSatisfy { !$0.attributes.contains(.dim) }, "\(name)")
        }
    }

    @Test("mono has no colours, and what matters differs from plain text without any")
    func mono() throws {
        let theme = try library.theme(named: "mono")
        for ink in Ink.allCases {
            #expect(theme[ink].foreground == .terminal && theme[ink].background == .terminal)
        }
        let loud: [Ink] = [.user, .error, .status, .selection, .match, .chip, .borderFocus]
        #expect(loud.allSatisfy { theme[$0] != theme[.text] })
    }

    @Test("WCAG's own figures")
    func figures() {
        let (white, black) = (RGB(255, 255, 255), RGB(0, 0, 0))
        #expect(abs(white.contrast(with: black) - 21) < 1e-9)
        #expect(white.contrast(with: white) == 1)
        // The grey that is known as the darkest to fail on white, and the next that passes.
        #expect(RGB(0x77, 0x77, 0x77).contrast(with: white) < 4.5)
        #expect(RGB(0x76, 0x76, 0x76).contrast(with: white) >= 4.5)
    }

    @Test("every theme file of the folder is in the program")
    func complete() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Themes").standardizedFileURL
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".toml") }
        #expect(Set(files) == Set(BuiltInThemes.all.map { $0.name + ".toml" }))
        for (name, text) in BuiltInThemes.all {
            let file = folder.appending(path: name + ".toml")
            #expect(try String(contentsOf: file, encoding: .utf8) == text, "\(name)")
        }
        #expect(files.count >= 9)
    }
}
