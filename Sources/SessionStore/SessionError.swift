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
        case .damaged: 6
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
        case .system(let action, let path, let code):
            let reason = unsafe String(cString: strerror(code))
            return "Can't \(action) \(path): \(reason). "
                + "Check the disk and the folder, then try again."
        }
    }
}
