import Conversation
package import Foundation
import JSONValues

/// Looks through a folder of sessions, its trash and its attachments, and mends what can be mended
/// without losing anything.
///
/// One file is in memory at a time. Findings come out as they are made, each with what became of it.
package struct SessionCheck {
    let library: SessionLibrary
    let repairs: Bool
    let now: Date
    let report: (SessionFinding) -> Void
    let schema = JSONSchema.ofSessions()
    let attachments: AttachmentStore
    var copies: [String: AttachmentCopy] = [:]
    var tally = SessionCheckTally()

    /// Of one file at most so many findings are told.
    static let mostPerFile = 50

    /// - Parameters:
    ///   - library: of the folder.
    ///   - repairs: whether what can be mended is mended.
    ///   - now: the time to go by.
    ///   - report: takes each finding.
    package init(
        of library: SessionLibrary,
        repairs: Bool = false,
        now: Date = Date(),
        report: @escaping (SessionFinding) -> Void
    ) {
        self.library = library
        self.repairs = repairs
        self.now = now
        self.report = report
        attachments = AttachmentStore(folder: library.folder, disk: library.disk)
    }

    /// Checks some sessions with their attachments, or with nil the whole folder.
    /// - Throws: `notFound`, or `SessionError` when the folder cannot be read.
    package mutating func run(
        only wanted: [String]? = nil
    ) async throws(SessionError) -> SessionCheckTally {
        tally = SessionCheckTally()
        for (hash, path) in try attachments.copies() where copies[hash] == nil {
            copies[hash] = AttachmentCopy(path: path)
        }
        if wanted == nil { try await checkLeftovers() }
        let names = try Disk.names(in: library.folder)
        let trashNames = try Disk.names(in: library.trashFolder)
        let live = Self.sessions(in: names, apartFrom: trashNames)
        let trashed = SessionLibrary.ids(in: trashNames).sorted()
        for id in wanted ?? live {
            if live.contains(id) {
                tally.sessions += 1
                await check(SessionFiles(folder: library.folder, id: id), isTrashed: false)
            } else if trashed.contains(id) {
                tally.trashed += 1
                await check(SessionFiles(folder: library.trashFolder, id: id), isTrashed: true)
            } else {
                throw .notFound(id, folder: library.folder)
            }
        }
        guard wanted == nil else { return tally }
        for id in trashed {
            tally.trashed += 1
            await check(SessionFiles(folder: library.trashFolder, id: id), isTrashed: true)
        }
        tally.attachments = copies.count
        try checkUnused()
        return tally
    }

    mutating func add(_ finding: SessionFinding) {
        tally.count(finding)
        report(finding)
    }

    /// Ids of the sessions, also of those of which there is only a journal.
    private static func sessions(in names: [String], apartFrom trash: [String]) -> [String] {
        let files = Set(SessionLibrary.ids(in: names))
        let alone = names.compactMap { name -> String? in
            guard name.hasSuffix(".journal") else { return nil }
            return SessionFiles.id(fromName: name.dropLast(7) + "json")
        }
        return files.union(Set(alone).subtracting(SessionLibrary.ids(in: trash))).sorted()
    }

    private mutating func check(_ files: SessionFiles, isTrashed: Bool) async {
        var findings = SessionFindings(files, isTrashed: isTrashed)
        var isOpenElsewhere = false
        if !isTrashed, case .held(let process) = SessionLock.state(files.lock) {
            isOpenElsewhere = true
            findings.add(
                .openElsewhere,
                "It is open in \(process.map { "process \($0)" } ?? "this process"); "
                    + "it was only read."
            )
        }
        do {
            if let file = try files.readForCheck() { checkFile(file, &findings) }
            try checkJournal(files, isOpenElsewhere: isOpenElsewhere, &findings)
            checkTokens(files, &findings)
        } catch {
            findings.add(.unreadable, error.userMessage)
        }
        if repairs {
            await repair(&findings, isOpenElsewhere: isOpenElsewhere)
        }
        for finding in findings.all { add(finding) }
    }

    private mutating func checkFile(_ file: CheckedFile, _ findings: inout SessionFindings) {
        findings.bytes = file.bytes
        switch file.error {
        case .newer(let format)?:
            findings.add(
                .newerFormat,
                "It has format \(format), from a later Facet; this one reads up to "
                    + "\(SessionFormat.version)."
            )
        case .damaged(let reason, let pointer, let line, let column)?:
            findings.add(.damaged, reason, pointer: pointer, line: line, column: column)
        case nil: break
        }
        guard let (stored, json) = file.session else { return }
        let violations = schema?.violations(of: json, limit: Self.mostPerFile) ?? []
        for violation in violations {
            findings.add(.schema, violation.reason, pointer: violation.pointer)
        }
        for flaw in TreeCheck(stored.transcript, file: json, now: now).found {
            findings.add(flaw.kind, flaw.text, pointer: flaw.pointer)
        }
        checkAttachments(json, &findings)
    }

    private func checkTokens(_ files: SessionFiles, _ findings: inout SessionFindings) {
        let tokens = TokenFile(folder: files.folder, session: files.id) { _ in nil }
        let count = tokens.damagedLines
        guard count > 0 else { return }
        let lines = count == 1 ? "1 line is" : "\(count) lines are"
        findings.add(
            .tokensDamaged,
            "\(lines) unreadable, so that answers are replayed by their text. It may be deleted.",
            in: "\(files.id).tokens"
        )
    }

    private func checkJournal(
        _ files: SessionFiles,
        isOpenElsewhere: Bool,
        _ findings: inout SessionFindings
    ) throws(SessionError) {
        guard let bytes = try Disk.read(files.journal)?.bytes else { return }
        let contents = JournalContents(bytes)
        let name = "\(files.id).journal"
        if let format = contents.newerFormat {
            findings.add(
                .newerFormat,
                "It has format \(format), from a later Facet.",
                in: name
            )
        } else if contents.damagedLines > 0 {
            findings.add(
                .journalDamaged,
                "\(contents.damagedLines) of its lines can't be read, and whole ones follow them.",
                in: name
            )
        } else if !isOpenElsewhere {
            findings.add(
                .unfinished,
                contents.records.isEmpty
                    ? "A process that died left it; it holds nothing."
                    : "A process that died left it; the next opening folds it in.",
                in: name
            )
        }
    }
}

/// What was found about one session.
struct SessionFindings {
    let files: SessionFiles
    let isTrashed: Bool
    /// Of the session's file, for the lines of what is found in it.
    var bytes: [UInt8]?
    var all: [SessionFinding] = []

    init(_ files: SessionFiles, isTrashed: Bool) {
        self.files = files
        self.isTrashed = isTrashed
    }

    mutating func add(
        _ kind: SessionFinding.Kind,
        _ text: String,
        in name: String? = nil,
        pointer: String? = nil,
        line: Int? = nil,
        column: Int? = nil
    ) {
        guard all.count < SessionCheck.mostPerFile else { return }
        let path = (isTrashed ? "\(SessionTrash.folderName)/" : "") + (name ?? "\(files.id).json")
        var finding = SessionFinding(
            path,
            kind,
            text,
            pointer: pointer,
            line: line,
            column: column
        )
        if line == nil, let pointer, let bytes {
            let place = JSONPlace(of: pointer, in: bytes)
            (finding.line, finding.column) = (place.line, place.column)
        }
        all.append(finding)
    }
}
