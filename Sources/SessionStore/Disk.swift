import Foundation
import Glibc
import Synchronization

/// The two calls that a full or failing disk refuses, so that tests can refuse them at any byte;
/// everything else about files goes through it too.
package struct Disk: Sendable {
    /// Writes some of the bytes: how many, or a negated error number.
    package var write: @Sendable (Int32, ArraySlice<UInt8>) -> Int
    /// Waits until a file or folder is on the disk: 0 or an error number.
    package var sync: @Sendable (Int32) -> Int32

    package init(
        write: @escaping @Sendable (Int32, ArraySlice<UInt8>) -> Int,
        sync: @escaping @Sendable (Int32) -> Int32
    ) {
        self.write = write
        self.sync = sync
    }

    package static let real = Disk(
        write: { number, bytes in
            unsafe bytes.withUnsafeBytes { buffer in
                let count = unsafe Glibc.write(number, buffer.baseAddress, buffer.count)
                return count < 0 ? -Int(errno) : count
            }
        },
        sync: { fsync($0) == 0 ? 0 : errno }
    )

    /// Writes all bytes at the file's end or position.
    func writeAll(_ bytes: [UInt8], to file: FileDescriptor) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = write(file.number, rest)
            if count == -Int(EINTR) { continue }
            if count <= 0 { return count == 0 ? EIO : Int32(-count) }
            rest = rest.dropFirst(count)
        }
        return 0
    }

    /// Puts new contents in place of a file's, so that a crash leaves the old or the new, whole.
    ///
    /// Temporary file in the same folder, fsync, rename, fsync of the folder; mode 0600.
    /// - Parameters:
    ///   - path: the file's name, with or without a file.
    ///   - bytes: the whole new contents.
    ///   - temporary: a name in the same folder that only the caller uses.
    ///   - folder: theirs.
    ///   - stamp: of the new file, set as soon as it stands under its name.
    /// - Throws: `SessionError`; with `stamp` set, only the wait for the folder failed.
    func replace(
        _ path: String,
        with bytes: [UInt8],
        temporary: String,
        folder: String,
        stamp: inout FileStamp?
    ) throws(SessionError) {
        unsafe unlink(temporary)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let number = unsafe open(temporary, flags, 0o600)
        guard number >= 0 else { throw SessionError(code: errno, "write", path) }
        let file = FileDescriptor(number)
        var code = writeAll(bytes, to: file)
        if code == 0 { code = sync(number) }
        guard code == 0, var fresh = FileStamp(file) else {
            unsafe unlink(temporary)
            throw SessionError(code: code == 0 ? EIO : code, "write", path)
        }
        guard unsafe rename(temporary, path) == 0 else {
            let code = errno
            unsafe unlink(temporary)
            throw SessionError(code: code, "write", path)
        }
        fresh.content = ContentFingerprint(of: bytes)
        stamp = fresh
        try syncFolder(folder)
    }

    func syncFolder(_ folder: String) throws(SessionError) {
        let number = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw SessionError(code: errno, "write into", folder) }
        let file = FileDescriptor(number)
        let code = sync(file.number)
        // Some file systems know no fsync of a folder; there the rename is as durable as it gets.
        guard code == 0 || code == EINVAL else {
            throw SessionError(code: code, "write into", folder)
        }
    }

    /// Bytes beyond which a file of sessions is not read: it would not fit into memory.
    static let largest = 1 << 30

    /// Reads a whole regular file; nil when there is none.
    static func read(
        _ path: String
    ) throws(SessionError) -> (bytes: [UInt8], stamp: FileStamp)? {
        // Not blocking, in case the name belongs to a pipe.
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        if number < 0, errno == ENOENT { return nil }
        guard number >= 0 else { throw SessionError(code: errno, "read", path) }
        let file = FileDescriptor(number)
        guard var stamp = FileStamp(file) else { throw SessionError(code: errno, "read", path) }
        guard stamp.isRegular else { throw SessionError(code: EINVAL, "read", path) }
        guard stamp.size <= Self.largest else {
            throw .tooLarge(path: path, limit: Self.largest)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(stamp.size + 1)
        while true {
            var code: Int32 = 0
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, count in
                let result = unsafe Glibc.read(number, buffer.baseAddress, buffer.count)
                if result < 0 { code = errno }
                count = max(0, result)
            }
            if code == EINTR { continue }
            guard code == 0 else { throw SessionError(code: code, "read", path) }
            if chunk.isEmpty { break }
            guard bytes.count + chunk.count <= Self.largest else {
                throw .tooLarge(path: path, limit: Self.largest)
            }
            bytes.append(contentsOf: chunk)
        }
        stamp.content = ContentFingerprint(of: bytes)
        return (bytes, stamp)
    }

    /// The names in a folder, unsorted; none when the folder does not exist.
    package static func names(in folder: String) throws(SessionError) -> [String] {
        guard let stream = unsafe opendir(folder) else {
            if errno == ENOENT { return [] }
            throw SessionError(code: errno, "read", folder)
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        // A folder that was read in part must not pass for one with fewer files.
        guard errno == 0 else { throw SessionError(code: errno, "read", folder) }
        return names
    }

    /// The folder that holds a file or folder: all before its name, `.` for a bare name.
    ///
    /// Foundation's own function traps on a name of one character.
    package static func folder(of path: String) -> String {
        var rest = path[...]
        while rest.count > 1, rest.last == "/" { rest = rest.dropLast() }
        guard let slash = rest.lastIndex(of: "/") else { return "." }
        rest = rest[..<slash]
        while rest.last == "/" { rest = rest.dropLast() }
        return rest.isEmpty ? "/" : String(rest)
    }

    /// Makes a folder for its owner alone (0700), and the folders above it.
    static func makeFolder(_ folder: String) throws(SessionError) {
        if unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST { return }
        let code = errno
        let parent = Self.folder(of: folder)
        guard code == ENOENT, parent != ".", parent != "/" else {
            throw SessionError(code: code, "make the folder", folder)
        }
        try makeFolder(parent)
        guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw SessionError(code: errno, "make the folder", folder)
        }
    }
}

