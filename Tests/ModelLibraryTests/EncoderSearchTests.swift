import Foundation
import ModelLibrary
import Testing

struct EncoderSearchTests {
    @Test func theLikeliestFileBesideTheModelComesFirst() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "facet-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let names = [
            "gemma-4-E2B-it-Q4_0.gguf", "mmproj-gemma-4-E4B-it-F16.gguf",
            "mmproj-gemma-4-E2B-it-F32.gguf", "mmproj-gemma-4-E2B-it-BF16.gguf",
            "mmproj-notes.txt", "MMPROJ-F16.GGUF",
        ]
        for name in names { try Data().write(to: folder.appending(path: name)) }
        let found = EncoderSearch.candidates(for: folder.appending(path: names[0]).path)
        #expect(
            found.map { URL(filePath: $0).lastPathComponent } == [
                "mmproj-gemma-4-E2B-it-BF16.gguf", "mmproj-gemma-4-E2B-it-F32.gguf",
                "mmproj-gemma-4-E4B-it-F16.gguf", "MMPROJ-F16.GGUF",
            ]
        )
    }

    @Test func aFolderThatIsNotThereHoldsNone() {
        #expect(EncoderSearch.candidates(for: "/nowhere/at/all.gguf").isEmpty)
    }
}
