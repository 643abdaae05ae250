/// Something that a check of session files came upon.
package struct SessionFinding: Sendable, Hashable {
    /// What it is; the raw values are for programs.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        // What is wrong.
        case damaged
        case unreadable
        case schema
        case unknownParent = "unknown_parent"
        case parentLoop = "parent_loop"
        case unknownLeaf = "unknown_leaf"
        case unknownCutStart = "unknown_cut_start"
        case attachmentMissing = "attachment_missing"
        case attachmentDamaged = "attachment_damaged"
        case attachmentSize = "attachment_size"
        case journalDamaged = "journal_damaged"
        // What a person may want to know.
        case otherPath = "other_path"
        case otherID = "other_id"
        case resultWithoutCall = "result_without_call"
        case dates
        case newerFormat = "newer_format"
        case openElsewhere = "open_elsewhere"
        case unfinished
        case temporary
        case staleLock = "stale_lock"
        case unfinishedMove = "unfinished_move"
        case deletionMarker = "deletion_marker"
        case tokensAlone = "tokens_alone"
        case tokensDamaged = "tokens_damaged"
        case attachmentUnused = "attachment_unused"
        case setAside = "set_aside"

        /// Whether it makes a check fail: the file cannot be read, or contradicts itself, the schema
        /// or a hash.
        package var isFault: Bool {
            switch self {
            case .damaged, .unreadable, .schema, .unknownParent, .parentLoop, .unknownLeaf,
                .unknownCutStart, .attachmentMissing, .attachmentDamaged, .attachmentSize,
                .journalDamaged:
                true
            default: false
            }
        }
    }

    /// What became of it.
    package enum Outcome: Sendable, Hashable {
        /// Nothing was to be repaired.
        case found
        /// What was done, as a sentence.
        case done(String)
        /// Why it stays, or what a person can do.
        case left(String)
    }

    /// Within the folder of the sessions: `trash/<ULID>.json`.
    package var path: String
    package var kind: Kind
    /// What is wrong, as a sentence without its place.
    package var text: String
    /// JSON pointer (RFC 6901) of the place, where there is one.
    package var pointer: String?
    /// 1-based, in bytes.
    package var line: Int?
    package var column: Int?
    package var outcome: Outcome

    package init(
        _ path: String,
        _ kind: Kind,
        _ text: String,
        pointer: String? = nil,
        line: Int? = nil,
        column: Int? = nil,
        outcome: Outcome = .found
    ) {
        self.path = path
        self.kind = kind
        self.text = text
        self.pointer = pointer
        self.line = line
        self.column = column
        self.outcome = outcome
    }

    /// Path, line and column as editors take them.
    package var place: String {
        guard let line, let column else { return path }
        return "\(path):\(line):\(column)"
    }
}

/// What a check looked at and what came of it.
package struct SessionCheckTally: Sendable, Hashable {
    package var sessions = 0
    package var trashed = 0
    package var attachments = 0
    /// Faults that are still there.
    package var faults = 0
    package var notes = 0
    /// Findings that are no more.
    package var repaired = 0

    package init() {}

    mutating func count(_ finding: SessionFinding) {
        if case .done = finding.outcome {
            repaired += 1
        } else if finding.kind.isFault {
            faults += 1
        } else {
            notes += 1
        }
    }

    package static func += (tally: inout SessionCheckTally, more: SessionCheckTally) {
        tally.sessions += more.sessions
        tally.trashed += more.trashed
        tally.attachments += more.attachments
        tally.faults += more.faults
        tally.notes += more.notes
        tally.repaired += more.repaired
    }
}
