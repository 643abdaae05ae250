import Foundation
import ModelLibrary
import Testing

/// A home with folders of several programs.
private final class Home {
    let url = FileManager.default.temporaryDirectory.appending(path: "facet-\(UUID())")

    var environment: [String: String] { ["HOME": url.path] }

    deinit { try? FileManager.default.removeItem(at: url) }

    @discardableResult
    func write(_ path: String, _ text: String = "") throws -> String {
        let file = url.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: file)
        return file.path
    }

    /// A search of a program that runs from this home's checkout.
    var search: ModelSearch {
        ModelSearch(
            environment: environment,
            executable: url.path + "/src/.build/x86_64/release/facet"
        )
    }

    func resolve(_ name: String?) throws -> String { try search.resolve(name) }
}

struct ModelSearchTests {
    @Test func theBuiltInModelLiesBesideTheProgram() {
        #expect(
            BuiltInModel.places(executable: "/src/facet/.build/x86_64/release/facet") == [
                "/src/facet/Models/builtin.gguf",
                "/src/facet/.build/x86_64/share/facet/models/builtin.gguf",
            ]
        )
        #expect(
            BuiltInModel.places(executable: "/usr/local/bin/facet") == [
                "/usr/local/share/facet/models/builtin.gguf"
            ]
        )
        #expect(BuiltInModel.places(executable: "facet").isEmpty)
        #expect(BuiltInModel.places(executable: "").isEmpty)
    }

    @Test func theBuiltInModelOpensOnlyWhereThereIsNoOther() throws {
        let home = Home()
        #expect(throws: ModelSearchError.self) { try home.resolve(nil) }
        #expect(throws: ModelSearchError.self) { try home.resolve("builtin") }
        let own = try home.write("src/Models/builtin.gguf")
        try home.write("src/Models/mmproj-builtin.gguf")
        #expect(try home.resolve(nil) == own)
        #expect(try home.resolve("builtin") == own)
        #expect(home.search.models().isEmpty)
        let other = try home.write(".local/share/facet/models/e2b.gguf")
        #expect(try home.resolve(nil) == other)
        #expect(try home.resolve("builtin") == own)
        #expect(EncoderSearch.candidates(for: own).count == 1)
        try home.write(".local/share/facet/models/builtin.gguf")
        #expect(try home.resolve("builtin") == own)
        let unknown = #expect(throws: ModelSearchError.self) { try home.resolve("e4b") }
        #expect(unknown?.userMessage.contains("e2b, builtin.") == true)
    }

    @Test func aPartOfOneNameIsEnough() throws {
        let home = Home()
        let small = try home.write(".local/share/facet/models/gemma-4-E2B-it-Q4_K_M.gguf")
        let large = try home.write(".local/share/facet/models/gemma-4-E4B-it-Q4_K_M.gguf")
        #expect(try home.resolve("e2b") == small)
        #expect(try home.resolve("E4B-it") == large)
        let several = #expect(throws: ModelSearchError.self) { try home.resolve("q4_k") }
        #expect(several?.userMessage.contains("fits several models") == true)
        // How a name begins counts first.
        let beginning = try home.write(".local/share/facet/models/e2b-mine.gguf")
        #expect(try home.resolve("e2b") == beginning)
    }

    @Test func aPathFromHomeAndALinkLeadToTheFile() throws {
        let home = Home()
        let file = try home.write("elsewhere/large.gguf", "12345")
        #expect(try home.resolve("~/elsewhere/large.gguf") == file)
        #expect(throws: ModelSearchError.self) { try home.resolve("~/elsewhere/none.gguf") }
        try home.write(".local/share/facet/models/other.gguf")
        try FileManager.default.createSymbolicLink(
            at: home.url.appending(path: ".local/share/facet/models/large.gguf"),
            withDestinationURL: URL(filePath: file)
        )
        #expect(home.search.models().map(\.sizeInBytes) == [5, 0])
    }

    @Test func modelsOfOtherProgramsAreFoundAndOpenByTheirNames() throws {
        let home = Home()
        let digest = String(repeating: "ab", count: 32)
        let blob = try home.write(".ollama/models/blobs/sha256-\(digest)", "model")
        try home.write(
            ".ollama/models/manifests/registry.ollama.ai/library/gemma4/e2b",
            """
            {"layers":[{"mediaType":"application/vnd.ollama.image.license","digest":"sha256:00"},\
            {"mediaType":"application/vnd.ollama.image.model","digest":"sha256:\(digest)","size":5}]}
            """
        )
        for (name, text) in [
            ("broken", "{"),
            (
                "escaping",
                #"{"layers":[{"mediaType":"x.image.model","digest":"sha256:../../etc/passwd"}]}"#
            ),
        ] {
            try home.write(".ollama/models/manifests/registry.ollama.ai/me/bad/\(name)", text)
        }
        let hub = ".cache/huggingface/hub/models--google--g-GGUF/"
        try home.write(hub + "blobs/0011", "weights")
        try home.write(hub + "snapshots/f00/mmproj-F16.gguf")
        try home.write(hub + "snapshots/f00/big-00001-of-00002.gguf")
        let link = home.url.appending(path: hub + "snapshots/f00/g-Q4_0.gguf").path
        try FileManager.default.createSymbolicLink(
            atPath: link,
            withDestinationPath: "../../blobs/0011"
        )
        let studio = try home.write(".lmstudio/models/me/g/g-Q8_0.gguf", "12345678")
        let found = home.search.modelsOfOthers()
        #expect(found.map(\.name) == ["g-Q4_0", "gemma4:e2b", "g-Q8_0"])
        #expect(found.map(\.place) == [.huggingFace, .ollama, .lmStudio])
        #expect(found.map(\.sizeInBytes) == [7, 5, 8])
        #expect(found.map(\.path) == [link, blob, studio])
        #expect(try home.resolve("gemma4:e2b") == blob)
        // They never open by themselves.
        #expect(throws: ModelSearchError.self) { try home.resolve(nil) }
    }
}
