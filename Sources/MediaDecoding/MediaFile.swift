import Glibc
import Media

/// A regular file, opened to be read by somebody else.
struct MediaFile: ~Copyable {
    let descriptor: Int32
    let size: Int

    /// Bytes of a file at most.
    static let maxSize = 4 << 30

    /// - Throws: a sentence for what is no file, cannot be opened, is empty or too large.
    init(_ path: String) throws(MediaError) {
        // A pipe does not hold us up.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw .unusable("Can't open \(path): \(reason).")
        }
        do throws(MediaError) {
            size = try Self.size(descriptor, path)
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    private static func size(_ descriptor: Int32, _ path: String) throws(MediaError) -> Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .unusable(
                status.st_mode & S_IFMT == S_IFDIR
                    ? "\(path) is a folder. Name a file in it."
                    : "\(path) is no regular file, so it cannot be attached. Save it as a file first."
            )
        }
        let size = Int(status.st_size)
        guard size > 0 else { throw .unusable("\(path) is empty. Choose another file.") }
        guard size <= maxSize else {
            throw .unusable(
                "\(path) has \(size >> 20) MiB; files of up to \(maxSize >> 20) MiB are read. "
                    + "Cut a piece out of it."
            )
        }
        return size
    }

    deinit { close(descriptor) }
}
