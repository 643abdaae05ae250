import Foundation
import Glibc

/// Why a session cannot be read or kept, as a sentence for a person.
package enum SessionError: Error, Sendable, Hashable {
    case notFound(String, folder: String)
    /// Several sessions answer to what was asked for.
    case ambiguous(String, matches: [SessionSummary])
    /// The file cannot be read. `setAside` is where it was moved, `recovered` the id of a session
    /// made from its journal.
    case damaged(id: String, report: String, setAside: String?, recovered: String?)
    case newerFormat(path: String, format: Int)
    /// Another process, or another window of this one, writes this session.
    case locked(id: String, process: Int?)
    case readOnly(id: String, reason: String)
    case diskFull(path: String)
    case notPermitted(action: String, path: String)
    /// A path whose name is not `<ULID>.json`.
    case notASession(path: String)
    /// No environment variable says where sessions could live.
    case noFolder
    /// A message names an attachment of which there is no copy.
    case attachmentMissing(name: String, folder: String)
    /// The copy's bytes are not those that were attached.
    case attachmentDamaged(name: String, path: String)
    /// Sizes in bytes.
    case attachmentTooLarge(name: String, size: Int, limit: Int)
    /// A file of the sessions' folder has more bytes than are read.
    case tooLarge(path: String, limit: Int)
    /// Where a session should be moved to there is one with its id.
    case inTheWay(id: String, path: String)
    case notInTrash(String, folder: String)
    /// A fork was to end at a message that the session does not have.
    case noMessage(String, session: String)
    case system(action: String, path: String, code: Int32)

    /// The error of a system call, from its error number.
    package init(code: Int32, _ action: String, _ path: String) {
        switch code {
        case ENOSPC, EDQUOT, EFBIG: self = .diskFull(path: path)
        case EACCES, EPERM, EROFS: self = .notPermitted(action: action, path: path)
        default: self = .system(action: action, path: path, code: code)
        }
    }

    /// What a command exits with: 6 damaged, 2 ambiguous, else 1.
    package var exitCode: Int32 {
        switch self {
        case .damaged, .attachmentDamaged: 6
        case .ambiguous, .notASession, .noFolder: 2
        default: 1
        }
    }

    package var userMessage: String {
        switch self {
        case .notFound(let name, let folder):
            return "No session \"\(name)\" in \(folder). "
                + "`facet sessions list` shows what is there; --sessions names another folder."
        case .ambiguous(let name, let matches):
            let lines = matches.map { "\n  \($0.id)  \($0.title)" }.joined()
            return "\"\(name)\" could be \(matches.count) sessions. Name one by its id:\(lines)"
        case .damaged(let id, let report, let setAside, let recovered):
            var message = "Session \(id) can't be read: \(report)."
            if let setAside {
                message +=
                    " It was moved to \(setAside), with a report beside it;"
                    + " mend it there and rename it back."
            } else {
                message += " The file was left as it is."
            }
            if let recovered {
                message += " What its journal still held is now session \(recovered)."
            }
            return message
        case .newerFormat(let path, let format):
            return "\(path) has format \(format), from a later Facet; this one reads format "
                + "\(SessionFormat.version). It was not touched. Open it with the later version."
        case .locked(let id, let process):
            let owner = process.map { "process \($0)" } ?? "another window"
            return "Session \(id) is open in \(owner), so it is read-only here. "
                + "Close it there to write, or start a new session."
        case .readOnly(let id, let reason):
            return "Session \(id) can be read but not written: \(reason). "
                + "Give --sessions a folder you may write to."
        case .diskFull(let path):
            return "No room on the disk to write \(path). The conversation is kept in memory and "
                + "the file is as it was. Free some space; the next turn saves everything."
        case .notPermitted(let action, let path):
            return "You may not \(action) \(path). Change its permissions, or give --sessions "
                + "a folder of yours."
        case .notASession(let path):
            return "\(path) is not named like a session, 26 characters and .json. "
                + "Rename it to a session's name, or give an id or a title."
        case .noFolder:
            return "There is no place for sessions: HOME is not set. "
                + "Give --sessions DIR or set FACET_SESSIONS."
        case .attachmentMissing(let name, let folder):
            return "The copy of \"\(name)\" is not in \(folder). Attach the file again, or put "
                + "the copy back from a backup."
        case .attachmentDamaged(let name, let path):
            return "The copy of \"\(name)\", \(path), does not hold what was attached: its bytes "
                + "do not give its hash. Attach the file again; the copy is then replaced."
        case .attachmentTooLarge(let name, let size, let limit):
            return "\"\(name)\" has \(size) bytes, and at most \(limit) can be read here. "
                + "Attach a smaller file."
        case .tooLarge(let path, let limit):
            return "\(path) has more than \(limit >> 20) MiB, which no session has. It was not "
                + "touched. Move it out of the folder, or put it back from a backup."
        case .inTheWay(let id, let path):
            return "\(path) exists and was left alone, so session \(id) stays where it is. "
                + "Move that file away or rename it, then try again."
        case .notInTrash(let name, let folder):
            return "No session \"\(name)\" in \(folder). "
                + "`facet sessions trash` shows what is there; --sessions names another folder."
        case .noMessage(let message, let session):
            return "Session \(session) has no message \"\(message)\", or several that begin so. "
                + "`facet sessions show \(session) --ids` shows their numbers and ids."
        case .system(let action, let path, let code):
            let reason = unsafe String(cString: strerror(code))
            return "Can't \(action) \(path): \(reason). "
                + "Check the disk and the folder, then try again."
        }
    }
}
