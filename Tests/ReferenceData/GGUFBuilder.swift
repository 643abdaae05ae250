import Foundation

/// Writes small GGUF files for tests.
package struct GGUFBuilder {
    package enum Value {
        case uint32(UInt32)
        case float32(Float)
        case bool(Bool)
        case string(String)
        case strings([String])
        case int32s([Int32])
        case bools([Bool])
        case float32s([Float])
    }

    package var version: UInt32 = 3
    package var alignment = 32
    private var keys: [(String, Value)] = []
    private var tensors: [(name: String, shape: [Int], type: UInt32, bytes: [UInt8])] = []

    package init() {}

    package mutating func set(_ key: String, _ value: Value) { keys.append((key, value)) }

    package mutating func add(_ name: String, _ shape: [Int], floats: [Float]) {
        tensors.append((name, shape, 0, floats.flatMap { Self.bytes($0.bitPattern) }))
    }

    /// The bytes before the tensor data.
    package func header() -> [UInt8] {
        var out: [UInt8] = Array("GGUF".utf8) + Self.bytes(version)
        out += Self.bytes(UInt64(tensors.count)) + Self.bytes(UInt64(keys.count))
        for (key, value) in keys { out += Self.text(key) + Self.encoded(value) }
        var offset = 0
        for tensor in tensors {
            out += Self.text(tensor.name) + Self.bytes(UInt32(tensor.shape.count))
            for size in tensor.shape { out += Self.bytes(UInt64(size)) }
            out += Self.bytes(tensor.type) + Self.bytes(UInt64(offset))
            offset += padded(tensor.bytes.count)
        }
        return out
    }

    package func file() -> [UInt8] {
        var out = header()
        out += Array(repeating: 0, count: padded(out.count) - out.count)
        for tensor in tensors {
            out += tensor.bytes
            out += Array(repeating: 0, count: padded(tensor.bytes.count) - tensor.bytes.count)
        }
        return out
    }

    private func padded(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }

    private static func bytes<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        (0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * T($0))) }
    }

    private static func text(_ value: String) -> [UInt8] {
        bytes(UInt64(value.utf8.count)) + Array(value.utf8)
    }

    private static func encoded(_ value: Value) -> [UInt8] {
        func array(_ type: UInt32, _ items: [[UInt8]]) -> [UInt8] {
            bytes(UInt32(9)) + bytes(type) + bytes(UInt64(items.count)) + items.flatMap { $0 }
        }
        switch value {
        case .uint32(let number): return bytes(UInt32(4)) + bytes(number)
        case .float32(let number): return bytes(UInt32(6)) + bytes(number.bitPattern)
        case .bool(let flag): return bytes(UInt32(7)) + [flag ? 1 : 0]
        case .string(let string): return bytes(UInt32(8)) + text(string)
        case .strings(let list): return array(8, list.map(text))
        case .int32s(let list): return array(5, list.map { bytes($0) })
        case .bools(let list): return array(7, list.map { [$0 ? 1 : 0] })
        case .float32s(let list): return array(6, list.map { bytes($0.bitPattern) })
        }
    }
}

/// A file in the temporary folder that goes with its owner.
package final class TemporaryFile {
    package let path: String

    package init(_ bytes: [UInt8], name: String = "test.gguf") throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "facet-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appending(path: name).path
        try Data(bytes).write(to: URL(filePath: path))
    }

    /// Changes bytes in place; the file keeps its length.
    package func write(_ bytes: [UInt8], at offset: Int) throws {
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        try handle.seek(toOffset: UInt64(offset))
        try handle.write(contentsOf: Data(bytes))
        try handle.close()
    }

    package func truncate(to count: Int) throws {
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        try handle.truncate(atOffset: UInt64(count))
        try handle.close()
    }

    deinit {
        try? FileManager.default.removeItem(at: URL(filePath: path).deletingLastPathComponent())
    }
}
