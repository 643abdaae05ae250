import Foundation
import GGUF
import ReferenceData
import Testing

@Suite("GGUF reading")
struct GGUFReadingTests {
    private func sample() -> GGUFBuilder {
        var builder = GGUFBuilder()
        builder.set("general.architecture", .string("gemma4"))
        builder.set("count", .uint32(7))
        builder.set("pattern", .bools([true, false, true]))
        builder.set("words", .strings(["a", "", "longer \u{1F600}"]))
        builder.set("scores", .float32s([0.5, -1]))
        builder.add("first", [4, 2], floats: [0, 1, 2, 3, 4, 5, 6, 7])
        builder.add("second", [3], floats: [8, 9, 10])
        return builder
    }

    @Test("metadata and tensors come back as they were written", arguments: [2, 3])
    func roundTrip(version: UInt32) throws {
        var builder = sample()
        builder.version = version
        let temporary = try TemporaryFile(builder.file())
        let file = try GGUFFile(path: temporary.path)
        #expect(file.version == version)
        #expect(file.metadata["count"]?.intValue == 7)
        #expect(file.integers("pattern") == [1, 0, 1])
        #expect(file.floats("scores") == [0.5, -1])
        let words = try #require(file.strings("words"))
        #expect(words.count == 3)
        #expect(String(decoding: words[2], as: UTF8.self) == "longer \u{1F600}")
        let tensor = try #require(file.tensor("second"))
        #expect(tensor.shape == [3])
        #expect(file.file.bytes(tensor.offset..<tensor.offset + 4) == [0, 0, 0, 0x41])
    }

    @Test("what is wrong is said in a sentence with the way out")
    func sentences() throws {
        func message(_ bytes: [UInt8]) throws -> String {
            let temporary = try TemporaryFile(bytes)
            do {
                _ = try GGUFFile(path: temporary.path)
                return "opened"
            } catch { return error.userMessage.replacingOccurrences(of: temporary.path, with: "F") }
        }
        let good = sample().file()
        #expect(
            try message(Array(good.dropLast(40))).hasPrefix("Can't open F: the file ends at byte")
        )
        #expect(try message(Array("hello".utf8)).contains("it is not a GGUF file"))
        #expect(try message([]).contains("it is empty"))
        var old = good
        old[4] = 1
        #expect(try message(old).contains("GGUF version 1"))
        var typed = sample()
        typed.add("third", [32], floats: Array(repeating: 0, count: 32))
        #expect(try message(typed.file()) == "opened")
        #expect(throws: GGUFError.self) { try GGUFFile(path: "/nonexistent/model.gguf") }
    }

    @Test("a file cut at any byte of its header is refused, not trusted")
    func truncatedHeader() throws {
        let temporary = try TemporaryFile(sample().file())
        for count in stride(from: sample().header().count - 1, through: 1, by: -1) {
            try temporary.truncate(to: count)
            #expect(throws: GGUFError.self) { try GGUFFile(path: temporary.path) }
        }
    }

    @Test(
        "each golden file cut at any byte of its header is refused",
        .enabled(if: ReferenceFolder.isPresent, "no reference folder"),
        arguments: ["e2b/e2b-Q4_0", "moe/moe-Q4_0", "dense/dense-Q4_0", "quants/quants-Q4_0"]
    )
    func truncatedGolden(name: String) throws {
        let path = try #require(ReferenceFolder.path("golden/\(name).gguf"))
        let header = try GGUFFile(path: path).headerSize
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let temporary = try TemporaryFile(Array(bytes.prefix(header)))
        for count in stride(from: header - 1, through: 1, by: -1) {
            try temporary.truncate(to: count)
            #expect(throws: GGUFError.self) { try GGUFFile(path: temporary.path) }
        }
    }
}
