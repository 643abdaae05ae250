import Foundation
import Glibc

/// A file that is read from its beginning on.
package final class SnapshotReader {
    package let size: Int
    private let number: Int32

    /// Nil when there is no regular file of at most `limit` bytes that can be read.
    init?(path: String, limit: Int) {
        // Not blocking, in case the name belongs to a pipe.
        number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard number >= 0 else {
            size = 0
            return nil
        }
        var status = stat()
        guard unsafe fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= limit
        else {
            size = 0
            return nil
        }
        size = Int(status.st_size)
        // Files used longest ago go first.
        futimens(number, nil)
    }

    deinit { if number >= 0 { close(number) } }

    /// Fills a buffer with what follows.
    /// - Returns: false when the file ends before it, or cannot be read.
    package func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Bool {
        var done = 0
        while done < buffer.count {
            guard let start = buffer.baseAddress else { return false }
            let count = unsafe Glibc.read(number, start + done, buffer.count - done)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    /// The next bytes, or nil when there are not so many.
    package func bytes(_ count: Int) -> [UInt8]? {
        guard count >= 0, count <= size else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        let isWhole = unsafe bytes.withUnsafeMutableBytes { unsafe fill($0) }
        return isWhole ? bytes : nil
    }
}
