import Interface
import Testing

@Suite struct SuggestionTests {
    @Test(
        "a typing error finds its word, another word finds none",
        arguments: [
            ("thme", "theme"), ("tehme", "theme"), ("THEME", "theme"), ("modle", "model"),
            ("thinkin", "thinking"), ("m", nil), ("banana", nil), ("", nil),
        ] as [(String, String?)]
    )
    func nearest(word: String, expected: String?) {
        #expect(Suggestion.nearest(to: word, among: ["model", "theme", "thinking"]) == expected)
    }

    @Test("a very long word costs nothing and finds nothing")
    func long() {
        let word = String(repeating: "x", count: 100_000)
        #expect(Suggestion.nearest(to: word, among: ["theme"]) == nil)
    }
}
