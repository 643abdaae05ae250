import CKernels
import Foundation
import JSONValues
import Testing

/// The tables this machine can run.
let runnableTables: [String] = [
    "portable", "avx2", "avx_vnni", "avx512", "avx512_vnni", "avx512_bf16", "neon",
    "neon_dotprod",
].filter { (name: String) in
    unsafe ck_kernels_named(name) != nil
}

@Suite("Block formats")
struct BlockFormatTests {
    struct Sample: Sendable {
        var name: String
        var type: UInt32
        var bytes: [UInt8]
        var values: [Float]
    }

    static let samples: [Sample] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
        guard
            let text = try? String(
                contentsOf: folder.appending(path: "Fixtures/blocks.json"),
                encoding: .utf8
            ),
            let members = try? JSONValue(parsing: text).objectValue
        else { return [] }
        return members.map { member in
            let hex = Array((member.value["bytes"]?.stringValue ?? "").utf8)
            let bytes = stride(from: 0, to: hex.count, by: 2).map { place in
                UInt8(String(decoding: hex[place..<place + 2], as: UTF8.self), radix: 16) ?? 0
            }
            return Sample(
                name: member.key,
                type: UInt32(member.value["type"]?.intValue ?? 0),
                bytes: bytes,
                values: (member.value["values"]?.arrayValue ?? []).compactMap {
                    $0.doubleValue.map(Float.init)
                }
            )
        }
    }()

    @Test("every quantised type has a sample")
    func complete() {
        #expect(Self.samples.count == 21)
        #expect(Self.samples.allSatisfy { !$0.values.isEmpty && !$0.bytes.isEmpty })
        // Without tables the tests of kernels would run for nothing.
        #expect(runnableTables.contains("portable"))
    }

    @Test("blocks mean what the gguf package says they mean", arguments: runnableTables)
    func values(table: String) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        for sample in Self.samples {
            var found = [Float](repeating: .nan, count: sample.values.count)
            unsafe sample.bytes.withUnsafeBytes { source in
                unsafe found.withUnsafeMutableBufferPointer { destination in
                    unsafe kernels.dequantize(
                        sample.type,
                        source.baseAddress,
                        destination.baseAddress,
                        Int64(sample.values.count)
                    )
                }
            }
            for (value, expected) in zip(found, sample.values) {
                // One rounding of a product and a sum, plus nine printed digits.
                #expect(abs(value - expected) <= 4e-7 * max(abs(expected), 1), "\(sample.name)")
            }
        }
    }
}
