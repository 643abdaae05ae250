import Foundation
import GGUF
import Gemma
import ReferenceData
import Testing

@Suite("Damaged models", .enabled(if: ReferenceFolder.isPresent, "no reference folder"))
struct MutatedModelTests {
    @Test(
        "random changes to a header never trap the reader, the configuration or the weights",
        arguments: ["e2b/e2b-Q4_0", "moe/moe-Q4_K_M", "dense/dense-Q4_0", "quants/quants-IQ3_S"]
    )
    func mutations(name: String) throws {
        let path = try #require(ReferenceFolder.path("golden/\(name).gguf"))
        let header = try GGUFFile(path: path).headerSize
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let temporary = try TemporaryFile(bytes)
        var generator = SystemRandomNumberGenerator()
        let seed = generator.next()
        var random = SplitMix(state: seed)
        // The tokens fill most of a header; half of the changes go to the numbers around them.
        var refused = 0
        for _ in 0..<5_000 {
            let place: Int
            if random.next() % 2 == 0 {
                place = Int(random.next() % UInt64(header))
            } else {
                let near = Int(random.next() % 4096)
                place = random.next() % 2 == 0 ? near % header : max(0, header - 1 - near)
            }
            let count = min(Int(random.next() % 8) + 1, header - place)
            let change = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            try temporary.write(change, at: place)
            do {
                let file = try GGUFFile(path: temporary.path)
                let configuration = try Configuration(file: file)
                _ = try Weights(file: file, configuration: configuration)
            } catch {
                refused += 1
                #expect(error is GGUFError || error is ModelError, "seed \(seed)")
            }
            try temporary.write(Array(bytes[place..<place + count]), at: place)
        }
        #expect(refused > 100)
    }
}

struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
