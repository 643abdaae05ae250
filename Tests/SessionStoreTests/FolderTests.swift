import SessionStore
import Testing

@Suite struct ChoiceOfFolder {
    private static let build = "/src/facet/.build/x86_64-unknown-linux-gnu/release/facet"

    @Test(
        "option, then environment, then checkout, then data folder",
        arguments: [
            ("/o", ["FACET_SESSIONS": "/e", "HOME": "/h"], build, "/o", "/src/facet/Sessions"),
            (nil, ["FACET_SESSIONS": "/e", "HOME": "/h"], build, "/e", "/src/facet/Sessions"),
            (
                nil, ["HOME": "/h"], build, "/src/facet/Sessions",
                "/h/.local/share/facet/sessions"
            ),
            (nil, ["HOME": "/h"], "/usr/bin/facet", "/h/.local/share/facet/sessions", nil),
            (
                nil, ["HOME": "/h", "XDG_DATA_HOME": "/x", "FACET_SESSIONS": ""],
                "/usr/bin/facet", "/x/facet/sessions", nil
            ),
            (
                nil, ["HOME": "/h/", "XDG_DATA_HOME": "relative"], "/usr/bin/facet",
                "/h/.local/share/facet/sessions", nil
            ),
        ] as [(String?, [String: String], String, String, String?)]
    )
    func choice(
        option: String?,
        environment: [String: String],
        executable: String,
        path: String,
        other: String?
    ) throws {
        let folder = try SessionFolder.default(
            option: option,
            environment: environment,
            executable: executable
        )
        #expect(folder.path == path)
        #expect(folder.other == other)
    }

    @Test("without any of them there is a sentence")
    func none() {
        #expect(throws: SessionError.noFolder) {
            try SessionFolder.default(option: nil, environment: [:], executable: "/usr/bin/facet")
        }
    }

    @Test(
        "the folder of a path, also of a name of one character",
        arguments: [
            ("a", "."), ("-", "."), ("ab", "."), ("", "."), ("/", "/"), ("/a", "/"), ("a/b", "a"),
            ("a/b/", "a"), ("//a//b", "//a"), ("./x", "."),
        ]
    )
    func folder(path: String, expected: String) {
        #expect(Disk.folder(of: path) == expected)
    }
}
