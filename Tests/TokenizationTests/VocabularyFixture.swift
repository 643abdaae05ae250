import Foundation
import JSONValues
import Tokenization

/// The folder with the large reference data, where there is one.
enum SharedFolder {
    static let path: String? = {
        let marker = "/gemma4/gemma-4-vocab.gguf"
        let manager = FileManager.default
        if let named = ProcessInfo.processInfo.environment["FACET_SHARED"] {
            return manager.fileExists(atPath: named + marker) ? named : nil
        }
        var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        while folder.path != "/" {
            let candidate = folder.appendingPathComponent("shared").path
            if manager.fileExists(atPath: candidate + marker) { return candidate }
            folder.deleteLastPathComponent()
        }
        return nil
    }()

    static var isPresent: Bool { path != nil }

    /// The cases of a file with one JSON value a line.
    static func lines(_ name: String) throws -> [JSONValue] {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: (path ?? "") + "/" + name))
        return try [UInt8](bytes).split(separator: 0x0A).map { try JSONValue(parsing: Array($0)) }
    }

    /// The vocabulary of a model file below the folder.
    static func vocabulary(_ name: String) throws -> Vocabulary {
        try Vocabulary(metadataOf: (path ?? "") + "/" + name)
    }
}

/// The real Gemma 4 vocabulary, loaded once.
let realVocabulary: Result<Vocabulary, any Error> = Result {
    try SharedFolder.vocabulary("gemma4/gemma-4-vocab.gguf")
}

extension Vocabulary {
    /// Reads the `tokenizer.ggml.*` values of a GGUF file.
    convenience init(metadataOf path: String) throws {
        var reader = MetadataReader(
            bytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        )
        try reader.readHeader()
        let lists = reader.strings
        let numbers = reader.numbers
        try self.init(
            model: reader.texts["tokenizer.ggml.model"] ?? "",
            tokenBytes: lists["tokenizer.ggml.tokens"]?.bytes ?? [],
            tokenOffsets: lists["tokenizer.ggml.tokens"]?.offsets ?? [],
            tokenTypes: numbers["tokenizer.ggml.token_type"]?.map { Int32(truncatingIfNeeded: $0) }
                ?? [],
            scores: numbers["tokenizer.ggml.scores"]?.map {
                Float(bitPattern: UInt32(truncatingIfNeeded: $0))
            } ?? [],
            mergeBytes: lists["tokenizer.ggml.merges"]?.bytes ?? [],
            mergeOffsets: lists["tokenizer.ggml.merges"]?.offsets ?? [],
            bos: numbers["tokenizer.ggml.bos_token_id"]?.first.map { Int($0) },
            eos: numbers["tokenizer.ggml.eos_token_id"]?.first.map { Int($0) },
            suppressTokens: numbers["tokenizer.ggml.suppress_tokens"]?.map { Int($0) } ?? []
        )
    }
}

/// Just enough of GGUF to read a vocabulary; 32-bit numbers are kept as bit patterns.
private struct MetadataReader {
    struct Damaged: Error {}
    let bytes: [UInt8]
    var place = 0
    var texts: [String: String] = [:]
    var numbers: [String: [UInt64]] = [:]
    var strings: [String: (bytes: [UInt8], offsets: [Int])] = [:]

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func readHeader() throws {
        guard try integer(4) == 0x4655_4747 else { throw Damaged() }
        _ = try integer(4)
        _ = try integer(8)
        for _ in 0..<(try integer(8)) {
            let key = String(decoding: try text(), as: UTF8.self)
            let type = try integer(4)
            if type != 9 {
                try value(key, type, 1)
            } else {
                let element = try integer(4)
                try value(key, element, Int(try integer(8)))
            }
        }
    }

    private mutating func value(_ key: String, _ type: UInt64, _ count: Int) throws {
        if type == 8 {
            var all: [UInt8] = []
            var offsets = [0]
            for _ in 0..<count {
                all.append(contentsOf: try text())
                offsets.append(all.count)
            }
            texts[key] = String(decoding: all.prefix(offsets[1]), as: UTF8.self)
            strings[key] = (all, offsets)
        } else {
            let sizes: [UInt64: Int] = [
                0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8,
            ]
            guard let size = sizes[type] else { throw Damaged() }
            var list: [UInt64] = []
            for _ in 0..<count { list.append(try integer(size)) }
            numbers[key] = list
        }
    }

    private mutating func integer(_ size: Int) throws -> UInt64 {
        guard place + size <= bytes.count else { throw Damaged() }
        var out: UInt64 = 0
        for index in 0..<size { out |= UInt64(bytes[place + index]) << UInt64(8 * index) }
        place += size
        return out
    }

    private mutating func text() throws -> ArraySlice<UInt8> {
        let size = Int(try integer(8))
        guard place + size <= bytes.count else { throw Damaged() }
        defer { place += size }
        return bytes[place..<(place + size)]
    }
}

extension JSONValue {
    var ids: [Int] { (arrayValue ?? []).compactMap(\.intValue) }
}
