import Interface
import Testing

@Suite struct GlobPatternTests {
    @Test(
        "a pattern names files as in a shell",
        arguments: [
            (
                "src/**/*.swift", "src", ["a.swift", "b/c/d.swift"],
                ["a.c", "b/.git/x.swift", ".x.swift"]
            ),
            ("*.md", "", ["a.md"], ["b/a.md", ".a.md"]),
            ("/w/?[0-9]*.txt", "/w", ["a1.txt", "b22.txt"], ["a.txt", "ab.txt"]),
            ("/*", "/", ["etc"], ["a/b"]),
            ("a/[!x]*", "a", ["b"], ["x", "xy"]),
            ("**/.env", "", [".env", "a/b/.env"], ["env", ".a/.env"]),
            ("x/**", "x", ["a", "b/c"], [".a"]),
            ("a[b", "", ["a[b"], ["ab"]),
        ] as [(String, String, [String], [String])]
    )
    func patterns(pattern: String, base: String, fitting: [String], others: [String]) throws {
        let glob = try #require(GlobPattern(pattern))
        #expect(glob.base == base)
        func names(_ path: String) -> [String] { path.split(separator: "/").map(String.init) }
        for path in fitting {
            #expect(glob.matches(names(path)), "\(path)")
            #expect(glob.reaches(into: names(path).dropLast()), "\(path)")
        }
        for path in others { #expect(!glob.matches(names(path)), "\(path)") }
    }

    @Test("a path without signs is none; folders that cannot hold anything are not entered")
    func folders() throws {
        #expect(GlobPattern("src/main.c") == nil)
        let glob = try #require(GlobPattern("src/*/x.c"))
        #expect(glob.reaches(into: ["a"]))
        #expect(!glob.reaches(into: ["a", "b"]))
        let deep = try #require(GlobPattern("**/*.c"))
        #expect(deep.reaches(into: ["a", "b"]) && !deep.reaches(into: [".git"]))
    }

    @Test("a pattern made to take forever does not")
    func hostile() throws {
        let stars = String(repeating: "*a", count: 200)
        let glob = try #require(GlobPattern(stars + "b"))
        #expect(!glob.matches([String(repeating: "a", count: 5_000)]))
    }
}
