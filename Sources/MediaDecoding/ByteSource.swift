import CFFmpeg
import Glibc

/// A file's bytes, from an open descriptor or from memory, as libav asks for them.
final class ByteSource {
    private enum Storage {
        case descriptor(Int32)
        case memory([UInt8])
    }

    private let storage: Storage
    private var position = 0
    let size: Int

    /// - Parameter descriptor: of a regular file; stays open.
    init?(descriptor: Int32) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return nil }
        storage = .descriptor(descriptor)
        size = Int(status.st_size)
    }

    init(bytes: [UInt8]) {
        storage = .memory(bytes)
        size = bytes.count
    }

    func rewind() { position = 0 }

    /// Reads from the current place; 0 at the end, below 0 when reading fails.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count: Int
        switch storage {
        case .descriptor(let descriptor):
            count = unsafe pread(descriptor, buffer.baseAddress, buffer.count, position)
        case .memory(let bytes):
            count = min(buffer.count, max(size - position, 0))
            if count > 0 {
                unsafe buffer.copyBytes(from: bytes[position..<position + count])
            }
        }
        if count > 0 { position += count }
        return count
    }

    /// Up to so many bytes from a place; fewer where the file ends.
    func bytes(from begin: Int, count: Int) -> [UInt8] {
        let wanted = min(count, max(size - begin, 0))
        guard begin >= 0, wanted > 0 else { return [] }
        let old = position
        defer { position = old }
        position = begin
        return unsafe [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            while filled < wanted {
                let rest = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[filled..<wanted]
                )
                let read = unsafe self.read(into: rest)
                guard read > 0 else { return }
                filled += read
            }
        }
    }

    /// libav's seek: a place from the beginning, here or the end, or the size.
    func seek(_ offset: Int, whence: Int32) -> Int {
        let base: Int
        switch whence & ~AVSEEK_FORCE {
        case AVSEEK_SIZE: return size
        case SEEK_SET: base = 0
        case SEEK_CUR: base = position
        case SEEK_END: base = size
        default: return -1
        }
        let (place, overflow) = base.addingReportingOverflow(offset)
        guard !overflow, place >= 0 else { return -1 }
        position = place
        return place
    }
}
