import Crypto
import Foundation
import SnapshotStore

/// What encoders made of a file.
struct SoftTokens: Sendable, Hashable {
    var layout: MediaLayout
    /// `[soft tokens, d]`.
    var rows: [Float]

    var bytes: Int { rows.count * MemoryLayout<Float>.stride }
}

/// The form of soft tokens on the disk: `FACETSO1`, the layout, the rows, and a SHA-256 over all.
///
/// The folder is one that others may write to: nothing counts before every length agreed with the
/// file and the hash with what was read.
extension SoftTokens {
    private static let magic = Array("FACETSO1".utf8)
    private static let hashSize = 32
    /// Bytes that a file may have: an hour of video takes a tenth of it.
    private static let largestFile = 512 << 20

    var file: [UInt8] {
        var packer = BytePacker()
        for byte in Self.magic { packer.put(byte) }
        packer.put(UInt32(truncatingIfNeeded: layout.items.count))
        for item in layout.items {
            let (kind, stamp): (UInt8, String) =
                switch item {
                case .picture: (0, "")
                case .sound: (1, "")
                case .frame(let stamp, _): (2, stamp)
                }
            packer.put(kind)
            packer.put(UInt32(truncatingIfNeeded: item.tokens))
            packer.put(Array(stamp.utf8))
        }
        packer.put(Array(layout.summary.utf8))
        packer.put(UInt32(truncatingIfNeeded: layout.notes.count))
        for note in layout.notes { packer.put(Array(note.utf8)) }
        packer.put(rows)
        return packer.bytes + SHA256.hash(data: packer.bytes)
    }

    /// What a file holds that says in its first bytes what it is; nil for any other.
    init?(_ reader: SnapshotReader, width: Int) {
        guard reader.size <= Self.largestFile, let begin = reader.bytes(Self.magic.count),
            begin == Self.magic, let rest = reader.bytes(reader.size - begin.count)
        else { return nil }
        self.init(file: begin + rest, width: width)
    }

    /// Nil for bytes that are cut or changed, or hold another number of rows than the layout says.
    init?(file: [UInt8], width: Int) {
        guard file.count > Self.hashSize + Self.magic.count, file.starts(with: Self.magic) else {
            return nil
        }
        let contents = Array(file.dropLast(Self.hashSize))
        guard file.suffix(Self.hashSize).elementsEqual(SHA256.hash(data: contents)) else {
            return nil
        }
        guard let read = try? Self.read(contents, width: width) else { return nil }
        self = read
    }

    private static func read(_ bytes: [UInt8], width: Int) throws(ShortBytes) -> SoftTokens {
        var source = ByteUnpacker(Array(bytes.dropFirst(magic.count)))
        var items: [MediaLayout.Item] = []
        for _ in 0..<(try source.take(UInt32.self)) {
            let kind = try source.take(UInt8.self)
            let tokens = Int(try source.take(UInt32.self))
            let stamp = String(decoding: try source.text(), as: UTF8.self)
            switch kind {
            case 0: items.append(.picture(tokens: tokens))
            case 1: items.append(.sound(tokens: tokens))
            case 2: items.append(.frame(stamp: stamp, tokens: tokens))
            default: throw ShortBytes()
            }
        }
        let summary = String(decoding: try source.text(), as: UTF8.self)
        var notes: [String] = []
        for _ in 0..<(try source.take(UInt32.self)) {
            notes.append(String(decoding: try source.text(), as: UTF8.self))
        }
        let layout = MediaLayout(items: items, summary: summary, notes: notes)
        let rows = try source.floats()
        let (expected, overflow) = layout.softTokens.multipliedReportingOverflow(by: width)
        guard source.isAtEnd, !overflow, rows.count == expected else { throw ShortBytes() }
        return SoftTokens(layout: layout, rows: rows)
    }
}

/// Soft tokens by key: the ones used last in memory, more of them on the disk.
///
/// A picture is encoded once, whichever conversation or process shows it again; of a conversation
/// that is no session's nothing reaches the disk.
struct SoftTokenCache {
    /// Where they are kept for other processes; nil keeps none.
    let folder: SnapshotFolder?
    /// What the files' names have to agree with: the encoders.
    let binding: String
    /// Floats of a row.
    let width: Int
    /// Bytes kept in memory.
    let limit: Int

    private var held: [(key: String, tokens: SoftTokens)] = []

    init(folder: SnapshotFolder?, binding: String, width: Int, limit: Int = 256 << 20) {
        self.folder = folder
        self.binding = binding
        self.width = width
        self.limit = limit
    }

    /// What is known under a key, by this process or an earlier one.
    mutating func find(_ key: String) -> SoftTokens? {
        if let place = held.firstIndex(where: { $0.key == key }) {
            held.append(held.remove(at: place))
            return held.last?.tokens
        }
        guard let folder, let name = SnapshotName(session: key, binding: binding),
            let reader = folder.read(name)
        else { return nil }
        guard let tokens = SoftTokens(reader, width: width) else {
            folder.remove(name)
            return nil
        }
        hold(tokens, key)
        return tokens
    }

    /// Keeps what was encoded.
    ///
    /// - Parameters:
    ///   - tokens: what a file became.
    ///   - key: what it is found under.
    ///   - onDisk: also for other processes. What a picture shows can be told from its tokens.
    mutating func keep(_ tokens: SoftTokens, for key: String, onDisk: Bool) {
        hold(tokens, key)
        guard onDisk, let folder, let name = SnapshotName(session: key, binding: binding)
        else { return }
        let file = tokens.file
        guard let writer = folder.write(name, size: file.count), writer.append(file) else { return }
        writer.finish()
    }

    private mutating func hold(_ tokens: SoftTokens, _ key: String) {
        held.removeAll { $0.key == key }
        held.append((key, tokens))
        var total = held.reduce(0) { $0 + $1.tokens.bytes }
        while total > limit, held.count > 1 { total -= held.removeFirst().tokens.bytes }
    }
}
