import Crypto
import Gemma
import SnapshotStore

/// The layout of a snapshot's file.
///
/// `FACETKV1`, the binding (32 bytes), the lengths of head and rows (64 bits each), the head, the
/// rows, and the SHA-256 of all of that. It comes from a folder that others may write to: lengths
/// are held against the file's size, what the head says against the cache, and nothing counts before
/// the hash at the end agreed.
enum SnapshotFile {
    static let magic = Array("FACETKV1".utf8)
    private static let hashSize = 32
    /// Bytes that a head may have, which is read before the hash is known.
    ///
    /// The ids of a million tokens, logits and texts take a tenth of it.
    private static let largestHead = 256 << 20
    private static var preambleSize: Int { magic.count + hashSize + 16 }

    /// Bytes before and after head and rows.
    static var frameBytes: Int { preambleSize + hashSize }

    static func preamble(_ binding: SnapshotBinding, head: Int, rows: Int) -> [UInt8] {
        var packer = BytePacker()
        for byte in magic + binding.hash { packer.put(byte) }
        packer.put(UInt64(head))
        packer.put(UInt64(rows))
        return packer.bytes
    }

    /// Fills a cache from a file.
    /// - Returns: what else the file tells; nil when it is not whole, not of this kind, or does not fit.
    ///   The cache is empty then.
    static func load(
        _ file: SnapshotReader,
        into cache: KVCache,
        binding: SnapshotBinding,
        vocabularySize: Int
    ) -> SnapshotHead? {
        guard let preamble = file.bytes(preambleSize), preamble.starts(with: magic),
            preamble[magic.count...].starts(with: binding.hash)
        else { return nil }
        var lengths = ByteUnpacker(Array(preamble.suffix(16)))
        guard let headSize = (try? lengths.take(UInt64.self)).flatMap({ Int(exactly: $0) }),
            let rowSize = (try? lengths.take(UInt64.self)).flatMap({ Int(exactly: $0) }),
            headSize <= min(file.size, largestHead), rowSize <= file.size,
            frameBytes + headSize + rowSize == file.size,
            let headBytes = file.bytes(headSize),
            let head = SnapshotHead(headBytes, vocabularySize: vocabularySize),
            cache.fits(head.outline), cache.rowBytes(head.outline) == rowSize
        else { return nil }
        var hasher = SHA256()
        hasher.update(data: preamble)
        hasher.update(data: headBytes)
        let isWhole = unsafe cache.restore(head.outline) { buffer in
            guard unsafe file.fill(buffer) else { return false }
            unsafe hasher.update(bufferPointer: UnsafeRawBufferPointer(buffer))
            return true
        }
        guard isWhole else { return nil }
        guard let hash = file.bytes(hashSize), hash.elementsEqual(hasher.finalize()) else {
            cache.clear()
            return nil
        }
        return head
    }
}
