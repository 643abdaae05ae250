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
        let refused = try mutateHeader(of: path, times: 5_000) { file in
            let configuration = try Configuration(file: file)
            _ = try Weights(file: file, configuration: configuration)
        }
        #expect(refused > 100)
    }
}

/// Opens a model again and again, each time with a few other bytes of its header changed.
///
/// `FACET_SEED` chooses the changes; without it they are different in every run.
/// - Parameters:
///   - path: the whole file.
///   - times: how many changes.
///   - use: what is done with a file that could be read; only errors of the reader and of the model
///     may come out of it.
/// - Returns: how many were refused.
/// - Throws: when the file cannot be copied.
func mutateHeader(
    of path: String,
    times: Int,
    use: (GGUFFile) throws -> Void
) throws -> Int {
    let header = try GGUFFile(path: path).headerSize
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let temporary = try TemporaryFile(bytes)
    var generator = SystemRandomNumberGenerator()
    let wanted = ProcessInfo.processInfo.environment["FACET_SEED"].flatMap { UInt64($0) }
    let seed = wanted ?? generator.next() % 1_000_000
    // A trap leaves nothing but this line.
    print("FACET_SEED=\(seed) changes \(URL(filePath: path).lastPathComponent)")
    var random = SplitMix(state: seed)
    // The tokens fill most of a header; half of the changes go to the numbers around them.
    var refused = 0
    for _ in 0..<times {
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
            try use(try GGUFFile(path: temporary.path))
        } catch {
            refused += 1
            #expect(error is GGUFError || error is ModelError, "seed \(seed)")
        }
        try temporary.write(Array(bytes[place..<place + count]), at: place)
    }
    return refused
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
