import Conversation
import Foundation
import Glibc

extension SessionFinding.Kind {
    /// What opening the session mends by itself.
    var isMendedByOpening: Bool { self == .unfinished || self == .journalDamaged }
    /// What is mended by writing the file anew.
    var isMendedByRewriting: Bool {
        [.unknownParent, .parentLoop, .unknownLeaf, .otherPath].contains(self)
    }

    /// What a person can do about what stays.
    var advice: String {
        switch self {
        case .attachmentMissing: "put the file back, or attach it again"
        case .attachmentDamaged: "attach the file again; the copy is then replaced"
        case .unreadable: "change its permissions, or check the disk"
        case .tokensDamaged: "delete it, if no answer of it is to be made again"
        case .unknownCutStart: "remove the field, or name a message"
        default: "edit the file"
        }
    }
}

extension SessionCheck {
    /// Mends what was found about one session, under its lock.
    func repair(_ findings: inout SessionFindings, isOpenElsewhere: Bool) async {
        let kinds = findings.all.map(\.kind)
        let rewrites = kinds.contains(where: \.isMendedByRewriting)
        let isRepairable =
            rewrites || kinds.contains(.damaged) || kinds.contains(where: \.isMendedByOpening)
        guard isRepairable, !isOpenElsewhere, !findings.isTrashed else {
            let reason: String? =
                isOpenElsewhere
                ? "it is open; close it there first"
                : findings.isTrashed ? "it is in the trash; restore it first" : nil
            for index in findings.all.indices where findings.all[index].kind.isFault {
                let advice = findings.all[index].kind.advice
                findings.all[index].outcome = .left(reason ?? advice)
            }
            return
        }
        var repair: SessionRepair?
        var failure: String?
        do {
            repair = try await library.repair(findings.files.id, rewrites: rewrites, now: now)
        } catch {
            failure = error.userMessage
        }
        for index in findings.all.indices {
            let kind = findings.all[index].kind
            findings.all[index].outcome = outcome(of: kind, repair, failure: failure)
        }
    }

    private func outcome(
        of kind: SessionFinding.Kind,
        _ repair: SessionRepair?,
        failure: String?
    ) -> SessionFinding.Outcome {
        let name = { (path: String) in (path as NSString).lastPathComponent }
        switch repair {
        case .setAside(let path, let recovered)? where kind == .damaged || kind.isMendedByOpening:
            let rest = recovered.map { "; what its journal held is session \($0)" } ?? ""
            return .done("moved to \(name(path)), with a report beside it" + rest)
        case .mended(let original)? where kind.isMendedByRewriting:
            let what =
                switch kind {
                case .otherPath: "the path was written anew"
                case .unknownLeaf: "another message ends the branch"
                default: "it begins a branch of its own"
                }
            return .done(original.map { "\(what); the file as it was: \(name($0))" } ?? what)
        case .mended? where kind.isMendedByOpening: return .done("folded in")
        default:
            let isMendable =
                kind == .damaged || kind.isMendedByOpening || kind.isMendedByRewriting
            if isMendable, let failure { return .left(failure) }
            return kind.isFault ? .left(kind.advice) : .found
        }
    }
}

/// What a repair did to a session.
enum SessionRepair: Sendable, Hashable {
    /// The file as it was is at `original`, when it was written anew.
    case mended(original: String?)
    case setAside(path: String, recovered: String?)
}

extension SessionLibrary {
    /// Opens a session under its lock, which folds its journal in or sets a damaged file aside.
    ///
    /// Then gives messages without a beginning one and works out the path anew.
    /// - Parameters:
    ///   - id: of the session.
    ///   - rewrites: whether the file is to be written anew; it is kept beside it first.
    ///   - now: the time for the name of the kept file.
    /// - Returns: what was done.
    /// - Throws: `locked`, `readOnly`, or a failed write; the file is whole then.
    func repair(_ id: String, rewrites: Bool, now: Date) async throws(SessionError) -> SessionRepair
    {
        let session: OpenSession
        do {
            session = try open(id)
        } catch .damaged(_, _, let setAside?, let recovered) {
            return .setAside(path: setAside, recovered: recovered)
        }
        if case .readOnly(let error) = session.access { throw error }
        var original: String?
        do throws(SessionError) {
            if rewrites {
                original = try keepBeforeRepair(SessionFiles(folder: folder, id: id), now: now)
                var transcript = session.opened.transcript
                transcript.mendTree()
                try await session.save(transcript)
            }
            try await session.close()
        } catch {
            try? await session.close()
            throw error
        }
        return .mended(original: original)
    }

    /// Keeps a copy of a file under a name of its own; only under its lock.
    private func keepBeforeRepair(
        _ files: SessionFiles,
        now: Date
    ) throws(SessionError) -> String? {
        guard let bytes = try Disk.read(files.json)?.bytes else { return nil }
        var path = files.path("json.before-repair-\(Timestamp.forName(now))")
        while FileStamp(path: path) != nil { path += "-again" }
        var stamp: FileStamp?
        try disk.replace(
            path,
            with: bytes,
            temporary: files.temporary,
            folder: folder,
            stamp: &stamp
        )
        return path
    }
}
