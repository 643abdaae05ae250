import Foundation
import Interface
import Testing

@Suite struct ManualTests {
    /// `Docs/USING.md` of this checkout.
    private static let guide = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Docs/USING.md")

    @Test("the guide's tables of keys and commands are those of the command table")
    func current() throws {
        let text = try String(contentsOf: Self.guide, encoding: .utf8)
        let start = try #require(text.range(of: "<!-- begin: facet manual -->\n"))
        let end = try #require(text.range(of: "<!-- end: facet manual -->"))
        let isCurrent = text[start.upperBound..<end.lowerBound] == Manual.text()
        #expect(isCurrent, "Run Scripts/make_guide.py: the command table has changed.")
    }

    @Test("every key and every slash word is in the manual")
    func complete() {
        let manual = Manual.text()
        for entry in CommandTable.entries {
            for binding in entry.bindings {
                let name = binding.name.replacing("|", with: "\\|")
                #expect(manual.contains("`\(name)`"), "\(name)")
            }
            if let slash = entry.slash { #expect(manual.contains("`/\(slash)"), "/\(slash)") }
        }
    }
}
