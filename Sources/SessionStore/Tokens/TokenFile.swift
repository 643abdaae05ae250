import Conversation
import Foundation
import Glibc
import JSONValues

/// What stands in `<ULID>.tokens`, as far as it can be read.
///
/// The file may be deleted at any time, and be cut anywhere: whatever leans on a line that is missing
/// is missing too.
package struct TokenFile: Sendable {
    package private(set) var records: [TokenRecord] = []
    /// Prompt and answer of the last record, and its number.
    private(set) var last: (number: Int, ids: [Int])?
    /// Where the last whole line ends.
    private(set) var wholeLength = 0
    /// The highest number of a record, readable or not.
    private(set) var highest = 0
    /// Whole lines that cannot be read; a torn last one is not counted.
    package private(set) var damagedLines = 0
    /// A later version wrote it: it is left alone.
    private(set) var isNewer = false

    static let format = 1
    /// Bytes beyond which a file is neither read nor added to.
    static let largest = Disk.largest
    /// Bytes of a line, and ids that one record or all that are kept may have, since a short line can
    /// stand for many: beyond that a line counts as damaged.
    private static let longestLine = 32 << 20
    private static let mostIDsOfOne = 1 << 22
    private static let mostIDs = 1 << 24

    /// What there is of a session; nothing where there is no file.
    /// - Parameters:
    ///   - folder: of the sessions.
    ///   - session: its id.
    ///   - keeping: what is kept of a record; nil keeps nothing of it.
    package init(
        folder: String,
        session: String,
        keeping: (TokenRecord) -> TokenRecord? = { $0 }
    ) {
        let path = SessionFiles(folder: folder, id: session).tokens
        self.init((try? Disk.read(path)?.bytes) ?? [], keeping: keeping)
    }

    init(_ bytes: [UInt8], keeping: (TokenRecord) -> TokenRecord? = { $0 }) {
        var start = 0
        var count = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            defer { start = end + 1 }
            guard end - start <= Self.longestLine,
                let json = JournalContents.record(in: bytes[start..<end])
            else {
                damagedLines += 1
                continue
            }
            wholeLength = end + 1
            if json["kind"] == "tokens" {
                isNewer = isNewer || json["format"]?.intValue ?? 0 > Self.format
            }
            // Others may have written here: the next number must be one.
            guard let number = json["number"]?.intValue, (0..<1 << 53).contains(number) else {
                continue
            }
            highest = max(highest, number)
            // A record leans on the one before it or on none.
            let record = TokenRecord(json) { [last] in $0 == last?.number ? last?.ids : nil }
            guard let record else { continue }
            let ids = record.trace.prompt + record.trace.ids
            guard ids.count <= Self.mostIDsOfOne else {
                damagedLines += 1
                continue
            }
            last = (number, ids)
            guard let kept = keeping(record) else { continue }
            count += kept.trace.prompt.count + kept.trace.ids.count
            guard count <= Self.mostIDs else {
                damagedLines += 1
                continue
            }
            records.append(kept)
        }
    }

    /// What is kept of an answer, in the order in which it was made: more than one record for one that
    /// was gone on with.
    package func records(of message: String) -> [TokenRecord] {
        records.filter { $0.message == message }
    }

    static func header(session: String) -> [UInt8] {
        JournalContents.line([
            "kind": "tokens", "format": .number(format), "session": .string(session),
        ])
    }
}

/// Adds records to the file of one session; only under its lock.
struct TokenWriter {
    private let path: String
    private let session: String
    private var wholeLength: Int
    private var highest: Int
    private var last: (number: Int, ids: [Int])?
    private let isClosed: Bool

    init(_ files: SessionFiles) {
        let file = TokenFile(folder: files.folder, session: files.id) { _ in nil }
        path = files.tokens
        session = files.id
        wholeLength = file.wholeLength
        highest = file.highest
        last = file.last
        isClosed = file.isNewer || (FileStamp(path: path)?.size ?? 0) > TokenFile.largest
    }

    /// Adds an answer; what could not be written whole is not there.
    mutating func append(_ record: TokenRecord, disk: Disk) {
        guard !isClosed else { return }
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW
        let number = unsafe open(path, flags, 0o600)
        guard number >= 0 else { return }
        let file = FileDescriptor(number)
        // Deleted meanwhile: its records are no one's beginning any more.
        if FileStamp(file)?.size ?? 0 < wholeLength { (wholeLength, last) = (0, nil) }
        guard ftruncate(number, off_t(wholeLength)) == 0 else { return }
        let place = highest + 1
        let line = JournalContents.line(record.json(number: place, after: last))
        let bytes = (wholeLength == 0 ? TokenFile.header(session: session) : []) + line
        guard disk.writeAll(bytes, to: file) == 0 else {
            ftruncate(number, off_t(wholeLength))
            return
        }
        wholeLength += bytes.count
        highest = place
        last = (place, record.trace.prompt + record.trace.ids)
    }
}
