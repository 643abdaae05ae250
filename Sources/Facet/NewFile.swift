import Foundation

/// Writes files that a person named.
///
/// A file that is there is replaced only on request, and then it is whole at every moment: the old
/// one or the new one.
enum NewFile {
    /// Writes a text where a person named a path; `~` there is the home folder.
    ///
    /// - Returns: What came of it, in a sentence.
    static func write(_ text: String, to path: String, replacing: Bool) -> String {
        let full = (path as NSString).expandingTildeInPath
        let target = replacing ? full + ".facet-new" : full
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (replacing ? O_TRUNC : O_EXCL)
        let descriptor = unsafe open(target, flags, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST {
                return "\(path) exists and was left alone. Put ! before the path to replace it."
            }
            return "\(path) can't be written: \(unsafe String(cString: strerror(errno)))."
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: Data(text.utf8))
            try file.synchronize()
            try file.close()
        } catch {
            unsafe unlink(target)
            return "\(path) can't be written whole: \(error.localizedDescription)"
        }
        if replacing, unsafe rename(target, full) != 0 {
            let reason = unsafe String(cString: strerror(errno))
            unsafe unlink(target)
            return "\(path) can't be replaced: \(reason)."
        }
        return "Written: \(path), \(text.utf8.count) bytes."
    }
}
