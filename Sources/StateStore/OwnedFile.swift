import Foundation
import Glibc

/// Files that only their owner can read, written so that a crash leaves the old or the new.
enum OwnedFile {
    /// Reads a regular file, of a longer one the last `limit` bytes; nil when there is none.
    static func read(_ path: String, limit: Int) throws(StateError) -> [UInt8]? {
        // Not blocking, in case the name belongs to a pipe.
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        if number < 0, errno == ENOENT { return nil }
        guard number >= 0 else { throw StateError("read", path, code: errno) }
        defer { close(number) }
        return try read(number, path, limit: limit)
    }

    static func read(_ number: Int32, _ path: String, limit: Int) throws(StateError) -> [UInt8] {
        var status = stat()
        guard unsafe fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw StateError("read", path, code: EINVAL)
        }
        lseek(number, max(0, Int(status.st_size) - limit), SEEK_SET)
        var bytes: [UInt8] = []
        while bytes.count < limit {
            var code: Int32 = 0
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, count in
                let result = unsafe Glibc.read(number, buffer.baseAddress, buffer.count)
                if result < 0 { code = errno }
                count = max(0, result)
            }
            if code == EINTR { continue }
            guard code == 0 else { throw StateError("read", path, code: code) }
            if chunk.isEmpty { break }
            bytes += chunk
        }
        return bytes
    }

    /// Temporary file in the same folder, fsync, rename; mode 0600.
    static func replace(_ path: String, with bytes: [UInt8]) throws(StateError) {
        let temporary = "\(path).\(getpid()).tmp"
        unsafe unlink(temporary)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let number = unsafe open(temporary, flags, 0o600)
        guard number >= 0 else { throw StateError("write", path, code: errno) }
        var code = write(bytes, to: number)
        if code == 0, fsync(number) != 0 { code = errno }
        close(number)
        if code == 0, unsafe rename(temporary, path) != 0 { code = errno }
        guard code == 0 else {
            unsafe unlink(temporary)
            throw StateError("write", path, code: code)
        }
    }

    /// Writes all bytes where the file stands.
    /// - Returns: 0 or an error number.
    static func write(_ bytes: [UInt8], to number: Int32) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.write(number, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return count == 0 ? EIO : errno }
            rest = rest.dropFirst(count)
        }
        return 0
    }

    /// Removes a file; one that is not there is as good as removed.
    static func remove(_ path: String) throws(StateError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw StateError("remove", path, code: errno)
        }
    }

    /// Makes a folder for its owner alone (0700), and the folders above it.
    static func makeFolder(_ path: String) throws(StateError) {
        if unsafe mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        let code = errno
        let parent = (path as NSString).deletingLastPathComponent
        guard code == ENOENT, !parent.isEmpty, parent != path else {
            throw StateError("make the folder", path, code: code)
        }
        try makeFolder(parent)
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw StateError("make the folder", path, code: errno)
        }
    }
}
