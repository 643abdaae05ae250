import Foundation
import StateStore
import Testing

@Suite struct StateFolderTests {
    private struct Draft: Codable, Equatable {
        var text: String
    }

    @Test(
        "the folder follows the XDG specification",
        arguments: [
            (["XDG_STATE_HOME": "/x", "HOME": "/h"], "/x/facet"),
            (["XDG_STATE_HOME": "relative", "HOME": "/h"], "/h/.local/state/facet"),
            (["HOME": "/h"], "/h/.local/state/facet"),
            (["HOME": ""], nil),
            ([:], nil),
        ] as [([String: String], String?)]
    )
    func place(environment: [String: String], path: String?) {
        #expect(StateFolder(environment: environment)?.path == path)
    }

    @Test("what is kept comes back, for its owner alone, until it is forgotten")
    func keeping() throws {
        try withTemporaryFolder { root in
            let folder = StateFolder(path: root + "/a/b")
            #expect(folder.value(Draft.self, of: .draft(session: "01A")) == nil)
            try folder.forget(.draft(session: "01A"))
            let draft = Draft(text: "half a / sentence\n👩‍👩‍👧")
            try folder.keep(draft, as: .draft(session: "01A"))
            try folder.keep(Draft(text: "other"), as: .draft(session: "01B"))
            #expect(folder.value(Draft.self, of: .draft(session: "01A")) == draft)
            #expect(mode(root + "/a/b/drafts/01A") == 0o600)
            #expect(mode(root + "/a") == 0o700 && mode(root + "/a/b/drafts") == 0o700)
            try folder.forget(.draft(session: "01A"))
            #expect(folder.value(Draft.self, of: .draft(session: "01A")) == nil)
            let left = try FileManager.default.contentsOfDirectory(atPath: root + "/a/b/drafts")
            #expect(left == ["01B"])
        }
    }

    @Test("a session's id never leads out of the folder", arguments: ["../x", "", "a/b", ".", "é"])
    func names(id: String) throws {
        try withTemporaryFolder { root in
            let folder = StateFolder(path: root + "/state")
            try folder.keep(Draft(text: "x"), as: .draft(session: id))
            #expect(folder.value(Draft.self, of: .draft(session: id)) == nil)
            #expect(try FileManager.default.contentsOfDirectory(atPath: root).isEmpty)
        }
    }

    @Test("a damaged file counts as none, and is replaced")
    func damage() throws {
        try withTemporaryFolder { root in
            let folder = StateFolder(path: root)
            try folder.keep(Draft(text: "x"), as: .panes)
            for bytes in [[], [0xFF, 0], Array("{\"text\":".utf8), Array("[]".utf8)] as [[UInt8]] {
                try Data(bytes).write(to: URL(filePath: root + "/panes"))
                #expect(folder.value(Draft.self, of: .panes) == nil)
            }
            try folder.keep(Draft(text: "y"), as: .panes)
            #expect(folder.value(Draft.self, of: .panes) == Draft(text: "y"))
        }
    }

    @Test("a folder that cannot be made is a sentence")
    func refusal() throws {
        try withTemporaryFolder { root in
            try Data().write(to: URL(filePath: root + "/file"))
            let folder = StateFolder(path: root + "/file/state")
            let error = #expect(throws: StateError.self) {
                try folder.keep(Draft(text: "x"), as: .panes)
            }
            #expect(
                error?.userMessage.hasPrefix("Can't make the folder \(root)/file/state: ") == true
            )
        }
    }
}
