import Conversation
import Foundation
import Interface
import TerminalCore
import Testing

@Suite struct HostileInputTests {
    /// Text that rewrites screens, hides itself, or breaks naive width arithmetic.
    private static let corpus: [String] = [
        "\u{1B}]52;c;aGk=\u{7}", "\u{1B}P1$r\u{1B}\\", "\u{9B}2J", "\u{8}\u{8}\u{8}", "\r\r\n\r",
        "\u{202E}evil\u{202C}", "\u{2066}x\u{2069}", "a\u{200B}\u{200D}\u{200D}b",
        "\u{E0001}\u{E0041}",
        String(repeating: "\u{301}", count: 500), String(repeating: "\u{200D}", count: 500),
        "👩" + String(repeating: "\u{200D}👩", count: 100), "🇩🇩🇩🇩🇩", "\u{FEFF}\u{FFFE}\u{FFFF}",
        "\u{1F3F4}\u{E0067}\u{E007F}", "क्षक्षक्ष", "\u{1112}\u{1161}\u{11AB}", "\u{0}\u{7F}\u{85}",
        "\t\t\t",
    ]

    @Test(
        "hostile text as answer, thought, error and draft leaves no control character",
        arguments: corpus.indices,
        [20, 24, 40, 80]
    )
    func hostile(number: Int, width: Int) {
        // By number: a test report would print the text itself.
        let text = Self.corpus[number]
        var scene = Scene(width: width, height: 12)
        scene.send(.input(.paste(text)))
        check(&scene)
        scene.send(.input(.paste("x" + text)))
        scene.press(KeyPress(.enter), .control("o"))
        // Behind a backslash Enter begins a line.
        #expect(scene.generations.count == 1 || text.hasSuffix("\\"))
        scene.answer(.thought(text), .thoughtClosed(), .text(text))
        check(&scene)
        scene.send(.generationFailed(scene.lastGeneration, text))
        scene.send(.notice(text))
        check(&scene)
        scene.send(.engineFailed(text))
        check(&scene)
    }

    private func check(_ scene: inout Scene) {
        let frame = scene.frame()
        for row in 0..<frame.surface.height {
            var columns = 0
            for column in 0..<frame.surface.width {
                let cell = frame.surface[column, row]
                columns += cell.width
                let isClean = cell.text.unicodeScalars.allSatisfy {
                    $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value)
                        && !(0x202A...0x202E).contains($0.value)
                        && !(0x2066...0x2069).contains($0.value)
                }
                #expect(isClean, "\(Array(cell.text.unicodeScalars))")
            }
            #expect(columns == frame.surface.width)
        }
    }
}
