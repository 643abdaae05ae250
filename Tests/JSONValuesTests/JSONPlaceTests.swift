import JSONValues
import Testing

@Suite struct PlacesOfPointers {
    private let text = """
        {
          "a": [1, {"b": "x,]}\\""}, 3],
          "c/d": true,
          "e": {"f": null}, "a2": -1.5e3
        }
        """

    @Test(
        "a pointer leads to the line and column where its value begins",
        arguments: [
            ("", 1, 1), ("/a", 2, 8), ("/a/0", 2, 9), ("/a/1/b", 2, 18), ("/a/2", 2, 29),
            ("/c~1d", 3, 10), ("/e/f", 4, 14), ("/a2", 4, 27),
        ]
    )
    func place(pointer: String, line: Int, column: Int) throws {
        _ = try JSONValue(parsing: text)
        let place = JSONPlace(of: pointer, in: Array(text.utf8))
        #expect(place.line == line && place.column == column, "\(place)")
    }

    @Test("a pointer that leads nowhere gives the innermost value on its way")
    func missing() {
        let place = JSONPlace(of: "/e/missing", in: Array(text.utf8))
        #expect(place.line == 4 && place.column == 8)
    }

    @Test("broken text at any cut gives a place inside it")
    func broken() {
        let bytes = Array(text.utf8)
        for length in 0...bytes.count {
            let place = JSONPlace(of: "/e/f", in: Array(bytes[..<length]))
            let lines = bytes[..<length].split(
                separator: UInt8(ascii: "\n"),
                omittingEmptySubsequences: false
            )
            #expect((1...lines.count).contains(place.line))
            #expect((1...length + 1).contains(place.column))
        }
    }
}