/// An open file, closed when nobody holds it any more.
final class FileDescriptor: Sendable {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    deinit { close(number) }
}

/// What tells one version of a file from another.
package struct FileStamp: Sendable, Hashable {
    var device: UInt64
    var inode: UInt64
    var size: Int
    var modifiedSeconds: Int
    var modifiedNanoseconds: Int
    var isRegular: Bool
    /// Fingerprint of the bytes, once they were read or written.
    var content: ContentFingerprint?

    init?(_ file: FileDescriptor) {
        var status = stat()
        guard unsafe fstat(file.number, &status) == 0 else { return nil }
        self.init(status)
    }

    init?(path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int(status.st_size)
        modifiedSeconds = status.st_mtim.tv_sec
        modifiedNanoseconds = status.st_mtim.tv_nsec
        isRegular = status.st_mode & S_IFMT == S_IFREG
    }

    var modified: Date {
        // Whole milliseconds, as session files hold them.
        Date(
            timeIntervalSince1970: Double(modifiedSeconds * 1000 + modifiedNanoseconds / 1_000_000)
                / 1000
        )
    }

    /// Whether the file was left alone, as far as its metadata tells.
    func isUntouched(_ other: FileStamp) -> Bool {
        var (left, right) = (self, other)
        left.content = nil
        right.content = nil
        return left == right
    }

    /// FNV-1a over the bytes: finds edits, is no protection against a forger.
    package static func fingerprint(_ bytes: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
    }
}

/// The fingerprint of a file's bytes, worked out when it is first asked for: opening a long session
/// does not wait for it.
final class ContentFingerprint: Sendable, Hashable {
    private enum State {
        case bytes([UInt8])
        case known(UInt64)
    }

    private let state: Mutex<State>

    init(of bytes: [UInt8]) { state = Mutex(.bytes(bytes)) }

    var value: UInt64 {
        state.withLock { state in
            switch state {
            case .known(let value): return value
            case .bytes(let bytes):
                let value = FileStamp.fingerprint(bytes)
                state = .known(value)
                return value
            }
        }
    }

    static func == (left: ContentFingerprint, right: ContentFingerprint) -> Bool {
        left === right || left.value == right.value
    }

    func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
