import Foundation

/// Writes files that a person named.
///
/// A file that is there is replaced only on request, and then it is whole at every moment: the old
/// one or the new one.
enum NewFile {
    /// What came of it, in a sentence.
    struct Outcome: Sendable {
        var sentence: String
        var isWritten: Bool
    }

    /// Writes a text where a person named a path; `~` there is the home folder.
    static func write(_ text: String, to path: String, replacing: Bool) -> Outcome {
        func failed(_ sentence: String) -> Outcome { Outcome(sentence: sentence, isWritten: false) }
        let full = (path as NSString).expandingTildeInPath
        let target = replacing ? full + ".facet-new" : full
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (replacing ? O_TRUNC : O_EXCL)
        let descriptor = unsafe open(target, flags, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST {
                return failed(
                    "\(path) exists and was left alone. Put ! before the path to replace it."
                )
            }
            return failed("\(path) can't be written: \(unsafe String(cString: strerror(errno))).")
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: Data(text.utf8))
            try file.synchronize()
            try file.close()
        } catch {
            unsafe unlink(target)
            return failed("\(path) can't be written whole: \(error.localizedDescription)")
        }
        if replacing, unsafe rename(target, full) != 0 {
            let reason = unsafe String(cString: strerror(errno))
            unsafe unlink(target)
            return failed("\(path) can't be replaced: \(reason).")
        }
        return Outcome(
            sentence: "Written: \(path), \(text.utf8.count) bytes.",
            isWritten: true
        )
    }
}
